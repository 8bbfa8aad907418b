/** Layers of files in other systems: what devices make of them is what the workers make, through the readers that runs use. */
import { expect, test } from 'vitest';
import { NODATA, nodataOf, type Plane } from '../../src/core/cells.ts';
import type { Grid, Window } from '../../src/core/grid.ts';
import { inlinePool, type TaskPool } from '../../src/core/tasks.ts';
import { grow, tilesOf, tilingOf } from '../../src/core/tiles.ts';
import { INTERPOLATIONS, type Interpolation, NO_POSITION } from '../../src/core/warp.ts';
import type { Executor } from '../../src/engine/executor.ts';
import type { FieldReader } from '../../src/engine/run.ts';
import { tileContext } from '../../src/engine/tile-context.ts';
import { memorySource } from '../../src/io/byte-source.ts';
import { parseCrs } from '../../src/io/crs/index.ts';
import { memoryTarget } from '../../src/io/output.ts';
import { openRaster } from '../../src/io/raster.ts';
import { writeRaster } from '../../src/io/raster-writer.ts';
import { ioTasks } from '../../src/io/tasks.ts';
import { SpanList } from '../../src/io/vector/rasterize-spans.ts';
import { warpBetween } from '../../src/io/warp/index.ts';
import { warpParts } from '../../src/io/warp/warp-parts.ts';
import { gridReader } from '../../src/pipeline/readers.ts';
import { warpHint } from '../../src/pipeline/warp-reader.ts';
import { describeWarpingDevices } from '../support/executors.ts';
import { plane } from '../support/rasters.ts';

const ALBERS = '+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs';
type Place = readonly [crs: string, west: number, north: number, cell: number, width: number, height: number];

/** Source, and a grid that it covers in part. */
const PLACES = {
  'UTM to Albers': [
    ['EPSG:32650', 500_000, 4_000_000, 30, 200, 160],
    [ALBERS, 1_057_500, 3_928_500, 27, 190, 150],
  ],
  'degrees to UTM': [
    ['EPSG:4326', 117, 36.15, 0.0004, 140, 130],
    ['EPSG:32650', 499_500, 4_001_000, 30, 200, 150],
  ],
  'one system': [
    ['EPSG:32650', 500_000, 4_000_000, 30, 150, 120],
    ['EPSG:32650', 500_011, 3_999_907, 29, 160, 120],
  ],
} as const satisfies Record<string, readonly [Place, Place]>;
const RANGE = [-50, 2000] as const;

/** Files, written once, and the pool that opens them. */
const files = new Map<string, Uint8Array>();
const pool: TaskPool = inlinePool(ioTasks, {
  openSource: async (file: string) => memorySource(file, files.get(file)!),
});

async function gridOf([crs, west, north, cell, width, height]: Place): Promise<Grid> {
  return { width, height, west, north, cellWidth: cell, cellHeight: cell, crs: await parseCrs(crs) };
}

async function layerOf(place: keyof typeof PLACES, type: 'f32' | 'u32', method: Interpolation) {
  const [source, target] = [await gridOf(PLACES[place][0]), await gridOf(PLACES[place][1])];
  const path = `${place} ${type}.tif`;
  if (!files.has(path)) {
    const file = memoryTarget(path);
    const cells = plane(source, type, 'noise', RANGE, 7);
    const description =
      type === 'f32'
        ? ({ sampleType: 'f32', nodata: NODATA, kind: 'quantity' } as const)
        : ({ sampleType: 'u8', nodata: 255, kind: 'classes' } as const);
    await writeRaster(file, { grid: source, ...description, blockSize: 64 }, cells, { pool });
    files.set(path, file.bytes());
  }
  // Without a bound nearest neighbours of another system are placed cell by cell, which is for the workers.
  const resampling = await warpBetween(source, target, { method, maxError: 1e-5 });
  expect(warpHint(resampling).warpsOnDevice).toBe(true);
  return { path, mapping: { type, resampling }, target };
}

/** A plane of the whole grid, tile by tile, as visits of a run bring it in. `halo`: as windows. */
async function onDevice(
  executor: Executor,
  reader: FieldReader,
  grid: Grid,
  edge: number,
  { halo = 0, windowed = false, type = 'f32' as 'f32' | 'u32' } = {},
): Promise<Plane> {
  const out = (
    type === 'f32' ? new Float32Array(grid.width * grid.height) : new Uint32Array(grid.width * grid.height)
  ).fill(1);
  for (const tile of tilesOf(tilingOf(grid, edge))) {
    const warp = await reader.readWarp!(windowed ? grow(tile, halo) : tile);
    const { host } = await executor.visit({
      label: `tile ${tile.index}`,
      nodes: [],
      tables: new Map(),
      tile: tileContext(grid, halo, tile),
      inputs: new Map([['field', { warp, inset: windowed ? 0 : halo }]]),
      types: new Map([['field', type]]),
      toHost: ['field'],
      toStay: [],
    });
    put(host.get('field')!, tile, out, grid.width);
  }
  return out;
}

function put(cells: Plane, { x, y, width, height }: Window, out: Plane, across: number): void {
  for (let row = 0; row < height; row++)
    out.set(cells.subarray(row * width, (row + 1) * width), (y + row) * across + x);
}

const wholeOf = ({ width, height }: Grid): Window => ({ x: 0, y: 0, width, height });

describeWarpingDevices('files in other systems', (get) => {
  for (const place of Object.keys(PLACES) as (keyof typeof PLACES)[])
    test.each(INTERPOLATIONS)(`${place}, %s: as the workers make it, whatever the tiles`, async (method) => {
      const { target, ...layer } = await layerOf(place, 'f32', method);
      const reader = gridReader(layer, pool, undefined);
      const host = await reader.read(wholeOf(target));
      const device = await onDevice(get(), reader, target, 4096);
      let [cells, disagreements, worst] = [0, 0, 0];
      for (let i = 0; i < host.length; i++) {
        if ((host[i] === NODATA) !== (device[i] === NODATA)) disagreements++;
        if (host[i] === NODATA || device[i] === NODATA) continue;
        cells++;
        // Rounding of the value, once on each side, and of operations on the differences of its neighbours.
        const allowed = method === 'nearest' ? 0 : 2 ** -24 * (2 * Math.abs(host[i]) + 4 * (RANGE[1] - RANGE[0]));
        worst = Math.max(worst, Math.abs(host[i] - device[i]) - allowed);
      }
      expect({ disagreements, worst }).toEqual({ disagreements: 0, worst: worst < 0 ? worst : 0 });
      expect(cells).toBeGreaterThan(host.length / 2);
      expect(cells).toBeLessThan(host.length);
      expect(new Set(host).size).toBeGreaterThan(cells / 3);
      expect(await onDevice(get(), reader, target, 100)).toEqual(device);
      expect(await onDevice(get(), reader, target, 64, { halo: 2, windowed: true })).toEqual(device);
    });

  test('classes are those of the workers', async () => {
    const { target, ...layer } = await layerOf('UTM to Albers', 'u32', 'nearest');
    const reader = gridReader(layer, pool, undefined);
    const device = await onDevice(get(), reader, target, 64, { type: 'u32', halo: 1 });
    expect(device).toEqual(await reader.read(wholeOf(target)));
    expect(new Set(device).size).toBe(7);
  });

  test.each(['f32', 'u32'] as const)('an area masks %s as it masks what the workers make', async (type) => {
    const { target, ...layer } = await layerOf('one system', type, 'nearest');
    const spans = new SpanList();
    for (let row = 5; row < 100; row++) spans.add(row, row, 150 - row / 3);
    const area = spans.toSpans();
    const reader = gridReader(layer, pool, area);
    const masked = await reader.read(wholeOf(target));
    for (const halo of [0, 3])
      expect(await onDevice(get(), reader, target, 32, { type, halo, windowed: halo > 0 })).toEqual(masked);
    const unmasked = await gridReader(layer, pool, undefined).read(wholeOf(target));
    expect(masked.filter((cell) => cell !== nodataOf(type)).length).toBeGreaterThan(4000);
    expect(masked).not.toEqual(unmasked);
  });
});

test('workers and devices agree that there is nothing beyond the grid', async () => {
  const { target, ...layer } = await layerOf('one system', 'f32', 'nearest');
  const window = { x: 40, y: -3, width: 10, height: 6 };
  const plane = await gridReader(layer, pool, undefined).read(window);
  expect([...plane.subarray(0, 30)]).toEqual(Array.from({ length: 30 }, () => NODATA));
  expect(plane.subarray(30).filter((cell) => cell !== NODATA).length).toBeGreaterThan(10);
  expect(target.width).toBeGreaterThan(50);
});

test('windows over too many source cells come in parts that cover them', async () => {
  const { path, mapping, target } = await layerOf('UTM to Albers', 'f32', 'bilinear');
  const raster = await openRaster(memorySource(path, files.get(path)!));
  const window = { x: 7, y: 3, width: 101, height: 90 };
  const whole = await warpParts(raster, window, mapping, mapping.resampling);
  const parts = await warpParts(raster, window, mapping, mapping.resampling, {}, 3000);
  expect(whole).toHaveLength(1);
  expect(parts.length).toBeGreaterThan(4);
  const covered = new Uint8Array(window.width * window.height);
  for (const { x, y, input } of parts) {
    const { width, height } = input.positions;
    expect(input.cells.length).toBeLessThanOrEqual(3000);
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++) covered[(y + row) * window.width + x + column]++;
  }
  expect(new Set(covered)).toEqual(new Set([1]));
  expect(whole[0].input.positions.nodes).not.toContain(NO_POSITION);
  expect(target.width).toBeGreaterThan(window.x + window.width);
});
