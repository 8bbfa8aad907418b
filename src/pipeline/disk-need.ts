/** A disk that is full, said with how much room the run wants: for people who have to find it. */
import { EcofluxError, isEcofluxError } from '../core/errors.ts';
import type { RasterDescription } from '../io/raster-writer.ts';

const DEFAULT_BLOCK = 512;
/** Overviews take a third of the image. */
const WITH_OVERVIEWS = 4 / 3;

/** What has been written of the files so far, to tell what is still to come. */
export class WrittenBlocks {
  readonly #all: number;
  #blocks = 0;
  #bytes = 0;

  constructor(descriptions: readonly RasterDescription[]) {
    this.#all = descriptions.reduce((sum, { grid, blockSize = DEFAULT_BLOCK }) => {
      return sum + Math.ceil(grid.width / blockSize) * Math.ceil(grid.height / blockSize);
    }, 0);
  }

  add(bytes: number): void {
    this.#blocks++;
    this.#bytes += bytes;
  }

  /** Bytes still needed where the files lie: first all blocks, then the files made of them. Undefined before the first block. */
  get need(): number | undefined {
    if (this.#blocks === 0) return undefined;
    const files = (this.#bytes / this.#blocks) * this.#all * WITH_OVERVIEWS;
    return Math.max(0, 2 * files - this.#bytes);
  }
}

/** The same error; of a full disk with what is needed. `scratch`: bytes of all scratch files. */
export function withNeed(error: unknown, scratch: number, written: WrittenBlocks): unknown {
  const cause = isEcofluxError(error, 'OutOfCapacity')
    ? (error.details.cause as { code?: unknown } | undefined)
    : undefined;
  if (!isEcofluxError(error) || (cause?.code !== 'ENOSPC' && cause?.code !== 'EDQUOT')) return error;
  const { need } = written;
  const expected = error.what.includes('scratch')
    ? `some ${words(scratch)} for them`
    : need === undefined
      ? undefined
      : `some ${words(need)} more`;
  return new EcofluxError(error.code, error.what, { ...error.details, expected });
}

function words(bytes: number): string {
  const [unit, size] = bytes < 1e6 ? ['kB', 1e3] : bytes < 1e9 ? ['MB', 1e6] : (['GB', 1e9] as const);
  return `${Number((bytes / size).toPrecision(2))} ${unit}`;
}
