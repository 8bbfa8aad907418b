/** The transforms' functions on a memory of their own. */
import { onNewMemory } from '../../../core/wasm/on-memory.ts';
import { cellFunctions } from './cells.ts';
import { lineFunctions } from './lines.ts';
import { resultFunctions } from './results.ts';
import { slabFunctions } from './slabs.ts';

type Stage = (at: number, end: number, span: number, turns: number) => void;
type PlainStage = (at: number, end: number) => void;
type Direction = 'forward' | 'backward';

export type Functions = Readonly<
  Record<`${Direction}${3 | 4 | 5}`, Stage> &
    Record<`${Direction}1x${2 | 4}`, PlainStage> & {
      transpose: (from: number, end: number, to: number, fromStep: number, toStep: number) => void;
      multiply: (at: number, end: number, spectrum: number) => void;
      join: (at: number, end: number, from: number) => void;
      split: (at: number, end: number, reals: number, imaginaries: number) => void;
      fill: (from: number, pitch: number, to: number, end: number, level: number) => void;
      describe: (from: number, end: number, about: number) => void;
      means: (from: number, end: number, values: number, pitch: number, limits: number) => void;
      chords: (at: number, end: number, to: number, table: number, tableEnd: number) => void;
    }
>;

export interface Instance {
  readonly functions: Functions;
  /** Its memory, all zero. */
  readonly numbers: Float64Array<ArrayBuffer>;
}

const onMemory = onNewMemory<Functions>(() => [
  ...lineFunctions(),
  ...slabFunctions(),
  ...cellFunctions(),
  ...resultFunctions(),
]);

/** @throws RangeError where there is no such memory */
export function instantiate(bytes: number): Instance {
  const { functions, memory } = onMemory(bytes);
  return { functions, numbers: new Float64Array(memory.buffer) };
}
