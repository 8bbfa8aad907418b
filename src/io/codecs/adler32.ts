/** The checksum of zlib streams (RFC 1950, 8.2), four bytes at a time. */
export function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  let at = 0;
  while (at < bytes.length) {
    // 3800: as many bytes as keep the sums below 2^31.
    const end = Math.min(bytes.length, at + 3800);
    for (const fours = end - 3; at < fours; at += 4) {
      const p = bytes[at];
      const q = bytes[at + 1];
      const r = bytes[at + 2];
      const s = bytes[at + 3];
      b = (b + 4 * (a + p) + 3 * q + 2 * r + s) | 0;
      a = (a + p + q + r + s) | 0;
    }
    for (; at < end; at++) {
      a += bytes[at];
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return b * 65536 + a;
}
