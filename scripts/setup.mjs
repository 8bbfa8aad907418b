// Installs what is missing: the packages of the lockfile, and with --tests the software Vulkan driver, Chromium and GDAL (as root on
// Debian and Ubuntu). Does nothing, quickly, where everything is there.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

export function setup({ tests = false } = {}) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    fail(`ecoflux needs Node 20.19 or newer, and this is ${process.version}`);
  if (!installed()) {
    console.error('setup: installing packages (npm ci)');
    // A test or a command may run inside npm, whose settings must not leak into this one.
    const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    });
    if (status !== 0) fail('npm ci did not succeed; see above');
  }
  if (tests) spawnSync('bash', [join(root, 'scripts/setup-system.sh')], { stdio: ['ignore', 2, 2] });
}

/** npm keeps a copy of the lockfile it installed from. */
function installed() {
  const done = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(done)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const have = JSON.parse(readFileSync(done, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || have[path]?.version === version,
  );
}

function fail(message) {
  console.error(`setup: ${message}`);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setup({ tests: process.argv.includes('--tests') });
