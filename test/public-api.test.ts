/** What `ecoflux` exports, by name; that all of it runs in a browser; and that the page uses nothing else. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import * as api from '../src/index.ts';

const ROOT = resolve(import.meta.dirname, '..');
const IMPORT = /(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?'([^']+)'|import\('([^']+)'\)/g;

test('the public names', () => {
  expect(Object.keys(api).sort()).toEqual([
    'EcofluxError',
    'GraphBuilder',
    'HABITAT_QUALITY',
    'MODELS',
    'NODATA',
    'NODATA_CODE',
    'TASKS',
    'blobSource',
    'cellArea',
    'classRows',
    'comparePlanes',
    'defineModel',
    'drawing',
    'flowReport',
    'httpSource',
    'inlinePool',
    'isEcofluxError',
    'makeRegion',
    'memoryPlatform',
    'memorySource',
    'memoryTarget',
    'openDevice',
    'openRaster',
    'parseCsv',
    'readPlane',
    'readProject',
    'renderReport',
    'runGraph',
    'runHabitat',
    'runModel',
    'runProcess',
    'runProject',
    'toleranceOf',
    'writeRaster',
  ]);
});

test('nothing that src/index.ts reaches needs Node', () => {
  const { files, packages } = reachable(join(ROOT, 'src/index.ts'));
  expect(files.size).toBeGreaterThan(80);
  expect([...files].filter((file) => /^src\/(node|cli|service)\//.test(file))).toEqual([]);
  expect([...packages].filter(needsNode)).toEqual([]);
  // The same search finds them where they are.
  expect([...reachable(join(ROOT, 'src/node/dawn.ts')).packages].filter(needsNode)).not.toEqual([]);
});

test('the page imports src/index.ts and its own files only', () => {
  const files = readdirSync(join(ROOT, 'web/src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  expect(files.length).toBeGreaterThan(8);
  for (const file of files) {
    const foreign = importsOf(join(ROOT, 'web/src', file)).map((path) =>
      relative(ROOT, resolve(ROOT, 'web/src', dirname(file), path)),
    );
    for (const path of foreign) expect(path, file).toMatch(/^(src\/index\.ts|web\/src\/.+\.ts)$/);
  }
});

const needsNode = (name: string) => name.startsWith('node:') || name === 'webgpu';

/** The files of this project and the packages that a file imports, directly or not; imports of types alone do not count. */
function reachable(start: string): { files: Set<string>; packages: Set<string> } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const waiting = [start];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const name = relative(ROOT, file);
    if (files.has(name)) continue;
    files.add(name);
    for (const path of importsOf(file)) {
      if (path.startsWith('.')) waiting.push(resolve(dirname(file), path));
      else packages.add(path);
    }
  }
  return { files, packages };
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8').replace(/(^|\n)\s*(import|export) type [^;]*;/g, '');
  return [...text.matchAll(IMPORT)].map(([, declared, loaded]) => declared ?? loaded);
}
