/** Imports point one way (docs/ARCHITECTURE.md), and node: modules stay at the edge. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const SRC = resolve(import.meta.dirname, '../../src');

/** What the files of a folder may import from, itself aside. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: ['generated'],
  generated: ['core'],
  reference: ['core'],
  models: ['core', 'reference'],
  sample: ['core'],
  gpu: ['core', 'generated', 'reference'], // the self-test compares with the float64 twins
  io: ['core'],
  engine: ['core', 'generated', 'reference', 'models', 'gpu', 'io'],
  report: ['core'],
  pipeline: ['core', 'generated', 'reference', 'models', 'sample', 'gpu', 'io', 'engine', 'report'],
  node: ['core', 'gpu', 'io', 'engine', 'pipeline'],
  cli: ['core', 'models', 'sample', 'gpu', 'io', 'engine', 'pipeline', 'report', 'node'],
};
const MAY_USE_NODE = ['node', 'cli', 'service'];

interface Import {
  readonly file: string;
  readonly folder: string;
  readonly specifier: string;
  readonly target?: string;
}

const imports: readonly Import[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .flatMap((name) => {
    const path = join(SRC, name);
    const folder = name.includes('/') ? name.split('/')[0] : '.';
    return [...readFileSync(path, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, specifier]) => {
      if (!specifier.startsWith('.')) return { file: name, folder, specifier };
      const target = relative(SRC, resolve(dirname(path), specifier)).split('/')[0];
      return { file: name, folder, specifier, target };
    });
  });

test('there are imports to look at', () => {
  expect(imports.length).toBeGreaterThan(200);
});

test('every folder has its rule', () => {
  const folders = new Set(imports.map(({ folder }) => folder).filter((folder) => folder !== '.'));
  expect([...folders].filter((folder) => !(folder in MAY_IMPORT))).toEqual([]);
});

test('imports point one way', () => {
  const wrong = imports.filter(({ folder, target }) => target !== undefined && folder !== '.' && target !== folder && !MAY_IMPORT[folder].includes(target));
  expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
});

test('node: modules are imported only at the edge', () => {
  const wrong = imports.filter(({ folder, specifier }) => specifier.startsWith('node:') && !MAY_USE_NODE.includes(folder));
  expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
});

test('the rule sees what it forbids', () => {
  const forbidden: Import = { file: 'models/x.ts', folder: 'models', specifier: '../gpu/gpu.ts', target: 'gpu' };
  expect(MAY_IMPORT[forbidden.folder].includes(forbidden.target!)).toBe(false);
});
