/** Compiles reference-types.ts, where every wrong name must be an error. */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

test('a wrong name in a reference stops the compiler', () => {
  const root = resolve(import.meta.dirname, '../..');
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', import.meta.dirname], { encoding: 'utf8' });
  expect(stdout).toBe('');
  expect(status).toBe(0);
});
