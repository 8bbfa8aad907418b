/**
 * The search of our deflate encoder: what repeats within the last 32 kB. One look at a hash table for each match, and where matches keep
 * missing it looks less and less often.
 */
import { distanceSymbol, END_OF_BLOCK, LENGTH_SYMBOL, LONGEST, SHORTEST } from './deflate-symbols.ts';

const HASH_BITS = 15;
const WINDOW = 32768;
/** After 2^5 misses in a row every second place is looked at, after 2^6 every third ... */
const MISSES_PER_STEP = 5;
const LARGEST_STEP = 16;
/** Bytes that share one pair of codes: enough to pay for the header of some 80 bytes, few enough to follow the data. */
export const BLOCK_BYTES = 1 << 17;

/** Kept between calls: allocating them costs more than small blocks. A thread encodes one block at a time. */
const table = new Int32Array(1 << HASH_BITS);
export const literalCounts = new Int32Array(286);
/** Every second literal is counted here: the same count twice in a row would wait for itself. */
const otherCounts = new Int32Array(256);
export const distanceCounts = new Int32Array(30);
/** Literals before each match, its length and distance. */
export const runs = new Int32Array(BLOCK_BYTES / SHORTEST + 2);
export const matches = new Int32Array(BLOCK_BYTES / SHORTEST + 2);

/** Before a new input. */
export function forgetMatches(): void {
  table.fill(-WINDOW - 1);
}

/** Cuts input[from..to) into runs of literals and matches, counted and kept in `runs` and `matches`; returns the number of matches. */
export function findMatches(input: Uint8Array, view: DataView, from: number, to: number): number {
  literalCounts.fill(0);
  otherCounts.fill(0);
  distanceCounts.fill(0);
  const last = to - SHORTEST;
  let count = 0;
  let start = from;
  let at = from;
  let misses = 0;
  while (at <= last) {
    const word = view.getInt32(at, true);
    const slot = Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS);
    const found = table[slot];
    table[slot] = at;
    if (at - found > WINDOW || view.getInt32(found, true) !== word) {
      at += Math.min(LARGEST_STEP, 1 + (misses++ >> MISSES_PER_STEP));
      continue;
    }
    const most = Math.min(to, at + LONGEST);
    let end = at + SHORTEST;
    const distance = at - found;
    while (end + 4 <= most && view.getInt32(end, true) === view.getInt32(end - distance, true)) end += 4;
    while (end < most && input[end] === input[end - distance]) end++;
    // What was stepped over may belong to the match.
    while (at > start && at - distance > 0 && end - at < LONGEST && input[at - 1] === input[at - distance - 1]) at--;

    countLiterals(input, start, at);
    const length = end - at;
    literalCounts[257 + LENGTH_SYMBOL[length]]++;
    distanceCounts[distanceSymbol(distance)]++;
    runs[count] = at - start;
    matches[count++] = (length << 16) | distance;
    // Places within the match are found again later: its first, which most matches do not go beyond, and its last, where a run goes on.
    for (let i = at + 1, stop = Math.min(at + SHORTEST, end - 1, last); i < stop; i++) remember(view, i);
    if (end <= last + 1) remember(view, end - 1);
    at = end;
    start = end;
    misses = 0;
  }
  countLiterals(input, start, to);
  for (let byte = 0; byte < 256; byte++) literalCounts[byte] += otherCounts[byte];
  literalCounts[END_OF_BLOCK] = 1;
  runs[count] = to - start;
  return count;
}

function remember(view: DataView, at: number): void {
  table[Math.imul(view.getInt32(at, true), 0x9e3779b1) >>> (32 - HASH_BITS)] = at;
}

function countLiterals(input: Uint8Array, from: number, to: number): void {
  let i = from;
  for (; i < to - 1; i += 2) {
    const first = input[i];
    const second = input[i + 1];
    literalCounts[first] = (literalCounts[first] + 1) | 0;
    otherCounts[second] = (otherCounts[second] + 1) | 0;
  }
  if (i < to) literalCounts[input[i]]++;
}
