/** LZW as TIFF has it: codes of 9 to 12 bits, most significant bit first, growing one code early (TIFF 6.0, section 13). */
import type { Codec } from './index.ts';

const CLEAR = 256;
const END = 257;
const FIRST = 258;
const MOST_CODES = 4096;

/**
 * A string of the table is a place in the output: where it was written last, and its length. So nothing is stored but two numbers per code,
 * and a string is copied from what has been decoded already.
 */
function decode(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  const place = new Int32Array(MOST_CODES + 1);
  const length = new Int32Array(MOST_CODES + 1);
  let next = FIRST;
  let width = 9;
  let bits = 0;
  let held = 0;
  let at = 0;
  let to = 0;
  let previousPlace = -1;
  let previousLength = 0;

  while (to < size) {
    while (held < width && at < bytes.length) {
      bits = (bits << 8) | bytes[at++];
      held += 8;
    }
    if (held < width) break;
    const code = (bits >>> (held - width)) & ((1 << width) - 1);
    held -= width;
    bits &= (1 << held) - 1;

    if (code === END) break;
    if (code === CLEAR) {
      next = FIRST;
      width = 9;
      previousPlace = -1;
      continue;
    }
    const start = to;
    if (code < CLEAR) {
      out[to++] = code;
    } else {
      const known = code < next;
      if (!known && (code > next || previousPlace < 0)) throw new RangeError(`LZW code ${code} before it is defined`);
      let from = known ? place[code] : previousPlace;
      const end = Math.min(size, to + (known ? length[code] : previousLength + 1));
      // Byte by byte: a string may overlap what it is copied to.
      while (to < end) out[to++] = out[from++];
    }
    if (previousPlace >= 0 && next < MOST_CODES) {
      place[next] = previousPlace;
      length[next] = previousLength + 1;
      next++;
      if (next + 1 >= 1 << width && width < 12) width++;
    }
    previousPlace = start;
    previousLength = to - start;
  }
  return to === size ? out : out.subarray(0, to);
}

export const lzw: Codec = { decode };
