/**
 * Distance in worker threads, out of core. The source is read once, tile by tile, and kept as bits, with the first and last source of each
 * column in each strip of rows. What lies above and below a strip is then known, and its rows need nothing else.
 */
import { allOf } from '../../core/all-of.ts';
import { type Tiling, tileAt } from '../../core/tiles.ts';
import { eachTile } from '../each-tile.ts';
import type { SolveFacts, SolveRequest } from '../solver.ts';
import { TileStates } from '../tile-states.ts';
import { checkIndices, checkSources, checkSquares } from './capacity.ts';
import { type ColumnEnds, lookBeyond, type SourceBits, wordsPerRow } from './columns.ts';
import { stripRows } from './strips.ts';
import type { ColumnsInput, ColumnsOutput, DistanceOutput, RowsInput, RowsOutput } from './tasks.ts';
import { TileAssembly } from './tile-assembly.ts';

export async function solve(request: SolveRequest): Promise<SolveFacts> {
  const { shape, tiling, pool, memory, openScratch, signal, progress } = request;
  const outputs = Object.keys(request.outputs) as DistanceOutput[];
  checkIndices(shape, outputs);
  const strip = stripRows(tiling, pool.size, memory, outputs.length);
  const strips = stripsOf(tiling, strip);
  const bits = new TileStates(memory / 4, openScratch);
  const assembly = new TileAssembly({ ...request, memory: memory / 4 });
  const steps = tiling.count + strips.length;
  let done = 0;
  const step = () => progress?.(++done, steps);
  try {
    await eachTile(Array(tiling.count).keys(), request, async (index) => {
      await readTile(request, index, strip, strips, bits);
      step();
    });
    lookBeyond(strips);
    const rowsOfTiles = new RowsOfTiles(tiling, bits);
    let largest = -1;
    await eachTile(strips.keys(), request, async (index) => {
      const { y, rows, tileRow, last: above, first: below } = strips[index];
      const from = y - tileRow * tiling.tileHeight;
      const tiles = await rowsOfTiles.take(tileRow, from, rows);
      const input: RowsInput = { tiles, rows, y, above, below, outputs };
      const made = await pool.run<RowsInput, RowsOutput>('distance_rows', input, { signal });
      largest = Math.max(largest, made.largest);
      for (const [column, planes] of made.tiles.entries())
        await assembly.add(tileRow * tiling.columns + column, from, planes);
      step();
    });
    await checkSources(largest, request);
    checkSquares(largest, outputs);
    return { tiles: tiling.count, strips: strips.length, passes: 2 };
  } finally {
    await allOf([bits.close(), assembly.close()]);
  }
}

/** Rows that are worked on at once, and of each column what is known of the sources in them, then beyond them. */
interface Strip extends ColumnEnds {
  readonly y: number;
  readonly rows: number;
  readonly tileRow: number;
}

function stripsOf({ width, height, tileHeight, rows: tileRows }: Tiling, strip: number): Strip[] {
  const strips: Strip[] = [];
  for (let tileRow = 0; tileRow < tileRows; tileRow++) {
    const end = Math.min(height, (tileRow + 1) * tileHeight);
    for (let y = tileRow * tileHeight; y < end; y += strip) {
      const ends = { first: new Int32Array(width), last: new Int32Array(width) };
      strips.push({ y, rows: Math.min(strip, end - y), tileRow, ...ends });
    }
  }
  return strips;
}

async function readTile(
  { tiling, inputs, pool, signal }: SolveRequest,
  index: number,
  strip: number,
  strips: readonly Strip[],
  bits: TileStates,
): Promise<void> {
  const tile = tileAt(tiling, index);
  const { x, y, width } = tile;
  const source = (await inputs.source.read(tile)) as Uint32Array;
  const input: ColumnsInput = { source, width, y, strip };
  const { words, first, last } = await pool.run<ColumnsInput, ColumnsOutput>('distance_columns', input, {
    signal,
    transfer: [source.buffer as ArrayBuffer],
  });
  const tileRow = Math.floor(y / tiling.tileHeight);
  const own = strips.filter((each) => each.tileRow === tileRow);
  for (const [i, ends] of own.entries()) {
    ends.first.set(first.subarray(i * width, (i + 1) * width), x);
    ends.last.set(last.subarray(i * width, (i + 1) * width), x);
  }
  await bits.put(index, [words.buffer as ArrayBuffer]);
}

/** Bits of the tiles of one row of them, for as long as its strips are worked on. */
class RowsOfTiles {
  readonly #tiling: Tiling;
  readonly #bits: TileStates;
  readonly #rows = new Map<number, Promise<SourceBits[]>>();

  constructor(tiling: Tiling, bits: TileStates) {
    this.#tiling = tiling;
    this.#bits = bits;
  }

  /** Rows of each tile, from `from` of it. Strips come in their order. */
  async take(tileRow: number, from: number, rows: number): Promise<SourceBits[]> {
    const tiles = this.#rows.get(tileRow) ?? this.#load(tileRow);
    this.#rows.set(tileRow, tiles);
    if (from + rows >= Math.min(this.#tiling.tileHeight, this.#tiling.height - tileRow * this.#tiling.tileHeight))
      this.#rows.delete(tileRow);
    return (await tiles).map(({ width, words }) => {
      const pitch = wordsPerRow(width);
      return { width, words: words.slice(from * pitch, (from + rows) * pitch) };
    });
  }

  async #load(tileRow: number): Promise<SourceBits[]> {
    const tiles: SourceBits[] = [];
    for (let column = 0; column < this.#tiling.columns; column++) {
      const index = tileRow * this.#tiling.columns + column;
      const [words] = await this.#bits.take(index);
      tiles.push({ width: tileAt(this.#tiling, index).width, words: new Uint32Array(words) });
    }
    return tiles;
  }
}
