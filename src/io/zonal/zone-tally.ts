/** Exact sums of a raster over polygons, taken from its planes while they are on their way to the file, which need not be read again then. */
import { NODATA, type Plane } from '../../core/cells.ts';
import { ExactSum } from '../../core/exact-sum.ts';
import type { Grid, Window } from '../../core/grid.ts';
import { intersect } from '../../core/tiles.ts';
import { type CellSpans, forEachSpan } from '../vector/rasterize-spans.ts';

export interface ZoneSum {
  readonly sum: number;
  /** Valid cells. */
  readonly count: number;
}

/** One bin for each exponent of float32, emptied after each zone of a tile: 2^29 numbers of 24 bits add up without rounding. */
const bins = new Float64Array(256);

export class ZoneTally {
  readonly #zones: readonly CellSpans[];
  readonly #sums: readonly ExactSum[];
  readonly #counts: Float64Array;
  /** Cells of the grid that did not come yet. */
  #missing: number;

  constructor({ width, height }: Grid, zones: readonly CellSpans[]) {
    this.#zones = zones;
    this.#sums = zones.map(() => new ExactSum());
    this.#counts = new Float64Array(zones.length);
    this.#missing = width * height;
  }

  /** Whether every cell came: not so where an earlier run wrote some of the file. */
  get complete(): boolean {
    return this.#missing === 0;
  }

  /** By zone. */
  get zones(): readonly ZoneSum[] {
    return this.#sums.map((sum, zone) => ({ sum: sum.value, count: this.#counts[zone] }));
  }

  /** Cells of a quantity, each once. */
  add(window: Window, plane: Plane): void {
    const values = plane as Float32Array;
    const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
    for (const [zone, spans] of this.#zones.entries()) {
      if (!intersect(window, spans.bounds)) continue;
      bins.fill(0);
      let count = 0;
      forEachSpan(spans, window, (row, from, to) => {
        const start = (row - window.y) * window.width - window.x;
        count += addToBins(values, bits, start + from, start + to);
      });
      this.#counts[zone] += count;
      for (const part of bins) if (part !== 0) this.#sums[zone].add(part);
    }
    this.skip(window);
  }

  /** Cells that are nodata. */
  skip({ width, height }: Window): void {
    this.#missing -= width * height;
  }
}

function addToBins(values: Float32Array, bits: Int32Array, from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; i++) {
    const value = values[i];
    if (value === NODATA || value - value !== 0) continue;
    bins[(bits[i] >>> 23) & 255] += value;
    count++;
  }
  return count;
}
