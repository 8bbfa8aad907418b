/** Class tables in the precision of the device. */
import type { ClassRows } from '../core/values.ts';
import { mapValues } from './map-values.ts';

// The same table stays the same object: it goes to the device once, whoever uses it.
const known = new WeakMap<ClassRows, ClassRows>();

export function float32Rows(rows: ClassRows): ClassRows {
  const rounded = known.get(rows) ?? new Map([...rows].map(([code, row]) => [code, mapValues(row, Math.fround)]));
  known.set(rows, rounded);
  known.set(rounded, rounded);
  return rounded;
}
