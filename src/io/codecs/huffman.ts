/** Huffman codes as deflate has them (RFC 1951, 3.2.2): lengths from frequencies, within a limit, and the codes that follow from the lengths. */

export interface Code {
  /** Bits of each symbol, least significant first, in the low half; how many in the high half. */
  readonly packed: Int32Array;
  readonly lengths: Uint8Array;
}

/** The code of least total length for the frequencies, no symbol longer than `limit` bits. At least two symbols get a code, as decoders expect. */
export function huffmanCode(frequencies: Int32Array, limit: number): Code {
  const lengths = codeLengths(frequencies, limit);
  return { lengths, packed: packCodes(lengths, limit) };
}

function codeLengths(frequencies: Int32Array, limit: number): Uint8Array {
  const symbols = sortedSymbols(frequencies);
  const lengths = new Uint8Array(frequencies.length);
  const perLength = limitLengths(
    countLengths(
      symbols.map((symbol) => Math.max(1, frequencies[symbol])),
      limit,
    ),
    limit,
  );
  // The rarest symbols get the longest codes.
  let at = 0;
  for (let length = limit; length > 0; length--) {
    for (let i = 0; i < perLength[length]; i++) lengths[symbols[at++]] = length;
  }
  return lengths;
}

/** Symbols that occur, the rarest first; filled up to two. */
function sortedSymbols(frequencies: Int32Array): number[] {
  const keys = [];
  for (let symbol = 0; symbol < frequencies.length; symbol++)
    if (frequencies[symbol] > 0) keys.push(frequencies[symbol] * 512 + symbol);
  const symbols = [...Float64Array.from(keys).sort()].map((key) => key % 512);
  for (let symbol = 0; symbols.length < 2; symbol++) if (!symbols.includes(symbol)) symbols.unshift(symbol);
  return symbols;
}

/** How many symbols have each length in the tree of these ascending weights: two queues, of leaves and of joined nodes. */
function countLengths(weights: readonly number[], limit: number): Uint32Array {
  const leaves = weights.length;
  const joined = new Float64Array(leaves - 1);
  const parent = new Uint16Array(2 * leaves - 1);
  let leaf = 0;
  let node = 0;
  for (let made = 0; made < leaves - 1; made++) {
    let sum = 0;
    for (let i = 0; i < 2; i++) {
      if (leaf < leaves && (node >= made || weights[leaf] <= joined[node])) {
        parent[leaf] = leaves + made;
        sum += weights[leaf++];
      } else {
        parent[leaves + node] = leaves + made;
        sum += joined[node++];
      }
    }
    joined[made] = sum;
  }
  const depth = new Uint8Array(2 * leaves - 1);
  const perLength = new Uint32Array(limit + 1);
  for (let i = 2 * leaves - 3; i >= 0; i--) {
    depth[i] = depth[parent[i]] + 1;
    if (i < leaves) perLength[Math.min(depth[i], limit)]++;
  }
  return perLength;
}

/** Lengths cut to the limit leave too many codes: one of the limit goes, a shorter one is split in two, until they fit. */
function limitLengths(perLength: Uint32Array, limit: number): Uint32Array {
  let used = 0;
  for (let length = 1; length <= limit; length++) used += perLength[length] * 2 ** (limit - length);
  for (; used > 2 ** limit; used--) {
    perLength[limit]--;
    let shorter = limit - 1;
    while (perLength[shorter] === 0) shorter--;
    perLength[shorter]--;
    perLength[shorter + 1] += 2;
  }
  return perLength;
}

function packCodes(lengths: Uint8Array, limit: number): Int32Array {
  const perLength = new Uint32Array(limit + 2);
  for (const length of lengths) if (length > 0) perLength[length]++;
  const next = new Uint32Array(limit + 2);
  for (let length = 1; length <= limit; length++) next[length + 1] = (next[length] + perLength[length]) << 1;
  const packed = new Int32Array(lengths.length);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol];
    if (length > 0) packed[symbol] = (length << 16) | reverse(next[length]++, length);
  }
  return packed;
}

/** Deflate sends codes from their most significant bit, everything else from the least. */
function reverse(code: number, length: number): number {
  let out = 0;
  for (let i = 0; i < length; i++) out |= ((code >> i) & 1) << (length - 1 - i);
  return out;
}
