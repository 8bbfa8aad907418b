/**
 * The loops of deflate-runs.ts in WebAssembly. A stretch of bytes is cut into bytes by themselves and runs: repetitions of the byte before, at least
 * three and at most 258. The byte before the first one must be there, and eight after the last.
 */
import type { Code } from '../../core/wasm/encoding.ts';
import { FunctionCode } from '../../core/wasm/function-code.ts';
import { i32, i64 } from '../../core/wasm/instructions.ts';

/** Where the tables lie. */
export const COUNTS = 0;
/** There are two tables of counts, to be added: one memory cell is not changed twice in a row. */
export const COUNTS_BYTES = 4 * 286;
export const BYTE_CODES = 4096;
export const RUN_CODES = 8192;
/** Length codes by the length of a run. */
export const RUN_SYMBOLS = 12288;
/** After `put`: bits that make no byte yet, and how many. */
export const REST = 16384;
export const FREE = 16448;

const LONGEST = 258;
const ONES = 0x0101010101010101n;

/** A code is 24 bits and, above them, how many of them count. */
const VALUE = i32.of(0xffffff);

/**
 * count (at, end): adds to the counts of bytes and of length codes.
 * put (at, end, to, bits, held): writes their codes to `to`, after `held` bits; gives the place of the next byte.
 * adler (at, end): the checksum of zlib streams.
 */
export function runFunctions(): FunctionCode[] {
  return [count(), put(), adler()];
}

function count(): FunctionCode {
  const code = new FunctionCode('count', 2);
  const tally = (index: Code, table: number) => {
    const place = code.local('i32', i32.shiftLeft(index, i32.of(2)));
    const offset = COUNTS + table * COUNTS_BYTES;
    code.do(i32.store(place, i32.add(i32.load(place, offset), i32.of(1)), offset));
  };
  const [first, end] = code.parameters;
  eachToken(code, first, end, {
    eight: (at) => {
      for (let i = 0; i < 8; i++) tally(i32.loadByte(at, i), i & 1);
    },
    one: (at) => tally(i32.loadByte(at), 0),
    run: (length) => tally(i32.load(i32.shiftLeft(length, i32.of(2)), RUN_SYMBOLS), 0),
  });
  return code;
}

function put(): FunctionCode {
  const code = new FunctionCode('put', 5, 'i32');
  const [at, end, to, first, before] = code.parameters;
  const bits = code.local('i64', i64.from(first));
  const held = code.local('i64', i64.from(before));
  const add = (table: number, index: Code) => {
    const packed = code.local('i32', i32.load(i32.shiftLeft(index, i32.of(2)), table));
    code.set(bits, i64.or(bits, i64.shiftLeft(i64.from(i32.and(packed, VALUE)), held)));
    code.set(held, i64.add(held, i64.from(i32.shiftRight(packed, i32.of(24)))));
  };
  // All bits are stored; those that make whole bytes count as written.
  const flush = () => {
    code.do(i64.store(to, bits));
    code.set(to, i32.add(to, i32.from(i64.shiftRight(held, i64.of(3n)))));
    code.set(bits, i64.shiftRight(bits, i64.and(held, i64.of(56n))));
    code.set(held, i64.and(held, i64.of(7n)));
  };
  eachToken(code, at, end, {
    eight: (from) => {
      for (let i = 0; i < 8; i++) {
        add(BYTE_CODES, i32.loadByte(from, i));
        if (i % 4 === 3) flush();
      }
    },
    one: (from) => {
      add(BYTE_CODES, i32.loadByte(from));
      flush();
    },
    run: (length) => {
      add(RUN_CODES, length);
      flush();
    },
  });
  code.do(i64.store(i32.of(REST), bits));
  code.do(i64.store(i32.of(REST), held, 8));
  code.do(to);
  return code;
}

interface Tokens {
  readonly eight: (at: Code) => void;
  readonly one: (at: Code) => void;
  readonly run: (length: Code) => void;
}

/** The same for both functions: eight bytes at a time while none equals the one before it. */
function eachToken(code: FunctionCode, at: Code, end: Code, { eight, one, run }: Tokens): void {
  const [same, alone, until, length, limit, step] = Array.from({ length: 6 }, (_, i) =>
    code.local(i === 0 ? 'i64' : 'i32', i === 0 ? i64.of(0n) : i32.of(0)),
  );
  const before = (): Code => i64.load(i32.sub(at, i32.of(1)));
  code.while(i32.below(at, end), () => {
    code.set(same, i64.xor(i64.load(at), before()));
    // The lowest of these bits is in the first byte that is 0.
    const zeros = i64.and(i64.and(i64.sub(same, i64.of(ONES)), i64.xor(same, i64.of(-1n))), i64.of(ONES << 7n));
    code.set(alone, i32.from(i64.shiftRight(i64.trailingZeros(zeros), i64.of(3n))));
    code.if(
      i32.and(i32.equal(alone, i32.of(8)), i32.atMost(i32.add(at, i32.of(8)), end)),
      () => {
        eight(at);
        code.set(at, i32.add(at, i32.of(8)));
      },
      () => {
        code.set(until, i32.least(i32.add(at, alone), end));
        code.while(i32.below(at, until), () => {
          one(at);
          code.set(at, i32.add(at, i32.of(1)));
        });
        code.if(i32.below(at, end), () => {
          code.set(limit, i32.least(i32.of(LONGEST), i32.sub(end, at)));
          code.set(length, i32.of(0));
          code.set(same, i64.multiply(i64.from(i32.loadByte(i32.sub(at, i32.of(1)))), i64.of(ONES)));
          code.repeat(
            () => {
              const equal = i64.trailingZeros(i64.xor(i64.load(i32.add(at, length)), same));
              code.set(step, i32.from(i64.shiftRight(equal, i64.of(3n))));
              code.set(length, i32.add(length, step));
            },
            i32.and(i32.equal(step, i32.of(8)), i32.below(length, limit)),
          );
          code.set(length, i32.least(length, limit));
          code.set(until, i32.add(at, length));
          code.if(
            i32.below(length, i32.of(3)),
            () =>
              code.while(i32.below(at, until), () => {
                one(at);
                code.set(at, i32.add(at, i32.of(1)));
              }),
            () => run(length),
          );
          code.set(at, until);
        });
      },
    );
  });
}

/** As many bytes as keep the sums below 2^32. */
const SUMMED = 5552;

function adler(): FunctionCode {
  const code = new FunctionCode('adler', 2, 'i32');
  const [at, end] = code.parameters;
  const a = code.local('i32', i32.of(1));
  const b = code.local('i32', i32.of(0));
  const until = code.local('i32', i32.of(0));
  const add = (offset: number) => {
    code.set(a, i32.add(a, i32.loadByte(at, offset)));
    code.set(b, i32.add(b, a));
  };
  code.while(i32.below(at, end), () => {
    code.set(until, i32.least(i32.add(at, i32.of(SUMMED)), end));
    code.while(i32.atMost(i32.add(at, i32.of(8)), until), () => {
      for (let i = 0; i < 8; i++) add(i);
      code.set(at, i32.add(at, i32.of(8)));
    });
    code.while(i32.below(at, until), () => {
      add(0);
      code.set(at, i32.add(at, i32.of(1)));
    });
    code.set(a, i32.remainder(a, i32.of(65521)));
    code.set(b, i32.remainder(b, i32.of(65521)));
  });
  code.do(i32.or(i32.shiftLeft(b, i32.of(16)), a));
  return code;
}
