/** What a device needs of a kernel: its spectrum in the order of the device's transforms, as pairs of float32, and a table of turns. */
import { frequencyOrder } from './fft.ts';
import type { Kernel } from './kernels.ts';
import { frequencyAt } from './line-passes.ts';
import { bringSpectrum, spectrumAt } from './spectrum.ts';
import { makeTransform } from './transform.ts';

export interface SpectrumInput {
  readonly kernel: Kernel;
  readonly lengthX: number;
  readonly lengthY: number;
}

/** High and low part at each place, row by row, over the size of the transform. */
export function deviceSpectrum({ kernel, lengthX, lengthY }: SpectrumInput): Float32Array<ArrayBuffer> {
  const transform = makeTransform(lengthX, lengthY);
  bringSpectrum(transform, kernel);
  const [columns, rows] = [lengthX, lengthY].map((length) => {
    const places = new Uint32Array(length);
    for (const [place, frequency] of frequencyOrder(length).entries()) places[frequency] = place;
    return frequencyAt(length).map((frequency) => places[frequency]);
  });
  const pairs = new Float32Array(2 * lengthX * lengthY);
  for (let y = 0, i = 0; y < lengthY; y++)
    for (let x = 0; x < lengthX; x++, i += 2) putPair(pairs, i, spectrumAt(transform, columns[x], rows[y]));
  return pairs;
}

/** Cosine and −sine of `parts` parts of a full turn, each as high and low part. */
export function turnTable(parts: number): Float32Array<ArrayBuffer> {
  const table = new Float32Array(4 * parts);
  for (let k = 0; k < parts; k++) {
    putPair(table, 4 * k, Math.cos((2 * Math.PI * k) / parts));
    putPair(table, 4 * k + 2, -Math.sin((2 * Math.PI * k) / parts));
  }
  return table;
}

function putPair(pairs: Float32Array, at: number, value: number): void {
  pairs[at] = value;
  pairs[at + 1] = value - pairs[at];
}
