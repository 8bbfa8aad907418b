/** The cells of the zones in one tile, as runs along its rows, zone after zone: what every accumulation walks through. */
import { EcofluxError } from '../../core/errors.ts';
import type { Window } from '../../core/grid.ts';
import type { Values } from '../plane-mapping.ts';
import type { CellSpans } from '../vector/rasterize-spans.ts';

export interface ZoneRuns {
  /** Numbers of the zones: their index, or their code in a zone raster. */
  readonly zones: Float64Array;
  /** Zone i has the runs `starts[i]` to `starts[i + 1]`. */
  readonly starts: Uint32Array;
  /** Pairs: first cell of the window, row-major, and the one after the last; a run stays in its row. */
  readonly cells: Uint32Array;
}

/** Of polygons: `zones` are indices into `spans`. Zones without a cell in the window are left out. */
export function runsOfSpans(spans: readonly CellSpans[], zones: readonly number[], window: Window): ZoneRuns {
  const { x, y, width, height } = window;
  const right = x + width;
  const bottom = y + height;
  const present: number[] = [];
  const starts = [0];
  let cells = new Uint32Array(4096);
  let length = 0;
  for (const zone of zones) {
    const { bounds, starts: rows, columns } = spans[zone];
    const end = Math.min(bottom, bounds.y + bounds.height);
    for (let row = Math.max(y, bounds.y); row < end; row++) {
      const start = (row - y) * width - x;
      for (let i = rows[row - bounds.y]; i < rows[row - bounds.y + 1]; i++) {
        const from = Math.max(columns[2 * i], x);
        const to = Math.min(columns[2 * i + 1], right);
        if (from >= to) continue;
        if (length === cells.length) cells = grown(cells);
        cells[length++] = start + from;
        cells[length++] = start + to;
      }
    }
    if (length === 2 * starts[present.length]) continue;
    present.push(zone);
    starts.push(length / 2);
  }
  return { zones: Float64Array.from(present), starts: Uint32Array.from(starts), cells: cells.slice(0, length) };
}

function grown(cells: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * cells.length);
  larger.set(cells);
  return larger;
}

/**
 * Of a zone raster: equal whole numbers are a zone, NaN is none. `only`: leaves all others out.
 * @throws EcofluxError InvalidInput for what is no whole number
 */
export function runsOfCodes(codes: Values, window: Window, file: string, only?: ReadonlySet<number>): ZoneRuns {
  const { width, height } = window;
  const slots = new Map<number, number>();
  const zones: number[] = [];
  const counts: number[] = [];
  const runs: number[] = [];
  for (let row = 0; row < height; row++) {
    const end = (row + 1) * width;
    for (let i = row * width; i < end; ) {
      const code = codes[i];
      const from = i++;
      while (i < end && codes[i] === code) i++;
      if (Number.isNaN(code) || (only && !only.has(code))) continue;
      let slot = slots.get(code);
      if (slot === undefined) {
        if (!Number.isSafeInteger(code)) throw noZone(code, from, window, file);
        slot = zones.length;
        slots.set(code, slot);
        zones.push(code === 0 ? 0 : code);
        counts.push(0);
      }
      counts[slot]++;
      runs.push(slot, from, i);
    }
  }
  const starts = new Uint32Array(zones.length + 1);
  for (const [slot, count] of counts.entries()) starts[slot + 1] = starts[slot] + count;
  const next = starts.slice();
  const cells = new Uint32Array((2 * runs.length) / 3);
  for (let i = 0; i < runs.length; i += 3) {
    const at = next[runs[i]]++;
    cells[2 * at] = runs[i + 1];
    cells[2 * at + 1] = runs[i + 2];
  }
  return { zones: Float64Array.from(zones), starts, cells };
}

function noZone(code: number, cell: number, { x, y, width }: Window, file: string): EcofluxError {
  return new EcofluxError('InvalidInput', 'a zone raster holds whole numbers', {
    file,
    place: `row ${y + Math.floor(cell / width)}, column ${x + (cell % width)}`,
    found: String(code),
    fix: 'check that it is the right file, or declare its nodata value',
  });
}
