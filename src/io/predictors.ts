/** TIFF predictors 2 (differences along a row) and 3 (floats cut into planes of bytes, then differences), undone and applied in place or between flat arrays. */

/** A block as the predictors see it: `across` samples per row and cell step `stride` (bands side by side). */
export interface RowShape {
  readonly rows: number;
  /** Samples of one row, all bands counted. */
  readonly across: number;
  readonly stride: number;
}

type Integers = Uint8Array | Uint16Array | Uint32Array | BigUint64Array;

/** Samples of `bytes` as unsigned integers of their width; differences wrap, so signs do not matter. */
function integersOf(bytes: Uint8Array, sampleBytes: number): Integers {
  const { buffer, byteOffset, byteLength } = bytes;
  if (sampleBytes === 1) return bytes;
  if (sampleBytes === 2) return new Uint16Array(buffer, byteOffset, byteLength >> 1);
  if (sampleBytes === 4) return new Uint32Array(buffer, byteOffset, byteLength >> 2);
  return new BigUint64Array(buffer, byteOffset, Math.floor(byteLength / 8));
}

/** Predictor 2, undone in place. `bytes` are in the byte order of this machine and aligned. */
export function undoDifferences(bytes: Uint8Array, sampleBytes: number, { rows, across, stride }: RowShape): void {
  const samples = integersOf(bytes, sampleBytes);
  if (samples instanceof BigUint64Array) {
    for (let row = 0; row < rows; row++) {
      for (let i = row * across + stride; i < (row + 1) * across; i++) samples[i] += samples[i - stride];
    }
  } else if (stride === 1) {
    for (let row = 0; row < rows; row++) {
      const end = (row + 1) * across;
      let sum = 0;
      for (let i = row * across; i < end; i++) {
        sum = (sum + samples[i]) | 0;
        samples[i] = sum;
      }
    }
  } else {
    for (let row = 0; row < rows; row++) {
      const end = (row + 1) * across;
      for (let i = row * across + stride; i < end; i++) samples[i] += samples[i - stride];
    }
  }
}

/** Predictor 2, applied in place; single band. */
export function applyDifferences(bytes: Uint8Array, sampleBytes: number, { rows, across }: RowShape): void {
  const samples = integersOf(bytes, sampleBytes);
  if (samples instanceof BigUint64Array) {
    for (let row = 0; row < rows; row++)
      for (let i = (row + 1) * across - 1; i > row * across; i--) samples[i] -= samples[i - 1];
    return;
  }
  for (let row = 0; row < rows; row++) {
    const end = (row + 1) * across;
    let previous = 0;
    for (let i = row * across; i < end; i++) {
      const value = samples[i];
      samples[i] = value - previous;
      previous = value;
    }
  }
}

/** Predictor 3, undone: returns the samples in little-endian byte order. */
export function undoFloatPlanes(
  bytes: Uint8Array,
  sampleBytes: number,
  { rows, across, stride }: RowShape,
): Uint8Array {
  const out = new Uint8Array(rows * across * sampleBytes);
  if (sampleBytes === 4 && stride === 1) {
    undoFloat32(bytes, new Uint32Array(out.buffer), rows, across);
    return out;
  }
  const rowBytes = across * sampleBytes;
  for (let row = 0; row < rows; row++) {
    const start = row * rowBytes;
    for (let i = start + stride; i < start + rowBytes; i++) bytes[i] += bytes[i - stride];
    for (let plane = 0; plane < sampleBytes; plane++) {
      const from = start + plane * across;
      const to = start + sampleBytes - 1 - plane;
      for (let i = 0; i < across; i++) out[to + i * sampleBytes] = bytes[from + i];
    }
  }
  return out;
}

/**
 * The planes of a row are one chain of differences. The four chains are summed side by side from zero, which the processor overlaps,
 * and what each should have started with is added afterwards to all four bytes of a word at once.
 */
function undoFloat32(bytes: Uint8Array, words: Uint32Array, rows: number, across: number): void {
  for (let row = 0; row < rows; row++) {
    const first = row * across * 4;
    const second = first + across;
    const third = second + across;
    const fourth = third + across;
    const at = row * across;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let i = 0; i < across; i++) {
      a += bytes[first + i];
      b += bytes[second + i];
      c += bytes[third + i];
      d += bytes[fourth + i];
      words[at + i] = (a << 24) | ((b & 255) << 16) | ((c & 255) << 8) | (d & 255);
    }
    const start = ((a & 255) << 16) | (((a + b) & 255) << 8) | ((a + b + c) & 255);
    const low = start & 0x7f7f7f7f;
    for (let i = at; i < at + across; i++) {
      const word = words[i];
      words[i] = ((word & 0x7f7f7f7f) + low) ^ ((word ^ start) & 0x80808080);
    }
  }
}

/** Predictor 3, applied to `words` (f32 by their bits): the block's bytes. */
export function applyFloat32Planes(words: Uint32Array, rows: number, across: number, out: Uint8Array): void {
  for (let row = 0; row < rows; row++) {
    const at = row * across;
    const first = at * 4;
    const second = first + across;
    const third = second + across;
    const fourth = third + across;
    let previous = 0;
    for (let i = 0; i < across; i++) {
      const word = words[at + i];
      out[first + i] = (word >>> 24) - (previous >>> 24);
      out[second + i] = (word >>> 16) - (previous >>> 16);
      out[third + i] = (word >>> 8) - (previous >>> 8);
      out[fourth + i] = word - previous;
      previous = word;
    }
    // The first byte of a plane follows the last byte of the plane before it.
    out[second] -= previous >>> 24;
    out[third] -= previous >>> 16;
    out[fourth] -= previous >>> 8;
  }
}

/** Predictor 3 for any float width: `bytes` in little-endian order, single band. */
export function applyFloatPlanes(bytes: Uint8Array, sampleBytes: number, { rows, across }: RowShape): Uint8Array {
  const out = new Uint8Array(bytes.length);
  const rowBytes = across * sampleBytes;
  for (let row = 0; row < rows; row++) {
    const start = row * rowBytes;
    for (let plane = 0; plane < sampleBytes; plane++) {
      const to = start + plane * across;
      const from = start + sampleBytes - 1 - plane;
      for (let i = 0; i < across; i++) out[to + i] = bytes[from + i * sampleBytes];
    }
    for (let i = start + rowBytes - 1; i > start; i--) out[i] -= out[i - 1];
  }
  return out;
}
