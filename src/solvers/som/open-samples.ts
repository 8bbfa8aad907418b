/** Gathers samples: files to rows, rows to whole numbers, with the exact moments of the features on the way. */
import { EcofluxError } from '../../core/errors.ts';
import { type Tile, tileAt, tilesOf } from '../../core/tiles.ts';
import { eachTile } from '../each-tile.ts';
import { TileStates } from '../tile-states.ts';
import { MOST_ROWS, momentCount, productOf, quantumOf } from './quanta.ts';
import { RowPlaces } from './row-places.ts';
import { type FeatureFacts, Samples, type SamplesRequest } from './samples.ts';
import type { GatheredRows, GatherTask, MomentsTask } from './tasks.ts';
import { WideSums } from './wide-sums.ts';

/** Features that are the same in every cell that has a value in all of them. */
export class ConstantFeatures extends EcofluxError {
  readonly names: readonly string[];

  /** `cells`: those that have a value in every feature. */
  constructor(features: readonly Pick<FeatureFacts, 'name' | 'low'>[], cells: number) {
    const names = features.map(({ name }) => name);
    const values = features.map(({ name, low }) => `${name} = ${low}`).join(', ');
    super('InvalidInput', `a feature is the same in every cell: ${names.join(', ')}`, {
      found: `${values} in ${cells === 1 ? 'the only cell' : `all ${cells} cells`} with a value in every feature`,
      expected: 'features that tell cells apart',
      fix: 'leave it out of the features, or take them as they are with --scale none',
    });
    this.names = names;
  }
}

/** @throws EcofluxError InvalidInput where no cell has a value in every feature, or a feature is the same everywhere and is to be scaled */
export async function openSamples(request: SamplesRequest): Promise<Samples> {
  const { names, read, tiling, pool, memory, openScratch, signal } = request;
  const features = names.length;
  if (tiling.tileWidth * tiling.tileHeight > MOST_ROWS)
    throw new EcofluxError('Bug', `tiles of samples have at most ${MOST_ROWS} cells`);
  const states = new TileStates(memory, openScratch);
  try {
    const places = new RowPlaces(tiling);
    const rowsOfTile = new Map<number, number>();
    const low = new Float64Array(features).fill(Infinity);
    const high = new Float64Array(features).fill(-Infinity);
    let done = 0;
    await eachTile(tilesOf(tiling), request, async (tile) => {
      const planes: Float32Array[] = [];
      for (let f = 0; f < features; f++) planes.push(await read(f, tile));
      const gathered = await pool.run<GatherTask, GatheredRows>(
        'som_gather',
        { planes, width: tile.width },
        { signal, transfer: planes.map(({ buffer }) => buffer as ArrayBuffer) },
      );
      request.progress?.(++done, tiling.count);
      if (gathered.cells.length === 0) return;
      rowsOfTile.set(tile.index, gathered.cells.length);
      places.add(tile, gathered.lines);
      for (let f = 0; f < features; f++) {
        low[f] = Math.min(low[f], gathered.low[f]);
        high[f] = Math.max(high[f], gathered.high[f]);
      }
      await states.put(tile.index, [gathered.values.buffer, gathered.cells.buffer]);
    });
    const tiles = [...rowsOfTile.keys()].sort((a, b) => a - b).map((index) => tileAt(tiling, index));
    if (tiles.length === 0) throw noRow(request);
    const held: Held = { states, tiles, count: places.rows, request };

    const magnitude = Float64Array.from(low, (least, f) => Math.max(Math.abs(least), Math.abs(high[f])));
    const raw = {
      offset: new Float64Array(features),
      divisor: new Float64Array(features).fill(1),
      quantum: magnitude.map(quantumOf),
    };
    const own = await sumAll(held, { ...raw, look: true }, 4 * features);
    const facts = names.map((name, f) => {
      const square = productOf(own.exact(4 * f + 1), own.exact(4 * f + 2), own.exact(4 * f + 3));
      const { mean, variance } = momentsFrom(held.count, own.exact(4 * f), square);
      const deviation = Math.sqrt(variance) * raw.quantum[f];
      return { name, low: low[f], high: high[f], mean: mean * raw.quantum[f], deviation };
    });
    const { offset, divisor } = scalingOf(facts, held.count, request);
    const scaled = (x: number, f: number) => (x - offset[f]) / divisor[f];
    const largest = Float64Array.from(facts, ({ low, high }, f) =>
      Math.max(Math.abs(scaled(low, f)), Math.abs(scaled(high, f))),
    );
    const quantum = largest.map(quantumOf);
    const all = await sumAll(held, { offset, divisor, quantum, look: false }, momentCount(features));
    const of = scaledMoments(held.count, all, quantum);
    return new Samples(
      { features: facts, count: held.count, offset, divisor, quantum, largest, request, tiles, rowsOfTile, ...of },
      states,
      places,
    );
  } catch (error) {
    await states.close();
    throw error;
  }
}

interface Held {
  readonly states: TileStates;
  readonly tiles: readonly Tile[];
  readonly count: number;
  readonly request: SamplesRequest;
}

async function sumAll(
  { states, tiles, request }: Held,
  task: Omit<MomentsTask, 'buffer'>,
  length: number,
): Promise<WideSums> {
  const { pool, signal } = request;
  const sums = new WideSums(length);
  await eachTile(tiles, request, async ({ index }) => {
    const [rows, cells] = await states.take(index);
    const { buffer, moments } = await pool.run<MomentsTask, { buffer: ArrayBuffer; moments: Float64Array }>(
      'som_moments',
      { ...task, buffer: rows },
      { signal, transfer: [rows] },
    );
    sums.add(moments);
    await states.put(index, [buffer, cells]);
  });
  return sums;
}

/** Of whole numbers: mean and population variance, each rounded once or twice. */
function momentsFrom(count: number, sum: bigint, square: bigint): { mean: number; variance: number } {
  const n = BigInt(count);
  return { mean: Number(sum) / count, variance: Number(n * square - sum * sum) / count / count };
}

function scaledMoments(count: number, all: WideSums, quantum: Float64Array) {
  const features = quantum.length;
  const sums = Array.from({ length: features }, (_, f) => all.exact(f));
  const squares: bigint[] = [];
  const covariance = new Float64Array(features * features);
  const n = BigInt(count);
  let at = features;
  for (let a = 0; a < features; a++)
    for (let b = a; b < features; b++, at += 3) {
      const product = productOf(all.exact(at), all.exact(at + 1), all.exact(at + 2));
      if (a === b) squares.push(product);
      const value = (Number(n * product - sums[a] * sums[b]) / count / count) * quantum[a] * quantum[b];
      covariance[a * features + b] = value;
      covariance[b * features + a] = value;
    }
  const mean = quantum.map((unit, f) => (Number(sums[f]) / count) * unit);
  return { sums, squares, covariance, mean };
}

function scalingOf(facts: readonly FeatureFacts[], cells: number, { scaling }: SamplesRequest) {
  const constant = facts.filter(({ low, high }) => low === high);
  if (scaling !== 'none' && constant.length > 0) throw new ConstantFeatures(constant, cells);
  const offset = { zscore: (f: FeatureFacts) => f.mean, minmax: (f: FeatureFacts) => f.low, none: () => 0 }[scaling];
  const divisor = {
    zscore: (f: FeatureFacts) => f.deviation,
    minmax: (f: FeatureFacts) => f.high - f.low,
    none: () => 1,
  }[scaling];
  return { offset: Float64Array.from(facts, offset), divisor: Float64Array.from(facts, divisor) };
}

function noRow({ names }: SamplesRequest): EcofluxError {
  return new EcofluxError('InvalidInput', 'no cell has a value in every feature', {
    found: `${names.length} features: ${names.join(', ')}`,
    fix: 'check nodata of the rasters, and that they show the same place',
  });
}
