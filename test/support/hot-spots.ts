/** Cases of Gi*: those of the shared reference folder, and rasters of our own. */
import { NODATA } from '../../src/core/cells.ts';
import { NEIGHBOURHOODS, type NeighbourhoodShape } from '../../src/core/neighbourhoods.ts';
import type { TaskPool } from '../../src/core/tasks.ts';
import type { Values } from '../../src/core/values.ts';
import { randomNumbers } from '../../src/gpu/self-test-data.ts';
import { getisOrd } from '../../src/solvers/getis_ord/index.ts';
import type { SolveFacts } from '../../src/solvers/solver.ts';
import { requestOf } from './solve.ts';
import { bandsOf, statisticsJson } from './statistics.ts';

export interface HotSpotCase {
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly shape: NeighbourhoodShape;
  readonly radius: number;
  readonly cellWidth?: number;
  readonly cellHeight?: number;
}

export interface HotSpots {
  readonly z: Float32Array;
  readonly p: Float32Array;
  readonly bin: Float32Array;
  readonly bin_fdr: Float32Array;
}

/** Of the shared folder, by `case` of its manifest. */
export interface ReferenceCase extends HotSpotCase {
  readonly z: Float64Array;
  readonly p: Float64Array;
  readonly bin: Float64Array;
  readonly bin_fdr: Float64Array;
  readonly cuts: Readonly<Record<string, number | null>>;
  readonly tolerance: { readonly z_abs: number; readonly z_rel: number; readonly p_abs: number };
}

export function referenceNames(): string[] {
  return (statisticsJson('gistar/manifest.json').cases ?? []).map((each: { case: string }) => each.case);
}

export async function referenceCase(name: string): Promise<ReferenceCase> {
  const about = statisticsJson('gistar/manifest.json').cases.find((each: { case: string }) => each.case === name);
  const { kind, radius, dx, dy, shape, files, fdr_p_cut, tol_f32 } = about;
  const [height, width] = shape;
  const about2 = {
    width,
    height,
    shape: kind,
    radius,
    cellWidth: dx,
    cellHeight: dy,
    cuts: fdr_p_cut,
    tolerance: tol_f32,
  };
  if (files.length === 1) {
    const json = statisticsJson(`gistar/${files[0]}`);
    const plane = (rows: (number | null)[][]) => Float64Array.from(rows.flat(), (value) => value ?? NODATA);
    const valid = json.valid.flat();
    const values = Float32Array.from(json.x.flat(), (value, i) => (valid[i] ? (value as number) : NODATA));
    const [z, p, bin, bin_fdr] = [json.z, json.p, json.bin, json.bin_fdr].map(plane);
    return { ...about2, values, z, p, bin, bin_fdr };
  }
  const [values] = (await bandsOf(`gistar/${files[0]}`)).planes;
  const [z, p, bin, bin_fdr] = (await bandsOf(`gistar/${files[1]}`)).planes.map((plane) => Float64Array.from(plane));
  return { ...about2, values, z, p, bin, bin_fdr };
}

export function requestFor(
  { values, width, height, shape, radius, cellWidth = 1, cellHeight = 1 }: HotSpotCase,
  pool: TaskPool,
  change: { tile?: number; memory?: number; outputs?: string[] } = {},
) {
  const params: Values = { shape: NEIGHBOURHOODS.indexOf(shape), radius };
  const request = requestOf(getisOrd.spec, { width, height, inputs: { values }, params, pool, ...change });
  return { ...request, shape: { width, height, cellWidth, cellHeight } };
}

export async function hotSpots(
  given: HotSpotCase,
  pool: TaskPool,
  change?: Parameters<typeof requestFor>[2],
): Promise<HotSpots & { facts: SolveFacts }> {
  const request = requestFor(given, pool, change);
  const facts = await getisOrd.cpu(request);
  return { ...(request.planes as unknown as HotSpots), facts };
}

/** Waves and noise around `level`; a share of the cells without a value, and a corner with only one, unless it is to be `full`. */
export function ground(
  width: number,
  height: number,
  { seed = 4, level = 10, spread = 3, holes = 0.05, full = false } = {},
) {
  const random = randomNumbers(seed);
  const values = new Float32Array(width * height);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      const corner = x > width * 0.8 && y > height * 0.7;
      const value = level + spread * (Math.sin(x / 11) * Math.cos(y / 7) + random() - 0.5);
      values[i] = !full && (random() < holes || corner) ? NODATA : value;
    }
  values[(height - 2) * width + width - 2] = level + spread;
  return values;
}

export function definitionOf({ values, width, height, cellWidth = 1, cellHeight = 1, shape, radius }: HotSpotCase) {
  const params = { shape: NEIGHBOURHOODS.indexOf(shape), radius };
  return getisOrd.reference({ values }, params, { width, height, cellWidth, cellHeight });
}

/** Cells in which what was found is not what was expected: p to a step of float32, all else to the bit, or Z to `within`. */
export function faultsOf(found: HotSpots, expected: Readonly<Record<string, Float64Array>>, within = 0): string[] {
  const faults: string[] = [];
  for (const name of ['z', 'p', 'bin', 'bin_fdr'] as const)
    for (let i = 0; i < expected[name].length; i++) {
      const [a, b] = [found[name][i], expected[name][i]];
      const allowed = name === 'p' ? 1.2e-7 * Math.abs(b) + 1e-37 + within : name === 'z' ? within : 0;
      if (!(Math.abs(a - b) <= allowed)) faults.push(`${name} of cell ${i}: ${a} for ${b}`);
    }
  return faults;
}

const made = (
  name: string,
  [width, height]: readonly [number, number],
  shape: HotSpotCase['shape'],
  radius: number,
  change: Partial<HotSpotCase> = {},
): HotSpotCase & { readonly name: string } => ({
  name,
  width,
  height,
  shape,
  radius,
  values: ground(width, height),
  ...change,
});

export const HOT_SPOT_CASES = [
  made('a disc', [71, 53], 'disc', 7.5),
  made('a disc of one cell around', [40, 31], 'disc', 1),
  made('cells wider than high', [60, 50], 'disc', 100, { cellWidth: 30, cellHeight: 12 }),
  made('a disc higher than the raster', [90, 9], 'disc', 20),
  made('a disc that many cells see all of', [30, 25], 'disc', 28),
  made('a square', [65, 40], 'square', 6),
  made('a diamond', [65, 40], 'diamond', 9, { cellWidth: 1.5 }),
  made('cells that touch', [33, 40], 'queen', 0, { cellWidth: 30, cellHeight: 40 }),
  made('cells that share a side', [33, 40], 'rook', 0),
  made('one row', [200, 1], 'disc', 12),
  made('one column', [1, 150], 'square', 3),
  made('one cell far above all others', [80, 60], 'disc', 9, { values: ground(80, 60).fill(1e9, 2000, 2001) }),
];
