/** A decoded block of a file. Rows of it are copied to where they are wanted; planes of bytes (predictor 3) only become floats on their way. */
import { undoFloat32Row } from './float32-planes.ts';
import type { TypedArray } from './samples.ts';

export interface Block {
  /** What it holds in memory. */
  readonly bytes: number;
  /** Copies `width` cells from column `x` of a row of one band (from 0) to out[to ...]; `out` is of the image's sample type. */
  copyRow(row: number, x: number, width: number, band: number, out: TypedArray, to: number): void;
}

/** Samples as they are, `across` bands side by side. */
export function sampleBlock(samples: TypedArray, blockWidth: number, across: number): Block {
  return {
    bytes: samples.byteLength,
    copyRow(row, x, width, band, out, to) {
      const from = row * blockWidth + x;
      if (across === 1) {
        // biome-ignore lint/suspicious/noExplicitAny: both arrays are of the image's sample type
        out.set(samples.subarray(from, from + width) as any, to);
      } else {
        for (let i = 0, at = from * across + band; i < width; i++, at += across) out[to + i] = samples[at];
      }
    },
  };
}

/** f32 of one band by predictor 3, still in planes: see float32-planes.ts for what this asks of machine and width. */
export function planesBlock(planes: Int32Array, blockWidth: number): Block {
  const cells = new Int32Array(blockWidth);
  let target: TypedArray | undefined;
  let words = cells;
  return {
    bytes: planes.byteLength,
    copyRow(row, x, width, _band, out, to) {
      if (out !== target) {
        target = out;
        words = new Int32Array(out.buffer as ArrayBuffer, out.byteOffset, out.length);
      }
      if (width === blockWidth) {
        undoFloat32Row(planes, row * blockWidth, blockWidth, words, to);
      } else {
        undoFloat32Row(planes, row * blockWidth, blockWidth, cells, 0);
        words.set(cells.subarray(x, x + width), to);
      }
    },
  };
}
