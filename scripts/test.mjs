// Runs every test and ends with one line of counts: "N passed, N failed, N skipped". Exit status 1 on any failure.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { binOf } from './build.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync(join(tmpdir(), 'ecoflux-tests-'));
const report = join(folder, 'report.json');
const lint = spawnSync(binOf('@biomejs/biome', 'biome'), ['check', '--diagnostic-level=error'], {
  cwd: root,
  stdio: 'inherit',
});
const { status } = spawnSync(
  process.execPath,
  [
    binOf('vitest', 'vitest'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit' },
);

let counts = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };
try {
  counts = JSON.parse(readFileSync(report, 'utf8'));
} catch {
  console.error('the tests left no report');
}
rmSync(folder, { recursive: true, force: true });
// A file that fails before its first test has no failed test of its own.
const broken = counts.testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
).length;
const lintFailed = lint.status === 0 ? 0 : 1;
const failed = Math.max(counts.numFailedTests + broken + lintFailed, status === 0 && lintFailed === 0 ? 0 : 1);
const passed = counts.numPassedTests + (lintFailed === 0 ? 1 : 0);
console.log(`${passed} passed, ${failed} failed, ${counts.numPendingTests + counts.numTodoTests} skipped`);
process.exit(failed === 0 ? 0 : 1);
