/** What one window adds to cross tables of class rasters: how many cells have each class in each zone, and which class became which. */
import { EcofluxError } from '../../core/errors.ts';
import type { Window } from '../../core/grid.ts';
import type { TaskTable } from '../../core/tasks.ts';
import type { Values } from '../plane-mapping.ts';
import type { FileOpener, ZonalSource } from './tasks.ts';
import { readValues } from './values.ts';
import type { ZoneRuns } from './zone-runs.ts';

export interface CrossCountInput {
  /** Rasters of whole numbers, negative ones too, on one grid. */
  readonly sources: readonly ZonalSource[];
  readonly window: Window;
  /** All that the rasters may hold, ascending. */
  readonly codes: readonly number[];
  /** Runs of cells of the window, or a raster of numbers; either way zone i is the ith of `zoneCount`. */
  readonly zones?: ZoneRuns | (ZonalSource & { readonly numbers: readonly number[] });
  readonly zoneCount: number;
  /** Also count each raster against the one before it. */
  readonly transitions: boolean;
}

/** Cells, by place of the class among `codes`. */
export interface CrossCounts {
  /** Of each raster: (zone + 1) · classes + class; zone −1 is outside of zones. */
  readonly byZone: readonly Float64Array<ArrayBuffer>[];
  /** Of each raster but the first: class before · classes + class. */
  readonly transitions: readonly Float64Array<ArrayBuffer>[];
}

/** No class. */
const NONE = 0xffff;
/** So that the place of a class fits sixteen bits. */
export const MOST_CLASSES = NONE;

export function crossTasks(open: FileOpener): TaskTable {
  return {
    async cross_count(input: CrossCountInput, context) {
      const { sources, window, zones, codes, zoneCount, transitions } = input;
      const read = async ({ file, mapping }: ZonalSource) =>
        readValues(await open(file, context), window, mapping, { signal: context.signal });
      const slots = zones && ('file' in zones ? slotsOf(await read(zones), zones.numbers) : slotsOfRuns(zones, window));
      const output: CrossCounts = { byZone: sources.map(() => counter(zoneCount + 1, codes)), transitions: [] };
      let before: Uint16Array | undefined;
      const pairs: Float64Array<ArrayBuffer>[] = [];
      for (const [i, source] of sources.entries()) {
        const classes = classesOf(await read(source), codes, source.file, window);
        countByZone(classes, slots, codes.length, output.byZone[i]);
        if (transitions && before) pairs.push(countPairs(before, classes, counter(codes.length, codes)));
        before = classes;
      }
      const all = { ...output, transitions: pairs };
      return { output: all, transfer: [...all.byZone, ...pairs].map(({ buffer }) => buffer) };
    },
  };
}

function counter(rows: number, codes: readonly number[]): Float64Array<ArrayBuffer> {
  return new Float64Array(rows * codes.length);
}

/** Place of the class of each cell among `codes`. @throws EcofluxError InvalidInput for a value that is none of them */
function classesOf(values: Values, codes: readonly number[], file: string, { x, y, width }: Window): Uint16Array {
  const low = codes[0];
  const places = new Uint16Array(codes[codes.length - 1] - low + 1).fill(NONE);
  for (const [place, code] of codes.entries()) places[code - low] = place;
  const classes = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const at = value - low;
    const whole = at | 0; // 0 of NaN
    const place = whole === at && whole >= 0 && whole < places.length ? places[whole] : NONE;
    if (place === NONE && !Number.isNaN(value))
      throw new EcofluxError('InvalidInput', 'the raster holds a number that is none of its classes', {
        file,
        place: `row ${y + Math.floor(i / width)}, column ${x + (i % width)}`,
        found: String(value),
        expected: `${codes.length} classes from ${low} to ${codes[codes.length - 1]}`,
        fix: 'check that the file was not changed meanwhile',
      });
    classes[i] = place;
  }
  return classes;
}

/** For each cell 0 outside of zones, else one more than the zone. */
function slotsOfRuns({ zones, starts, cells }: ZoneRuns, { width, height }: Window): Uint32Array {
  const slots = new Uint32Array(width * height);
  for (let k = 0; k < zones.length; k++)
    for (let run = starts[k]; run < starts[k + 1]; run++) slots.fill(zones[k] + 1, cells[2 * run], cells[2 * run + 1]);
  return slots;
}

function slotsOf(values: Values, numbers: readonly number[]): Uint32Array {
  const known = new Map(numbers.map((number, i) => [number, i + 1]));
  const slots = new Uint32Array(values.length);
  for (let i = 0; i < values.length; ) {
    const number = values[i];
    const from = i++;
    while (i < values.length && values[i] === number) i++;
    slots.fill(known.get(number) ?? 0, from, i);
  }
  return slots;
}

function countByZone(classes: Uint16Array, slots: Uint32Array | undefined, width: number, counts: Float64Array): void {
  for (let i = 0; i < classes.length; i++) {
    if (classes[i] === NONE) continue;
    counts[(slots ? slots[i] * width : 0) + classes[i]]++;
  }
}

function countPairs(
  before: Uint16Array,
  after: Uint16Array,
  counts: Float64Array<ArrayBuffer>,
): Float64Array<ArrayBuffer> {
  const width = Math.sqrt(counts.length);
  for (let i = 0; i < before.length; i++)
    if (before[i] !== NONE && after[i] !== NONE) counts[before[i] * width + after[i]]++;
  return counts;
}
