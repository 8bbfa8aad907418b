/** WebAssembly written from expressions: what the engine makes of it. Every loop in use has tests of what it computes beside these. */
import { expect, test } from 'vitest';
import { signed, unsigned } from '../../src/core/wasm/encoding.ts';
import { FunctionCode } from '../../src/core/wasm/function-code.ts';
import { f32, f32x4, f64, f64x2, i32, i32x4, i64, i64x2, v128 } from '../../src/core/wasm/instructions.ts';
import { onGrowingMemory, onNewMemory } from '../../src/core/wasm/on-memory.ts';

const PAGE = 2 ** 16;

/** Runs a function without parameters; it stands in a module whose memory is new. */
function run(write: (code: FunctionCode) => void): ArrayBuffer {
  const code = new FunctionCode('run', 0);
  write(code);
  const { functions, memory } = onNewMemory<{ run: () => void }>(() => [code])(PAGE);
  functions.run();
  return memory.buffer;
}

test('numbers in LEB128: the examples of the DWARF standard, and of more than 32 bits', () => {
  expect([2, 127, 128, 129, 12857].map(unsigned)).toEqual([[2], [127], [0x80, 1], [0x81, 1], [0xb9, 0x64]]);
  expect(unsigned(2 ** 35)).toEqual([0x80, 0x80, 0x80, 0x80, 0x80, 1]);
  expect([2n, -2n, 127n, -127n, 128n, -128n].map(signed)).toEqual([
    [2],
    [0x7e],
    [0xff, 0],
    [0x81, 0x7f],
    [0x80, 1],
    [0x80, 0x7f],
  ]);
});

test('constants arrive as they are', () => {
  const whole = [0, 63, 64, -64, -65, 2 ** 31 - 1, -(2 ** 31), 2 ** 32 - 1];
  const long = [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 0x0101010101010101n << 7n];
  const real = [0.1, -0, Infinity, Number.MAX_VALUE, 2 ** -1074];
  const buffer = run((code) => {
    for (const [i, value] of whole.entries()) code.do(i32.store(i32.of(4 * i), i32.of(value)));
    for (const [i, value] of long.entries()) code.do(i64.store(i32.of(0), i64.of(value), 256 + 8 * i));
    for (const [i, value] of real.entries()) code.do(f64.store(i32.of(512), f64.of(value), 8 * i));
    for (const [i, value] of real.entries()) code.do(f32.store(i32.of(768), f32.of(value), 4 * i));
    code.do(v128.store(i32.of(1024), f64x2.of(0.1)));
    code.do(v128.store(i32.of(1024), f32x4.of(0.1), 16));
  });
  expect([...new Int32Array(buffer, 0, 8)]).toEqual(whole.map((value) => value | 0));
  expect([...new BigInt64Array(buffer, 256, 5)]).toEqual(long.map((value) => BigInt.asIntN(64, value)));
  expect([...new Float64Array(buffer, 512, 5)]).toEqual(real);
  expect([...new Float32Array(buffer, 768, 5)]).toEqual(real.map(Math.fround));
  expect([...new Float64Array(buffer, 1024, 2)]).toEqual([0.1, 0.1]);
  expect([...new Float32Array(buffer, 1040, 4)]).toEqual(new Array(4).fill(Math.fround(0.1)));
});

test('pairs and fours: halves, orders, masks, the smaller and the larger one', () => {
  const buffer = run((code) => {
    for (let i = 0; i < 4; i++) code.do(f32.store(i32.of(4 * i), f32.of(i + 1.5)));
    for (let i = 0; i < 4; i++) code.do(f64.store(i32.of(16 + 8 * i), f64.of(i - 1.25)));
    const four = code.local('v128', v128.load(i32.of(0)));
    const [a, b] = [16, 32].map((at) => code.local('v128', v128.load(i32.of(0), at)));
    const large = f32x4.above(four, f32x4.of(3));
    const results = [
      f64x2.from.first(four),
      f64x2.from.last(four),
      f64x2.firsts(a, b),
      f64x2.seconds(a, b),
      f64x2.loadTwice(i32.of(8), 16),
      f64x2.least(a, f64x2.of(-0.5)),
      f64x2.most(f64x2.of(-0.5), a),
      v128.choose(i64x2.from.last(large), a, b),
      v128.choose(i64x2.from.first(large), a, b),
      f64x2.divide(f64x2.absolute(a), f64x2.of(2)),
    ];
    for (const [i, pair] of results.entries()) code.do(v128.store(i32.of(256), pair, 16 * i));
    code.do(v128.store(i32.of(512), f32x4.from(a, b)));
    code.do(v128.store(i32.of(512), i32x4.sub(i32x4.add(large, large), large), 16));
  });
  const pairs = new Float64Array(buffer, 256, 20);
  expect(Array.from({ length: 10 }, (_, i) => [...pairs.subarray(2 * i, 2 * i + 2)])).toEqual([
    [1.5, 2.5],
    [3.5, 4.5],
    [-1.25, 0.75],
    [-0.25, 1.75],
    [-0.25, -0.25],
    [-1.25, -0.5],
    [-0.5, -0.25],
    [-1.25, -0.25],
    [0.75, 1.75],
    [0.625, 0.125],
  ]);
  expect([...new Float32Array(buffer, 512, 4)]).toEqual([-1.25, -0.25, 0.75, 1.75]);
  expect([...new Int32Array(buffer, 528, 4)]).toEqual([0, 0, -1, -1]);
});

test('loops: each at least once, while perhaps never; conditions choose', () => {
  type Count = (from: number, end: number, step: number) => number;
  const each = new FunctionCode('each', 3, 'i32');
  const loop = new FunctionCode('loop', 3, 'i32');
  for (const code of [each, loop]) {
    const [from, end, step] = code.parameters;
    const sum = code.local('i32', i32.of(0));
    const add = (at: readonly number[]) =>
      code.if(
        i32.equal(at, i32.of(6)),
        () => code.set(sum, i32.add(sum, i32.of(1000))),
        () => code.set(sum, i32.add(sum, at)),
      );
    if (code === each) code.each(from, end, step, add);
    else
      code.while(i32.below(from, end), () => {
        add(from);
        code.set(from, i32.add(from, step));
      });
    code.do(sum);
  }
  const { functions } = onNewMemory<{ each: Count; loop: Count }>(() => [each, loop])(0);
  expect([functions.each(3, 10, 3), functions.loop(3, 10, 3)]).toEqual([3 + 1000 + 9, 3 + 1000 + 9]);
  expect([functions.each(5, 5, 1), functions.loop(5, 5, 1)]).toEqual([5, 0]);
});

test('a new memory for each use, or one that grows and keeps what it holds', () => {
  let compiled = 0;
  const code = () => {
    compiled++;
    const load = new FunctionCode('load', 1, 'i32');
    load.do(i32.load(load.parameters[0]));
    return [load];
  };
  type Loads = { load: (at: number) => number };
  const fresh = onNewMemory<Loads>(code);
  new Int32Array(fresh(8).memory.buffer)[1] = 7;
  const second = fresh(PAGE + 1);
  expect([compiled, second.functions.load(4), second.memory.buffer.byteLength]).toEqual([1, 0, 2 * PAGE]);
  const prepared: number[] = [];
  const growing = onGrowingMemory<Loads>(code, ({ buffer }) => prepared.push(buffer.byteLength));
  new Int32Array(growing(8).memory.buffer)[1] = 7;
  const grown = growing(3 * PAGE);
  expect([grown.functions.load(4), grown.memory.buffer.byteLength]).toEqual([7, 3 * PAGE]);
  expect(growing(8).memory.buffer.byteLength).toBe(3 * PAGE);
  expect(prepared).toEqual([PAGE]);
  expect(() => fresh(2 ** 33)).toThrow(RangeError);
});
