/** The canvas that layers are painted on, and how a quantity gets onto it. */
import { NODATA, NODATA_CODE } from '../core/cells.ts';
import { throwIfAborted } from '../core/errors.ts';
import type { Grid } from '../core/grid.ts';
import type { Country } from './country.ts';
import type { Ground } from './ground.ts';

export interface Canvas {
  readonly country: Country;
  readonly ground: Ground;
  readonly grid: Grid;
  readonly years: readonly number[];
  readonly signal?: AbortSignal;
  readonly progress: (part: string, share: number) => void;
}

/** What a file of a quantity declares. */
export const QUANTITY = { kind: 'quantity', sampleType: 'f32', nodata: -9999 } as const;

/** Calls `value` with the working coordinates of every cell of the study area; NODATA outside. */
export function paint({ ground, signal }: Canvas, value: (x: number, y: number, i: number) => number): Float32Array {
  const { size, step, inside } = ground;
  const cells = new Float32Array(size * size);
  for (let row = 0, i = 0; row < size; row++) {
    if ((row & 63) === 0) throwIfAborted(signal);
    const y = (row + 0.5) * step;
    for (let column = 0; column < size; column++, i++) {
      cells[i] = inside[i] ? value((column + 0.5) * step, y, i) : NODATA;
    }
  }
  return cells;
}

export function codesOf(cover: Uint8Array): Uint32Array {
  const codes = new Uint32Array(cover.length);
  for (let i = 0; i < cover.length; i++) codes[i] = cover[i] === 0 ? NODATA_CODE : cover[i];
  return codes;
}
