/** PackBits: runs and literals of bytes (TIFF 6.0, section 9). */
import type { Codec } from './index.ts';

export const packbits: Codec = {
  decode(bytes, size) {
    const out = new Uint8Array(size);
    let to = 0;
    for (let at = 0; at < bytes.length && to < size; ) {
      const code = bytes[at++];
      if (code < 128) {
        const length = Math.min(code + 1, size - to, bytes.length - at);
        out.set(bytes.subarray(at, at + length), to);
        at += code + 1;
        to += length;
      } else if (code > 128) {
        const length = Math.min(257 - code, size - to);
        out.fill(bytes[at++], to, to + length);
        to += length;
      }
    }
    return to === size ? out : out.subarray(0, to);
  },
};
