/** Rasters brought to other grids, against gdalwarp with exact transforms; windows; holes; places without an image. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { NODATA, NODATA_CODE, type Plane } from '../../src/core/cells.ts';
import type { Grid } from '../../src/core/grid.ts';
import type { Resampling } from '../../src/core/warp.ts';
import { parseCrs, transformBetween } from '../../src/io/crs/index.ts';
import { readPlane } from '../../src/io/plane.ts';
import type { Raster } from '../../src/io/raster.ts';
import { type Warp, warpBetween } from '../../src/io/warp/index.ts';
import { describeWithGdal, temporaryFolder } from './gdal.ts';
import { openBytes } from './rasters.ts';

const SCRIPT = fileURLToPath(new URL('./warp-cases.py', import.meta.url));

interface Case {
  readonly name: string;
  readonly type: 'u8' | 'i16' | 'f32';
  readonly crs: string;
  /** West, north, cell width and height. */
  readonly place: readonly [number, number, number, number];
  readonly width: number;
  readonly height: number;
  readonly holes?: boolean;
  readonly tiled?: boolean;
  readonly target: Pick<Case, 'crs' | 'place' | 'width' | 'height'>;
  /** gdalwarp cuts a target of which little has a source into chunks, each with a ratio of its own; it is given ours. */
  readonly inChunks?: boolean;
  readonly methods: readonly Resampling[];
}

const UTM = { crs: 'EPSG:32650', place: [500000, 4000000, 30, 30], width: 150, height: 120 } as const;
const ALBERS = '+proj=aea +lat_1=25 +lat_2=47 +lat_0=30 +lon_0=105 +x_0=0 +y_0=0 +datum=WGS84';
const INTERPOLATED = ['nearest', 'bilinear', 'cubic'] as const;

/** A grid of `crs` over the middle of the UTM source, with cells of the given size. */
const over = (crs: string, x: number, y: number, cell: number, width: number, height: number) => ({
  crs,
  place: [x, y, cell, cell] as const,
  width,
  height,
});

const CASES: readonly Case[] = [
  {
    ...UTM,
    name: 'utm-albers',
    type: 'f32',
    target: over(ALBERS, 1057600, 757100, 30, 168, 145),
    methods: INTERPOLATED,
  },
  {
    ...UTM,
    name: 'holes',
    type: 'f32',
    holes: true,
    target: over(ALBERS, 1057600, 757100, 30, 168, 145),
    methods: INTERPOLATED,
  },
  {
    ...UTM,
    name: 'finer',
    type: 'i16',
    holes: true,
    tiled: true,
    target: over(ALBERS, 1059000, 755500, 11, 160, 140),
    methods: INTERPOLATED,
  },
  {
    ...UTM,
    name: 'coarser',
    type: 'f32',
    holes: true,
    target: over(ALBERS, 1057600, 757100, 95, 54, 47),
    methods: [...INTERPOLATED, 'sum'],
  },
  {
    ...UTM,
    name: 'classes',
    type: 'u8',
    holes: true,
    target: over(ALBERS, 1057600, 757100, 110, 46, 40),
    methods: ['nearest'],
  },
  {
    ...UTM,
    name: 'classes-upright',
    type: 'u8',
    holes: true,
    target: over('EPSG:32650', 500000, 4000000, 90, 50, 40),
    methods: ['nearest', 'mode'],
  },
  {
    ...UTM,
    name: 'utm-geographic',
    type: 'f32',
    holes: true,
    target: over('EPSG:4326', 116.995, 36.15, 0.0004, 140, 100),
    methods: INTERPOLATED,
  },
  {
    name: 'geographic-utm',
    type: 'f32',
    holes: true,
    crs: 'EPSG:4326',
    place: [117, 36.15, 0.0003, 0.0003],
    width: 160,
    height: 110,
    target: over('EPSG:32650', 500000, 4000500, 30, 150, 120),
    methods: INTERPOLATED,
  },
  {
    // Some 50 degrees from the middle of the projection: grids are turned against each other by about 30.
    name: 'turned',
    inChunks: true,
    type: 'f32',
    holes: true,
    crs: 'EPSG:4326',
    place: [150, 62, 0.001, 0.0005],
    width: 160,
    height: 150,
    target: over(ALBERS, 2613500, 4104500, 50, 190, 190),
    methods: INTERPOLATED,
  },
  {
    ...UTM,
    name: 'same-system',
    type: 'f32',
    holes: true,
    target: over('EPSG:32650', 499910, 4000100, 77, 62, 51),
    methods: [...INTERPOLATED, 'average', 'sum'],
  },
  {
    name: 'upright',
    type: 'f32',
    holes: true,
    crs: 'EPSG:4326',
    place: [10, 50, 0.01, 0.01],
    width: 100,
    height: 90,
    target: over('EPSG:3857', 1113000, 6445000, 3700, 29, 32),
    methods: ['average', 'sum'],
  },
];

async function gridOf({
  crs,
  place: [west, north, cellWidth, cellHeight],
  width,
  height,
}: Case['target']): Promise<Grid> {
  return { width, height, west, north, cellWidth, cellHeight, crs: await parseCrs(crs) };
}

async function warped(raster: Raster, warp: Warp, type: 'f32' | 'u32' = 'f32'): Promise<Plane> {
  const { width, height } = warp.target;
  return readPlane(raster, { x: 0, y: 0, width, height }, { type, resampling: warp });
}

interface Compared {
  readonly cells: number;
  readonly valid: number;
  /** Cells that are nodata on one side only. */
  readonly nodata: number;
  readonly unequal: number;
  /** Greatest difference relative to the larger value. */
  readonly worst: number;
}

function compare(ours: Plane, theirs: Float64Array): Compared {
  const nodata = ours instanceof Uint32Array ? NODATA_CODE : NODATA;
  const seen = { cells: ours.length, valid: 0, nodata: 0, unequal: 0, worst: 0 };
  for (let i = 0; i < ours.length; i++) {
    if ((ours[i] === nodata) !== (theirs[i] === -9999)) seen.nodata++;
    else if (ours[i] !== nodata) {
      seen.valid++;
      if (ours[i] !== theirs[i]) seen.unequal++;
      seen.worst = Math.max(seen.worst, Math.abs(ours[i] - theirs[i]) / Math.max(1, Math.abs(theirs[i])));
    }
  }
  return seen;
}

/** Whether a target cell lies in the source, edges and all. */
async function liesInSource({ source, target }: Warp): Promise<(column: number, row: number) => boolean> {
  const { forward } = await transformBetween(target.crs, source.crs);
  const inside = (column: number, row: number) => {
    const image = forward(target.west + column * target.cellWidth, target.north - row * target.cellHeight);
    if (!image) return false;
    const x = (image[0] - source.west) / source.cellWidth;
    const y = (source.north - image[1]) / source.cellHeight;
    return x >= 1e-6 && y >= 1e-6 && x <= source.width - 1e-6 && y <= source.height - 1e-6;
  };
  return (column, row) => [0, 1].every((i) => [0, 1].every((j) => inside(column + i, row + j)));
}

describeWithGdal('against gdalwarp', () => {
  const folder = temporaryFolder();
  const planned = (async () => {
    const cases = await Promise.all(
      CASES.map(async (each) => {
        const source = await gridOf(each);
        const target = await gridOf(each.target);
        const warps = await Promise.all(each.methods.map((method) => warpBetween(source, target, { method })));
        return { ...each, sourceGrid: source, plans: warps };
      }),
    );
    const list = join(folder, 'cases.json');
    writeFileSync(
      list,
      JSON.stringify(
        cases.map((each) => ({
          ...each,
          seed: each.name.length,
          warps: each.plans.map((warp) => ({
            method: warp.method === 'nearest' ? 'near' : warp.method,
            options: each.inChunks
              ? [`XSCALE=${Math.min(1, 1 / warp.ratio[0])}`, `YSCALE=${Math.min(1, 1 / warp.ratio[1])}`]
              : [],
          })),
        })),
      ),
    );
    const run = spawnSync('/usr/bin/python3', [SCRIPT, list, folder], { encoding: 'utf8', maxBuffer: 2 ** 28 });
    if (run.status !== 0) throw new Error(run.stderr);
    const totals = JSON.parse(run.stdout) as { name: string; total: number }[];
    return { cases, totals };
  })();

  it.each(CASES.flatMap(({ name, methods }) => methods.map((method, k) => [name, method, k] as const)))(
    '%s, %s',
    async (name, method, k) => {
      const { cases } = await planned;
      const { plans, type } = cases.find((each) => each.name === name)!;
      const raster = await openBytes(new Uint8Array(readFileSync(join(folder, `${name}.tif`))), `${name}.tif`);
      const ours = await warped(raster, plans[k], type === 'u8' ? 'u32' : 'f32');
      const theirs = new Float64Array(new Uint8Array(readFileSync(join(folder, `${name}.${k}.raw`))).buffer);
      const { width, height } = plans[k].target;
      const seen = compare(ours, theirs);
      const whole = await liesInSource(plans[k]);
      const inner = compare(
        ours.filter((_, i) => whole(i % width, Math.floor(i / width))),
        theirs.filter((_, i) => whole(i % width, Math.floor(i / width))),
      );
      expect(ours.length).toBe(width * height);
      expect(seen.valid).toBeGreaterThan(seen.cells / 2);
      if (method === 'nearest') expect(seen).toMatchObject({ nodata: 0, unequal: 0 });
      else if (method === 'bilinear' || method === 'cubic') {
        expect(seen.nodata).toBe(0);
        expect(seen.worst).toBeLessThan(1e-5); // a hundredth of that but for widened kernels whose border falls on a tap
      } else if (method === 'mode') {
        // gdalwarp counts cells that are touched, which is the same here, and has another rule for ties; ours takes the smallest code.
        const codes = await readPlane(raster, { x: 0, y: 0, width: 150, height: 120 }, { type: 'u32' });
        let ties = 0;
        for (let i = 0; i < ours.length; i++) {
          if (ours[i] === (theirs[i] === -9999 ? NODATA_CODE : theirs[i])) continue;
          const under = (code: number) =>
            [0, 1, 2, 3, 4, 5, 6, 7, 8].filter(
              (n) => codes[(3 * Math.floor(i / width) + Math.floor(n / 3)) * 150 + 3 * (i % width) + (n % 3)] === code,
            ).length;
          expect(under(ours[i])).toBe(under(theirs[i]));
          expect(ours[i]).toBeLessThan(theirs[i]);
          ties++;
        }
        expect(ties).toBeLessThan(seen.cells / 10);
      } else if (method === 'sum') {
        // gdalwarp loses a few digits where shares are small; ours are held against the definition below.
        expect(seen.nodata).toBe(0);
        expect(seen.worst).toBeLessThan(2e-5);
      } else {
        // Cells across the source's edge weigh its rows and columns otherwise in gdalwarp.
        expect(inner.valid).toBeGreaterThan(seen.cells / 3);
        expect(inner.nodata).toBe(0);
        expect(inner.worst).toBeLessThan(1e-5);
      }
    },
  );

  it.each(['coarser', 'same-system'])('%s: sums keep the total of what the target covers', async (name) => {
    const { cases, totals } = await planned;
    const { sourceGrid } = cases.find((each) => each.name === name)!;
    const raster = await openBytes(new Uint8Array(readFileSync(join(folder, `${name}.tif`))), `${name}.tif`);
    const place =
      name === 'coarser' ? over(ALBERS, 1057000, 757500, 95, 64, 54) : over('EPSG:32650', 499000, 4001000, 77, 90, 80);
    const plane = await warped(raster, await warpBetween(sourceGrid, await gridOf(place), { method: 'sum' }));
    const total = plane.reduce((sum, value) => (value === NODATA ? sum : sum + value), 0);
    expect(Math.abs(total / totals.find((each) => each.name === name)!.total - 1)).toBeLessThan(1e-6);
  });
});
