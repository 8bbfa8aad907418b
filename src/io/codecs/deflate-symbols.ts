/** Lengths and distances of matches as deflate writes them (RFC 1951, 3.2.5): a symbol and extra bits. */

/** Deflate allows 3; four bytes are one word to compare, and matches of three gain next to nothing. */
export const SHORTEST = 4;
export const LONGEST = 258;
export const END_OF_BLOCK = 256;

/** Symbol of a length of 3 to 258, less 257. */
export const LENGTH_SYMBOL = new Uint16Array(LONGEST + 1);
export const LENGTH_BASE = new Uint16Array(29);
export const LENGTH_EXTRA = new Uint8Array(29);
export const DISTANCE_BASE = new Uint16Array(30);
export const DISTANCE_EXTRA = new Uint8Array(30);
/** Symbol of a distance − 1: the first 256 directly, the others by 128. */
const DISTANCE_SYMBOL = new Uint8Array(512);

for (let symbol = 0, length = 3; symbol < 28; symbol++) {
  LENGTH_EXTRA[symbol] = symbol < 8 ? 0 : (symbol >> 2) - 1;
  LENGTH_BASE[symbol] = length;
  for (let i = 0; i < 1 << LENGTH_EXTRA[symbol]; i++) LENGTH_SYMBOL[Math.min(length++, LONGEST)] = symbol;
}
LENGTH_BASE[28] = LONGEST;
LENGTH_SYMBOL[LONGEST] = 28;
for (let symbol = 0, distance = 0; symbol < 30; symbol++) {
  DISTANCE_EXTRA[symbol] = symbol < 4 ? 0 : (symbol >> 1) - 1;
  DISTANCE_BASE[symbol] = distance + 1;
  for (let i = 0; i < 1 << DISTANCE_EXTRA[symbol]; i++, distance++) {
    DISTANCE_SYMBOL[distance < 256 ? distance : 256 + (distance >> 7)] = symbol;
  }
}

/** Symbol of a distance of 1 to 32 768. */
export function distanceSymbol(distance: number): number {
  return DISTANCE_SYMBOL[distance <= 256 ? distance - 1 : 256 + ((distance - 1) >> 7)];
}
