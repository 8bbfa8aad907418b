/** Imports point one way (docs/ARCHITECTURE.md), and node: modules stay at the edge. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
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
  solvers: ['core', 'generated', 'reference', 'gpu'],
  statistics: ['core', 'reference'],
  engine: ['core', 'generated', 'reference', 'models', 'gpu', 'io', 'solvers', 'statistics'],
  report: ['core'],
  pipeline: [
    'core',
    'generated',
    'reference',
    'models',
    'sample',
    'gpu',
    'io',
    'solvers',
    'statistics',
    'engine',
    'report',
  ],
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

function importsOf(name: string, text: string): Import[] {
  const folder = name.includes('/') ? name.split('/')[0] : '.';
  return [...text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(([, specifier]) => {
    if (!specifier.startsWith('.')) return { file: name, folder, specifier };
    const target = relative(SRC, resolve(dirname(join(SRC, name)), specifier)).split(sep)[0];
    return { file: name, folder, specifier, target };
  });
}

const imports: readonly Import[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .flatMap((name) => importsOf(name.replaceAll(sep, '/'), readFileSync(join(SRC, name), 'utf8')));

test('there are imports to look at', () => {
  expect(imports.length).toBeGreaterThan(200);
});

test('every folder has its rule', () => {
  const folders = new Set(imports.map(({ folder }) => folder).filter((folder) => folder !== '.'));
  expect([...folders].filter((folder) => !(folder in MAY_IMPORT))).toEqual([]);
});

/** Those that cross a border the wrong way. */
function againstTheArrows(all: readonly Import[]): string[] {
  const wrong = all.filter(
    ({ folder, target }) =>
      target !== undefined && folder !== '.' && target !== folder && !MAY_IMPORT[folder].includes(target),
  );
  return wrong.map(({ file, specifier }) => `${file} imports ${specifier}`);
}

function nodeInside(all: readonly Import[]): string[] {
  const wrong = all.filter(({ folder, specifier }) => specifier.startsWith('node:') && !MAY_USE_NODE.includes(folder));
  return wrong.map(({ file, specifier }) => `${file} imports ${specifier}`);
}

test('imports point one way', () => {
  expect(againstTheArrows(imports)).toEqual([]);
});

test('node: modules are imported only at the edge', () => {
  expect(nodeInside(imports)).toEqual([]);
});

test('the rules see what they forbid, in every way of importing, and nothing else', () => {
  const text = `
    import { Gpu } from '../gpu/gpu.ts';
    import type { Plan } from '../engine/plan.ts';
    import '../io/raster.ts';
    export { x } from "../node/files.ts";
    const lazy = await import('../cli/main.ts');
    import { NODATA } from '../core/cells.ts';
    import { mapCells } from '../reference/map-cells.ts';
    import { entry } from './carbon/spec.ts';
    import proj4 from 'proj4';
    import { join } from 'node:path';
    import fs from "node:fs";
  `;
  const found = importsOf('models/x.ts', text);
  expect(found).toHaveLength(11);
  expect(againstTheArrows(found)).toEqual(
    ['gpu/gpu', 'engine/plan', 'io/raster', 'node/files', 'cli/main'].map(
      (name) => `models/x.ts imports ../${name}.ts`,
    ),
  );
  expect(nodeInside(found)).toEqual(['models/x.ts imports node:path', 'models/x.ts imports node:fs']);
  expect(nodeInside(importsOf('index.ts', text))).toHaveLength(2);
  expect(nodeInside(importsOf('node/x.ts', text))).toEqual([]);
});
