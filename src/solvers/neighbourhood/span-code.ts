/** Sums of spans in WebAssembly, sixteen cells at a time: some six times as fast as JavaScript. */
import { FunctionCode } from '../../core/wasm/function-code.ts';
import { f64x2, i32, v128 } from '../../core/wasm/instructions.ts';
import { onNewMemory } from '../../core/wasm/on-memory.ts';

/** Cells whose sums are made at once. */
export const SPAN_CELLS = 16;
const PAIR = 16;
const STEP = 8 * SPAN_CELLS;

export interface SpanMemory {
  /**
   * Adds to the float64 numbers from `sums` to before `end`, STEP bytes at a time, for each entry of the table (two addresses) what stands there plus
   * `shift` and the bytes so far: the first less the second. All in bytes of the memory.
   */
  readonly addSpans: (sums: number, end: number, table: number, tableEnd: number, shift: number) => void;
  readonly numbers: Float64Array<ArrayBuffer>;
  readonly addresses: Int32Array<ArrayBuffer>;
}

const onMemory = onNewMemory<Pick<SpanMemory, 'addSpans'>>(() => [spanFunction()]);
let kept: SpanMemory | undefined;

/** At least so many bytes, which are as the last use left them. @throws RangeError where there is no such memory */
export function spanMemory(bytes: number): SpanMemory {
  if (kept && kept.numbers.byteLength >= bytes) return kept;
  kept = undefined; // before the next one is there
  const { functions, memory } = onMemory(bytes);
  kept = {
    addSpans: functions.addSpans,
    numbers: new Float64Array(memory.buffer),
    addresses: new Int32Array(memory.buffer),
  };
  return kept;
}

function spanFunction(): FunctionCode {
  const code = new FunctionCode('addSpans', 5);
  const [sums, end, table, tableEnd, shift] = code.parameters;
  const places = Array.from({ length: SPAN_CELLS / 2 }, (_, k) => PAIR * k);
  code.each(sums, end, i32.of(STEP), (at) => {
    const pairs = places.map((place) => code.local('v128', v128.load(at, place)));
    code.each(table, tableEnd, i32.of(8), (entry) => {
      const last = code.local('i32', i32.add(i32.load(entry), shift));
      const first = code.local('i32', i32.add(i32.load(entry, 4), shift));
      for (const [k, place] of places.entries())
        code.set(pairs[k], f64x2.add(pairs[k], f64x2.sub(v128.load(last, place), v128.load(first, place))));
    });
    for (const [k, place] of places.entries()) code.do(v128.store(at, pairs[k], place));
    code.set(shift, i32.add(shift, i32.of(STEP)));
  });
  return code;
}
