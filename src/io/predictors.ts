/** TIFF predictors 2 (differences along a row) and 3 (floats cut into planes of bytes, then differences), undone and applied in place or between flat arrays. */

/** A block as the predictors see it: `across` samples per row and cell step `stride` (bands side by side). */
export interface RowShape {
  readonly rows: number;
  /** Samples of one row, all bands counted. */
  readonly across: number;
  readonly stride: number;
}

/** Predictor 2, undone in place. `bytes` are in the byte order of this machine and aligned. */
export function undoDifferences(bytes: Uint8Array, sampleBytes: number, shape: RowShape): void {
  const { buffer, byteOffset, byteLength } = bytes;
  if (sampleBytes === 1) sumRows8(bytes, shape);
  else if (sampleBytes === 2) sumRows16(new Uint16Array(buffer, byteOffset, byteLength >> 1), shape);
  else if (sampleBytes === 4) sumRows32(new Int32Array(buffer, byteOffset, byteLength >> 2), shape);
  else sumRows64(new BigUint64Array(buffer, byteOffset, byteLength >> 3), shape);
}

// One loop for each width: a loop that sees several kinds of arrays runs at a third of the speed.

function sumRows8(samples: Uint8Array, { rows, across, stride }: RowShape): void {
  for (let row = 0; row < rows; row++) {
    const end = (row + 1) * across;
    if (stride === 1) {
      let sum = 0;
      for (let i = row * across; i < end; i++) {
        sum = (sum + samples[i]) | 0;
        samples[i] = sum;
      }
    } else {
      for (let i = row * across + stride; i < end; i++) samples[i] += samples[i - stride];
    }
  }
}

function sumRows16(samples: Uint16Array, { rows, across, stride }: RowShape): void {
  for (let row = 0; row < rows; row++) {
    const end = (row + 1) * across;
    if (stride === 1) {
      let sum = 0;
      for (let i = row * across; i < end; i++) {
        sum = (sum + samples[i]) | 0;
        samples[i] = sum;
      }
    } else {
      for (let i = row * across + stride; i < end; i++) samples[i] += samples[i - stride];
    }
  }
}

function sumRows32(samples: Int32Array, { rows, across, stride }: RowShape): void {
  for (let row = 0; row < rows; row++) {
    const end = (row + 1) * across;
    if (stride === 1) {
      let sum = 0;
      for (let i = row * across; i < end; i++) {
        sum = (sum + samples[i]) | 0;
        samples[i] = sum;
      }
    } else {
      for (let i = row * across + stride; i < end; i++) samples[i] += samples[i - stride];
    }
  }
}

function sumRows64(samples: BigUint64Array, { rows, across, stride }: RowShape): void {
  for (let row = 0; row < rows; row++) {
    const end = (row + 1) * across;
    for (let i = row * across + stride; i < end; i++) samples[i] += samples[i - stride];
  }
}

/** Predictor 2, applied in place; single band. */
export function applyDifferences(bytes: Uint8Array, sampleBytes: number, { rows, across }: RowShape): void {
  const { buffer, byteOffset, byteLength } = bytes;
  if (sampleBytes === 8) {
    const samples = new BigUint64Array(buffer, byteOffset, byteLength >> 3);
    for (let row = 0; row < rows; row++) {
      for (let i = (row + 1) * across - 1; i > row * across; i--) samples[i] -= samples[i - 1];
    }
    return;
  }
  const Words = sampleBytes === 1 ? Uint8Array : sampleBytes === 2 ? Uint16Array : Uint32Array;
  const samples = new Words(buffer as ArrayBuffer, byteOffset, byteLength / sampleBytes);
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
