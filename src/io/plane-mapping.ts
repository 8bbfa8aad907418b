/** File samples made into the cells of a plane: units converted, every kind of nodata made the sentinel, class codes checked. */
import { NODATA, NODATA_CODE } from '../core/cells.ts';
import { EcofluxError } from '../core/errors.ts';
import type { NodataRange } from './nodata.ts';
import type { TypedArray } from './samples.ts';

/** Class codes index tables on the device; more than a million classes is a raster that holds something else. */
export const LARGEST_CODE = 2 ** 20 - 1;

/** FLT_MAX. */
const LARGEST = -NODATA;

export type Values = Float32Array | Float64Array;

/** Samples as numbers in one of two array types, so that the loops below stay fast whatever the file holds. */
export function toValues(samples: TypedArray): Values {
  if (samples instanceof Float32Array || samples instanceof Float64Array) return samples;
  if (samples instanceof BigInt64Array || samples instanceof BigUint64Array) return Float64Array.from(samples, Number);
  return samples.BYTES_PER_ELEMENT < 4 ? new Float32Array(samples) : new Float64Array(samples);
}

/** Where in the raster a sample of the window lies, for messages. */
export interface Placing {
  readonly file: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** What the file says of its samples, and the unit conversion on top. */
export interface MappingRule {
  readonly scale: number;
  readonly offset: number;
  readonly ranges: readonly NodataRange[];
}

/**
 * `out[i] = values[i] · scale + offset`; nodata, NaN, infinities and masked cells become NODATA. `out` may be
 * `values` itself where there is at most one range.
 */
export function mapQuantities(
  values: Values,
  out: Float32Array,
  { scale, offset, ranges }: MappingRule,
  mask: Uint8Array | undefined,
  placing: Placing,
): void {
  // Without a range every finite value lies below it.
  const range = ranges[0] ?? { low: Infinity, high: Infinity };
  const more = ranges.slice(1);
  const length = values.length;
  const same = values instanceof Float32Array && scale === 1 && offset === 0;
  if (same && out !== values) out.set(values);
  for (let from = 0; from < length; from += STRETCH) {
    const to = Math.min(from + STRETCH, length);
    if (same) markNodata(values, out, range, from, to);
    else convert(values, out, scale, offset, range, from, to);
  }
  // Raw values are compared here, which is why a second range forbids that `out` is `values`.
  for (const range of more) {
    for (let i = 0; i < length; i++) if (values[i] >= range.low && values[i] <= range.high) out[i] = NODATA;
  }
  if (mask) for (let i = 0; i < length; i++) if (mask[i] === 0) out[i] = NODATA;
  if (values instanceof Float64Array || scale !== 1 || offset !== 0) refuseInfinite(values, out, placing);
}

/** Cells that one call handles: V8 enters compiled code when a function is called, so short loops run fast sooner than long ones. */
const STRETCH = 4096;

function markNodata(values: Float32Array, out: Float32Array, { low, high }: NodataRange, from: number, to: number) {
  for (let i = from; i < to; i++) {
    const value = values[i];
    // False for NaN too; two comparisons for the usual value, which lies above a nodata value that is low.
    if (!(value > high ? value <= LARGEST : value < low && value >= -LARGEST)) out[i] = NODATA;
  }
}

function convert(
  values: Values,
  out: Float32Array,
  scale: number,
  offset: number,
  { low, high }: NodataRange,
  from: number,
  to: number,
) {
  for (let i = from; i < to; i++) {
    const value = values[i];
    if (value - value !== 0 || (value >= low && value <= high)) out[i] = NODATA;
    else {
      const converted = Math.fround(value * scale + offset);
      // Another nodata value may still claim it, so what is too large is only marked here.
      out[i] = converted - converted === 0 ? converted : Infinity;
    }
  }
}

/** Class codes; nodata and masked cells become NODATA_CODE. */
export function mapCodes(
  samples: TypedArray,
  out: Uint32Array,
  rule: MappingRule,
  mask: Uint8Array | undefined,
  placing: Placing,
): void {
  if (!fewValues(samples)) {
    const values = toValues(samples);
    for (let i = 0; i < values.length; i++) out[i] = codeOf(values[i], rule);
  } else lookUpCodes(samples, out, rule);
  if (mask) for (let i = 0; i < out.length; i++) if (mask[i] === 0) out[i] = NODATA_CODE;
  const bad = out.indexOf(NO_CODE);
  if (bad >= 0) throw badCode(Number(samples[bad]) * rule.scale + rule.offset, bad, placing);
}

/** Adds the number of cells of each code; cells that a mask leaves out count as nodata. */
export function countCodes(
  samples: TypedArray,
  rule: MappingRule,
  mask: Uint8Array | undefined,
  placing: Placing,
  counts: Map<number, number>,
): void {
  const add = (code: number, count: number) => counts.set(code, (counts.get(code) ?? 0) + count);
  if (mask || !fewValues(samples)) {
    const cells = new Uint32Array(samples.length);
    mapCodes(samples, cells, rule, mask, placing);
    for (let i = 0; i < cells.length; ) {
      const start = i++;
      // Runs of one class are long, and the map is asked once for each.
      while (i < cells.length && cells[i] === cells[start]) i++;
      add(cells[start], i - start);
    }
    return;
  }
  const table = tableOfCodes(samples, rule);
  const patterns = patternsOf(samples);
  const tally = new Uint32Array(table.length);
  for (let from = 0; from < patterns.length; from += STRETCH)
    tallyPatterns(patterns, from, Math.min(from + STRETCH, patterns.length), tally);
  for (let pattern = 0; pattern < table.length; pattern++) {
    if (tally[pattern] === 0) continue;
    const first = table[pattern] === NO_CODE ? patterns.indexOf(pattern) : -1;
    if (first >= 0) throw badCode(samples[first] * rule.scale + rule.offset, first, placing);
    add(table[pattern], tally[pattern]);
  }
}

/** Of a sample that is no code: no cell has it. */
const NO_CODE = NODATA_CODE - 1;

function codeOf(value: number, { scale, offset, ranges }: MappingRule): number {
  if (value - value !== 0) return NODATA_CODE;
  for (const { low, high } of ranges) if (value >= low && value <= high) return NODATA_CODE;
  const code = value * scale + offset;
  return code >= 0 && code <= LARGEST_CODE && code === Math.floor(code) ? code : NO_CODE;
}

type SmallSamples = Uint8Array | Int8Array | Uint16Array | Int16Array;

/** Whether a table of every possible sample costs less than it saves. */
function fewValues(samples: TypedArray): samples is SmallSamples {
  return samples.BYTES_PER_ELEMENT <= 2 && samples.length >= 2 * 256 ** samples.BYTES_PER_ELEMENT;
}

/** What most land cover comes as, bytes, costs one look into a table for each cell. */
function lookUpCodes(samples: SmallSamples, out: Uint32Array, rule: MappingRule): void {
  const table = tableOfCodes(samples, rule);
  const patterns = patternsOf(samples);
  for (let from = 0; from < out.length; from += STRETCH)
    lookUp(patterns, from, Math.min(from + STRETCH, out.length), table, out);
}

function lookUp(
  patterns: Uint8Array | Uint16Array,
  from: number,
  to: number,
  table: Uint32Array,
  out: Uint32Array,
): void {
  for (let i = from; i < to; i++) out[i] = table[patterns[i]];
}

function tallyPatterns(patterns: Uint8Array | Uint16Array, from: number, to: number, tally: Uint32Array): void {
  for (let i = from; i < to; i++) tally[patterns[i]]++;
}

/** The code for every pattern of bits that a sample may have. */
function tableOfCodes(samples: SmallSamples, rule: MappingRule): Uint32Array {
  const signed = samples instanceof Int8Array || samples instanceof Int16Array;
  const table = new Uint32Array(256 ** samples.BYTES_PER_ELEMENT);
  for (let pattern = 0; pattern < table.length; pattern++) {
    table[pattern] = codeOf(signed && pattern >= table.length / 2 ? pattern - table.length : pattern, rule);
  }
  return table;
}

function patternsOf({ BYTES_PER_ELEMENT, buffer, byteOffset, length }: SmallSamples): Uint8Array | Uint16Array {
  return new (BYTES_PER_ELEMENT === 1 ? Uint8Array : Uint16Array)(buffer as ArrayBuffer, byteOffset, length);
}

function refuseInfinite(values: Values, out: Float32Array, placing: Placing): void {
  for (let i = 0; i < out.length; i++) {
    if (out[i] === Infinity) {
      throw new EcofluxError('InvalidInput', 'a value is too large for the 32-bit floats of the engine', {
        file: placing.file,
        place: placeOf(i, placing),
        found: String(values[i]),
        fix: 'declare it as nodata (gdal_edit.py -a_nodata) if it is one',
      });
    }
  }
}

function badCode(code: number, i: number, placing: Placing): EcofluxError {
  return new EcofluxError('InvalidInput', 'this raster should hold class codes', {
    file: placing.file,
    place: placeOf(i, placing),
    found: String(code),
    expected: `whole numbers from 0 to ${LARGEST_CODE}`,
    fix: 'check that it is the right file, or declare its nodata value',
  });
}

function placeOf(i: number, { x, y, width }: Placing): string {
  return `row ${y + Math.floor(i / width)}, column ${x + (i % width)}`;
}
