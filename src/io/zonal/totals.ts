/** What the zones hold so far: the parts of all tiles put together, in any order. */

import { ExactSum, varianceOf } from '../../core/exact-sum.ts';
import type { Values } from '../plane-mapping.ts';
import type { ZonalTileOutput } from './tasks.ts';

/** Of one raster in one zone. */
export class ZoneTotals {
  cells = 0;
  count = 0;
  min = Infinity;
  max = -Infinity;
  readonly sum = new ExactSum();
  readonly squares = new ExactSum();
  classes: Map<number, number> | undefined;
  /** Its valid values, where they were gathered. */
  values: Values[] = [];

  /** Of the population; there must be a valid cell. */
  readonly variance = (): number => varianceOf(this.count, this.sum, this.squares);
}

export interface ZoneEntry {
  readonly zone: number;
  /** By raster. */
  readonly totals: readonly ZoneTotals[];
  /** Tiles that hold cells of it. */
  readonly tiles: number[];
}

export class ZoneTable {
  readonly #zones = new Map<number, ZoneEntry>();
  readonly #sources: number;

  /** `zones`: how many polygons there are, each of which gets its line whatever is found; undefined for a raster of codes. */
  constructor(sources: number, zones: number | undefined) {
    this.#sources = sources;
    for (let zone = 0; zone < (zones ?? 0); zone++) this.#entry(zone);
  }

  /** Zones by ascending number. */
  ordered(): readonly ZoneEntry[] {
    return [...this.#zones.values()].sort((a, b) => a.zone - b.zone);
  }

  add({ zones, sources }: ZonalTileOutput, tile: number): void {
    const entries = Array.from(zones, (zone) => this.#entry(zone));
    for (const entry of entries) entry.tiles.push(tile);
    for (const [source, { moments, classes, gathered }] of sources.entries()) {
      for (const [i, { totals }] of entries.entries()) {
        const total = totals[source];
        if (moments) {
          total.cells += moments.cells[i];
          total.count += moments.count[i];
          total.min = Math.min(total.min, moments.min[i]);
          total.max = Math.max(total.max, moments.max[i]);
          for (const part of [2 * i, 2 * i + 1]) {
            total.sum.add(moments.sum[part]);
            total.squares.add(moments.squares[part]);
          }
        }
        if (gathered && gathered.starts[i + 1] > gathered.starts[i])
          total.values.push(gathered.values.subarray(gathered.starts[i], gathered.starts[i + 1]));
        if (classes) total.classes ??= new Map();
      }
      for (const [i, part] of moments?.moreSum ?? []) entries[i].totals[source].sum.add(part);
      for (const [i, part] of moments?.moreSquares ?? []) entries[i].totals[source].squares.add(part);
      for (let k = 0; classes && k < classes.length; k += 3) {
        const counts = entries[classes[k]].totals[source].classes!;
        counts.set(classes[k + 1], (counts.get(classes[k + 1]) ?? 0) + classes[k + 2]);
      }
    }
  }

  #entry(zone: number): ZoneEntry {
    const known = this.#zones.get(zone);
    if (known) return known;
    const totals = Array.from({ length: this.#sources }, () => new ZoneTotals());
    const entry = { zone, totals, tiles: [] };
    this.#zones.set(zone, entry);
    return entry;
  }
}
