/** The command in a clone: it installs and builds what is missing or out of date, quietly, before it runs. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const work = mkdtempSync(join(tmpdir(), 'ecoflux-clone-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** The scripts and the lockfile of this project around a program of one file. */
function clone(name: string, { packages = true } = {}): string {
  const root = join(work, name);
  for (const part of ['bin', 'scripts', 'package.json', 'package-lock.json'])
    cpSync(join(ROOT, part), join(root, part), { recursive: true });
  // The table of shaders as it is: nothing here uses it.
  for (const part of ['shaders', 'src/generated/shaders.ts', 'src/core/shader-table.ts'])
    cpSync(join(ROOT, part), join(root, part), { recursive: true });
  const options = {
    module: 'NodeNext',
    target: 'ES2022',
    types: [],
    strict: true,
    rewriteRelativeImportExtensions: true,
  };
  for (const [folder, out, dir] of [
    ['.', 'dist', 'src'],
    ['bench', '../dist/bench', '.'],
  ])
    write(
      join(root, folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { ...options, outDir: out, rootDir: dir }, include: [dir] }),
    );
  write(join(root, 'bench/nothing.ts'), 'export {};\n');
  write(join(root, 'src/cli/main.ts'), `(globalThis as any).console.log('one');\n`);
  if (packages) symlinkSync(realpathSync(join(ROOT, 'node_modules')), join(root, 'node_modules'), 'dir');
  return root;
}

function ecoflux(root: string, env: NodeJS.ProcessEnv = process.env) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin/ecoflux.mjs')], {
    encoding: 'utf8',
    env,
  });
  return { status, stdout, stderr };
}

describe('a clone', () => {
  let root: string;
  beforeAll(() => {
    root = clone('a');
  });

  test('builds before its first run', () => {
    expect(ecoflux(root)).toEqual({ status: 0, stdout: 'one\n', stderr: '' });
  });

  test('is not built again when nothing changed', () => {
    const built = () => statSync(join(root, 'dist/cli/main.js')).mtimeMs;
    const before = built();
    expect(ecoflux(root)).toEqual({ status: 0, stdout: 'one\n', stderr: '' });
    expect(built()).toBe(before);
  });

  test('runs what a pull brought, not what was built before', () => {
    write(join(root, 'src/cli/main.ts'), `import { word } from './word.ts';\n(globalThis as any).console.log(word);\n`);
    write(join(root, 'src/cli/word.ts'), `export const word = 'two';\n`);
    expect(ecoflux(root)).toEqual({ status: 0, stdout: 'two\n', stderr: '' });
  });

  test('what the compiler has to say goes to stderr', () => {
    write(join(root, 'src/cli/word.ts'), `export const word: number = 'three';\n`);
    const { status, stdout, stderr } = ecoflux(root);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('word.ts');
  });
});

test('a package, which has no sources, is run as it is', () => {
  const root = join(work, 'package');
  cpSync(join(ROOT, 'bin'), join(root, 'bin'), { recursive: true });
  write(join(root, 'dist/cli/main.js'), `console.log('packed');\n`);
  write(join(root, 'package.json'), '{ "type": "module" }');
  expect(ecoflux(root)).toEqual({ status: 0, stdout: 'packed\n', stderr: '' });
});

describe.skipIf(process.platform === 'win32')('setup', () => {
  /** A program in front of all others on the path. */
  function pathWith(name: string, body: string): string {
    const folder = mkdtempSync(join(work, 'bin-'));
    write(join(folder, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(folder, name), 0o755);
    return `${folder}${delimiter}${process.env.PATH}`;
  }

  test('installs the development packages, whatever npm or NODE_ENV say around it', () => {
    const root = clone('b', { packages: false });
    const seen = join(work, 'npm.log');
    const PATH = pathWith(
      'npm',
      `echo "$@" > ${seen}; env >> ${seen}; ln -s ${realpathSync(join(ROOT, 'node_modules'))} .`,
    );
    const around = {
      npm_config_omit: 'dev',
      npm_config_global: 'true',
      npm_lifecycle_event: 'x',
      NODE_ENV: 'production',
    };
    const registry = { npm_config_registry: 'https://registry.example/' };
    const { status, stdout } = ecoflux(root, { ...process.env, ...around, ...registry, PATH });
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'one\n' });
    const [args, ...env] = readFileSync(seen, 'utf8').split('\n');
    expect(args).toMatch(/^ci --include=dev /);
    expect(env.filter((line) => /^npm_config_(omit|global)=|^npm_lifecycle/.test(line))).toEqual([]);
    expect(env).toContain('npm_config_registry=https://registry.example/');
  });

  test('says that the system’s part failed, and goes on', () => {
    const root = clone('c');
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/setup.mjs'), '--tests'], {
      encoding: 'utf8',
      env: { ...process.env, PATH: pathWith('bash', 'exit 7') },
    });
    expect(status).toBe(0);
    expect(stderr).toMatch(
      /^setup: setup-system\.sh ended with status 7; tests that need what is missing are skipped.*\n$/,
    );
    expect(existsSync(join(root, 'dist'))).toBe(false);
  });
});
