/** Sums of spans in WebAssembly, sixteen cells at a time: some six times as fast as JavaScript. */
import { add, address, FunctionCode, load, loadAddress, moduleBytes, plus, sub } from '../convolve/wasm/code.ts';

/** Cells whose sums are made at once. */
export const SPAN_CELLS = 16;
const PAIR = 16;
const STEP = 8 * SPAN_CELLS;
const PAGE = 2 ** 16;

export interface SpanMemory {
  /**
   * Adds to the float64 numbers from `sums` to before `end`, STEP bytes at a time, for each entry of the table (two addresses) what stands there plus
   * `shift` and the bytes so far: the first less the second. All in bytes of the memory.
   */
  readonly addSpans: (sums: number, end: number, table: number, tableEnd: number, shift: number) => void;
  readonly numbers: Float64Array<ArrayBuffer>;
  readonly addresses: Int32Array<ArrayBuffer>;
}

let compiled: WebAssembly.Module | undefined;
let kept: SpanMemory | undefined;

/** At least so many bytes, which are as the last use left them. @throws RangeError where there is no such memory */
export function spanMemory(bytes: number): SpanMemory {
  if (kept && kept.numbers.byteLength >= bytes) return kept;
  kept = undefined; // before the next one is there
  compiled ??= new WebAssembly.Module(moduleBytes([spanFunction()]));
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  kept = {
    addSpans: exports.addSpans as SpanMemory['addSpans'],
    numbers: new Float64Array(memory.buffer),
    addresses: new Int32Array(memory.buffer),
  };
  return kept;
}

function spanFunction(): FunctionCode {
  const code = new FunctionCode('addSpans', 5);
  const [sums, end, table, tableEnd, shift] = [0, 1, 2, 3, 4].map((index) => code.parameter(index));
  const places = Array.from({ length: SPAN_CELLS / 2 }, (_, k) => PAIR * k);
  code.each(sums, end, address(STEP), (at) => {
    const pairs = places.map((place) => code.pair(load(at, place)));
    code.each(table, tableEnd, address(8), (entry) => {
      const last = code.address(plus(loadAddress(entry), shift));
      const first = code.address(plus(loadAddress(entry, 4), shift));
      for (const [k, place] of places.entries())
        code.set(pairs[k], add(pairs[k], sub(load(last, place), load(first, place))));
    });
    for (const [k, place] of places.entries()) code.store(at, place, pairs[k]);
    code.set(shift, plus(shift, address(STEP)));
  });
  return code;
}
