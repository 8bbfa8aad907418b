/** The types drawn from the table, by the compiler itself: table-types.ts must compile, and must not once a name in it changes. */
import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ROOT } from './shader-project.ts';

const OPTIONS = '--noEmit --strict --skipLibCheck --module nodenext --target es2022 --lib es2023 --types @webgpu/types';

async function compile(file: string): Promise<string> {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const args = [tsc, '--ignoreConfig', '--allowImportingTsExtensions', ...OPTIONS.split(' '), file];
  try {
    return (await promisify(execFile)(process.execPath, args, { cwd: ROOT })).stdout;
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

test('names are literal unions, and a renamed one stops the compiler', async () => {
  expect(await compile('test/shaders/table-types.ts')).toBe('');

  const copy = join(ROOT, 'test/shaders/table-types-renamed.tmp.ts');
  const text = readFileSync(join(ROOT, 'test/shaders/table-types.ts'), 'utf8');
  writeFileSync(copy, text.replace("name: 'steepness'", "name: 'steep'").replace("planes: ['kept'", "planes: ['held'"));
  try {
    const errors = await compile(copy);
    expect(errors.match(/error TS/g)).toHaveLength(3);
    expect(errors).toContain("'steepness' does not exist in type");
  } finally {
    rmSync(copy);
  }
}, 60_000);
