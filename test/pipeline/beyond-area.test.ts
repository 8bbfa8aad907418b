/** The border of the study area: threats, parks and regions beyond it; threats of a project that are no shares; one half-saturation for all years. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildAnalysis } from '../../src/pipeline/analysis.ts';
import { prepareProject } from '../../src/pipeline/prepare.ts';
import { edit, openProject, platform, replaceRaster, sampleWith } from '../support/project.ts';

let original: string;
let dir: string;
sampleWith(['BC', 'HTR', 'FP'], (folder) => {
  original = folder;
});
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ecoflux-beyond-'));
  cpSync(original, dir, { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const prepare = () => prepareProject(openProject(dir), platform);
const findings = async () => (await prepare()).findings.map(({ about, what, found }) => ({ about, what, found }));
const failure = () =>
  prepare().then(
    () => 'no failure',
    (error: Error) => error.message,
  );

test('nothing is said of layers that end with the area', async () => {
  expect(await findings()).toEqual([]);
});

test('land cover beyond the border: threats and parks there are left out, within the reach of each', async () => {
  await replaceRaster(dir, 'data/lulc_2003.tif', () => 1, { kind: 'classes' });
  expect(await findings()).toEqual([
    {
      about: 'BC',
      what: 'what lies outside the study area does not count: within 10000 m of its border threats beyond it (built_up reaches furthest) are left out, and quality is too high',
      found: undefined,
    },
    {
      about: 'HTR',
      what: 'what lies outside the study area does not count: within 20000 m of its border parks beyond it do not cool',
      found: undefined,
    },
  ]);
});

test('regions beyond the border: how much of each lies inside', async () => {
  await replaceRaster(dir, 'data/regions.tif', (x) => (x < 32 ? 1 : 2), { kind: 'classes' });
  const found = await findings();
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({
    about: 'regions',
    what: 'regions reach beyond the study area, and all of their harvest is put on the part inside',
  });
  expect(found[0].found).toMatch(/^1 \(\d\d % inside\), 2 \(\d\d % inside\)$/);
});

test('a threat whose place the table says twice, or as an InVEST table does', async () => {
  edit(dir, 'data/threats.csv', 'decay,classes', 'decay,classes,cur_path');
  edit(dir, 'data/threats.csv', 'linear,6', 'linear,6,roads.tif');
  expect(await failure()).toContain(
    'threats.csv, line 4: the table says twice where unused is (found classes 6, cur_path roads.tif). Leave one of them empty',
  );
  edit(dir, 'data/threats.csv', 'linear,6,roads.tif', 'linear,,roads.tif');
  expect(await failure()).toContain(
    'threats.csv, line 4: the table does not say where unused is (found cur_path roads.tif, expected a layer of the project, or classes of the land cover). Name a layer or classes: add the raster to the layers of the project',
  );
});

test('a layer of threats with values that are no shares', async () => {
  edit(dir, 'data/threats.csv', 'decay,classes', 'decay,classes,layer');
  edit(dir, 'data/threats.csv', 'linear,6', 'linear,,roads');
  edit(dir, 'project.yaml', 'layers:', 'layers:\n  roads: data/roads.tif\n ');
  await replaceRaster(dir, 'data/roads.tif', (x, y) => (x === 30 && y === 20 ? 12 : 0));
  expect(await failure()).toMatch(
    /roads\.tif, row 20, column 30 \(x .*\): a threat is a share from 0 to 1 \(found 12 there, the first of 1 cell outside; all: 0 to 12/,
  );
});

test('without a half-saturation there is one for all years, so that their maps compare', async () => {
  const { graph } = buildAnalysis(await prepare());
  const rates = graph.nodes.flatMap((node) =>
    'params' in node && 'degradation_scale' in node.params ? [node.params.degradation_scale] : [],
  );
  expect(rates).toHaveLength(3);
  const [scale] = rates as { record: string; field: string }[];
  expect(new Set(rates.map((rate) => JSON.stringify(rate))).size).toBe(1);
  const merge = graph.nodes.find(({ name }) => name === scale.record);
  expect(merge).toMatchObject({
    kind: 'merge',
    from: [2003, 2013, 2023].map((year) => expect.stringContaining(`${year}/`)),
  });
});
