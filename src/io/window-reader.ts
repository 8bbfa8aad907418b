/** A window of one band of one image, gathered from the blocks it touches. */
import type { Window } from '../core/grid.ts';
import { intersect } from '../core/tiles.ts';
import type { Block } from './block.ts';
import type { BlockCache } from './block-cache.ts';
import { readBlocks } from './block-reader.ts';
import type { ReadOptions } from './byte-source.ts';
import { allocateSamples, type TypedArray } from './samples.ts';
import type { TiffFile } from './tiff/directory.ts';
import { samplesAcross, type TiffImage } from './tiff/image.ts';

export interface WindowReading {
  readonly file: TiffFile;
  readonly cache?: BlockCache;
  /** Names the image among all whose blocks are in the cache. */
  readonly key: string;
  /** Turn the rows round. */
  readonly southUp: boolean;
  /** Value of cells in blocks that are not stored. */
  readonly fill: number;
  readonly options?: ReadOptions;
}

/** `window` in rows of the file; the result has its last row first where `southUp`. */
export async function readImageWindow(
  image: TiffImage,
  window: Window,
  band: number,
  { file, cache, key, southUp, fill, options }: WindowReading,
): Promise<TypedArray> {
  const { blockWidth, blockHeight, columns } = image;
  const plane = image.chunky ? 0 : (band - 1) * columns * image.rows;
  const wanted: number[] = [];
  const firstColumn = Math.floor(window.x / blockWidth);
  const lastColumn = Math.floor((window.x + window.width - 1) / blockWidth);
  const firstRow = Math.floor(window.y / blockHeight);
  const lastRow = Math.floor((window.y + window.height - 1) / blockHeight);
  for (let row = firstRow; row <= lastRow; row++) {
    for (let column = firstColumn; column <= lastColumn; column++) wanted.push(plane + row * columns + column);
  }

  const out = allocateSamples(image.sampleType, window.width * window.height);
  const place = (index: number, block: Block | undefined) => {
    const inPlane = index - plane;
    const x = (inPlane % columns) * blockWidth;
    const y = Math.floor(inPlane / columns) * blockHeight;
    const shared = intersect(window, { x, y, width: blockWidth, height: blockHeight });
    if (!shared) return;
    for (let row = 0; row < shared.height; row++) {
      const inWindow = shared.y - window.y + row;
      const to = (southUp ? window.height - 1 - inWindow : inWindow) * window.width + shared.x - window.x;
      if (block) block.copyRow(shared.y - y + row, shared.x - x, shared.width, image.chunky ? band - 1 : 0, out, to);
      else fillRow(out, to, shared.width, fill);
    }
  };

  const missing = cache ? [] : wanted;
  if (cache) {
    for (const index of wanted) {
      const block = cache.get(`${key}/${index}`);
      if (block) place(index, block);
      else missing.push(index);
    }
  }
  await readBlocks(
    file,
    image,
    missing,
    (index, block) => {
      place(index, block);
      if (cache && block && usedInPart(image, index - plane, window)) cache.put(`${key}/${index}`, block);
    },
    options,
  );
  return out;
}

/** Whether a later window is likely to want the block again: cells of it, or bands side by side, were left out. */
function usedInPart(image: TiffImage, index: number, window: Window): boolean {
  if (samplesAcross(image) > 1) return true;
  const x = (index % image.columns) * image.blockWidth;
  const y = Math.floor(index / image.columns) * image.blockHeight;
  return (
    x < window.x ||
    y < window.y ||
    Math.min(x + image.blockWidth, image.width) > window.x + window.width ||
    Math.min(y + image.blockHeight, image.height) > window.y + window.height
  );
}

function fillRow(out: TypedArray, to: number, width: number, value: number): void {
  if (out instanceof BigInt64Array || out instanceof BigUint64Array) out.fill(wholeNumber(value), to, to + width);
  else out.fill(value, to, to + width);
}

function wholeNumber(value: number): bigint {
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n;
}
