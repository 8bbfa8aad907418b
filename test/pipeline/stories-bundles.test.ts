/** Bundles of what a project made: what is left out, what comes first in each, shares of zones, and what is said of too few cells. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import { fileTarget } from '../../src/node/files.ts';
import { bundlePlan } from '../../src/pipeline/bundles/plan.ts';
import { rankingOf } from '../../src/pipeline/bundles/tables.ts';
import { openDeviceOn } from '../../src/pipeline/device.ts';
import { tellBundles } from '../../src/pipeline/stories/bundles.ts';
import { type BundleFeature, runProjectBundles } from '../../src/pipeline/stories/project-bundles.ts';
import { columnsOfBundles } from '../../src/pipeline/stories/zone-columns.ts';
import { threeClouds } from '../support/som.ts';
import { gridOf, platform, readCells, workFolder, writePlane } from '../support/statistics-files.ts';
import { rowsOf, writeClasses, zonesOf } from '../support/stories.ts';

const [WIDTH, HEIGHT] = [36, 30];
const GRID = gridOf(WIDTH, HEIGHT, 1000);
const at = workFolder('project-bundles');
const SERVICES = ['WY', 'CS', 'BC'];
const feature = (service: string): BundleFeature => ({
  file: `${service}.tif`,
  service,
  serviceName: `Service ${service}`,
});
let planes: Float32Array[];
let log: string[];
beforeEach(() => {
  log = [];
});

beforeAll(async () => {
  // Risk classes in three clouds: 0 … 25 brought to −6 … 12.
  planes = threeClouds(WIDTH, HEIGHT, 3, 6).map((plane) =>
    plane.map((x) => {
      const code = Math.round((x / 25) * 17) - 6;
      return code >= 0 ? Math.min(12, code + 1) : Math.max(-6, code);
    }),
  );
  planes[1].fill(NODATA, 0, WIDTH);
  for (const [f, plane] of planes.entries()) await writeClasses(at(`${SERVICES[f]}.tif`), plane, GRID);
  await writeClasses(at('FP.tif'), new Float32Array(WIDTH * HEIGHT).fill(12), GRID);
  await writePlane(at('TC.tif'), new Float32Array(WIDTH * HEIGHT).fill(NODATA), GRID);
  // Varied only where CS has no value.
  const corner = new Float32Array(WIDTH * HEIGHT).fill(3);
  corner[5] = 4;
  await writeClasses(at('SR.tif'), corner, GRID);
});

async function run(services: readonly string[], options = {}, quantity = 'risk') {
  const device = await openDeviceOn(platform, { choice: 'cpu' });
  mkdirSync(at('bundles'), { recursive: true });
  try {
    return await runProjectBundles({
      features: services.map(feature),
      quantity,
      plan: bundlePlan({ nodes: '2..5', ...options }),
      grid: GRID,
      folder: {
        path: at('.'),
        target: async (file) => fileTarget(at(file)),
        writeText: async (file, text) => writeFileSync(at(file), text),
      },
      device,
      platform,
      run: { log: (line) => log.push(line) },
    });
  } finally {
    await device.close();
  }
}

describe('bundles of a project', () => {
  test('what is the same everywhere is left out, and the rest is bundled', async () => {
    const made = (await run(['WY', 'FP', 'CS', 'TC', 'BC', 'SR']))!;
    expect(made.used.map(({ service }) => service)).toEqual(SERVICES);
    expect(log.filter((line) => line.startsWith('warning'))).toEqual([
      'warning: bundles: FP (FP.tif) is the same everywhere, tells no cells apart and is left out',
      'warning: bundles: TC (TC.tif) has no value and is left out',
      'warning: bundles: SR (SR.tif) is the same where all have a value, tells no cells apart and is left out',
    ]);
    expect(made.cells).toBe(WIDTH * (HEIGHT - 1));

    const numbers = Uint32Array.from({ length: WIDTH * HEIGHT }, (_, i) =>
      i % WIDTH < 20 ? 1 : i % WIDTH < 30 ? 2 : NODATA_CODE,
    );
    const context = { grid: GRID, zones: zonesOf(numbers, GRID, 2), pool: platform.pool };
    const { story, tables } = await tellBundles(
      made,
      { of: 'risk 2003-2023', path: at('bundles/bundle.tif') },
      context,
    );
    const { cells } = await readCells(at('bundles/bundle.tif'), 'u32');
    expect(story.chosen).toBe(3);
    expect([story.firstTurn, story.maximum, story.curve.length]).toEqual([3, 3, 4]);
    expect(story.features[2]).toEqual({ service: 'BC', serviceName: 'Service BC' });
    for (const { code, cells: count, share, area, means, priorities } of story.bundles) {
      const own = [...cells.keys()].filter((i) => cells[i] === code);
      expect([count, share, area]).toEqual([own.length, own.length / made.cells, own.length]);
      const expected = planes.map((plane) => own.reduce((sum, i) => sum + plane[i], 0) / own.length);
      for (const [f, mean] of means.entries()) expect(mean).toBeCloseTo(expected[f], 7);
      // The lowest class is the highest risk.
      expect(priorities[0]).toBe(expected.indexOf(Math.min(...expected)));
      const first = rowsOf(tables['bundles_priorities.csv']).find(
        (row) => row.bundle === String(code) && row.rank === '1',
      )!;
      expect([first.feature, Number(first.mean)]).toEqual([SERVICES[priorities[0]], means[priorities[0]]]);
    }
    expect(new Set(story.bundles.map(({ colour }) => colour.join())).size).toBe(3);
    expect(story.overall).toEqual(SERVICES.map((name) => Number(rowsOf(tables['bundles_profile.csv'])[3][name])));
    expect(story.zones.map(({ zone }) => zone)).toEqual([1, 2, null]);
    const inZone = (zone: number | undefined, code: number) =>
      cells.filter((cell, i) => cell === code && (zone === undefined || numbers[i] === zone)).length;
    const rows = rowsOf(tables['bundles_by_zone.csv']);
    for (const [name, zone] of [
      ['all', undefined],
      ['Z1', 1],
      ['Z2', 2],
      ['outside', NODATA_CODE],
    ] as const) {
      const counts = story.bundles.map(({ code }) => inZone(zone, code));
      expect(
        rows.filter((row) => row.zone === name).map((row) => Number(row.cells)),
        name,
      ).toEqual(counts);
      const all = counts.reduce((sum, count) => sum + count, 0);
      const shares = zone === undefined ? undefined : story.zones[['Z1', 'Z2', 'outside'].indexOf(name)];
      if (shares) expect(shares).toMatchObject({ cells: all, shares: counts.map((count) => count / all) });
    }
    const [bundle, share] = columnsOfBundles(story);
    const best = story.bundles.map((_, i) => story.zones[0].shares[i]);
    expect(share.values.get(1)).toBe(Math.max(...best));
    expect(bundle.values.get(1)).toBe(story.bundles[best.indexOf(Math.max(...best))].code);
    expect(Object.keys(tables).sort()).toEqual(
      ['by_zone', 'codebook', 'priorities', 'profile', 'quality'].map((name) => `bundles_${name}.csv`),
    );
  });

  test('one feature is enough, none is not', async () => {
    const one = await run(['WY', 'FP']);
    expect(one?.used.length).toBe(1);
    expect(await run(['FP', 'TC'])).toBeUndefined();
    expect(log.at(-1)).toMatch(/no service is left that tells cells apart/);
  });

  test('as they are, features that are the same everywhere count', async () => {
    const made = await run(['WY', 'FP'], { scale: 'none' });
    expect(made?.used.map(({ service }) => service)).toEqual(['WY', 'FP']);
  });

  test('fewer cells than nodes, with services and files', async () => {
    await expect(run(['WY', 'CS'], { nodes: '2..2000' })).rejects.toThrow(
      /WY\.tif, CS\.tif: bundles: there are fewer cells than nodes \(found 1044 cells with a value in every one of WY, CS, expected at least 2000/,
    );
  });
});

test('what comes first depends on what is bundled', () => {
  const bundle = { means: [3, 1, 2], scaledMeans: [-1, 0.5, 0] };
  expect(rankingOf('risk')(bundle)).toEqual([1, 2, 0]);
  expect(rankingOf('net')(bundle)).toEqual([0, 2, 1]);
  expect(rankingOf('demand')(bundle)).toEqual([1, 2, 0]);
  expect(rankingOf('ratio')(bundle)).toEqual([1, 2, 0]);
});
