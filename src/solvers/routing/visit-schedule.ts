/**
 * Which tiles are visited next. First those that now have all they wait for, then those that were not looked at yet, then the one that waits
 * for least: so tiles are visited few times, and few are open at once. Where water flows along a border it crosses it at every step, so
 * neighbours are visited together.
 */
import { throwIfAborted } from '../../core/errors.ts';
import type { Tiling } from '../../core/tiles.ts';
import type { Letter } from './tile-frame.ts';

/** Tiles of a visit. */
export const MOST_TOGETHER = 4;

export class VisitSchedule {
  readonly #fresh: Uint32Array;
  #nextFresh = 0;
  readonly #inbox = new Map<number, Letter[]>();
  /** Visited and not closed: how many cells of their rings are still to be sent. */
  readonly #open = new Map<number, number>();
  readonly #closed: Uint8Array;
  readonly #running = new Set<number>();
  readonly #tiling: Tiling;

  /** `order`: of first visits, all tiles. */
  constructor(tiling: Tiling, order: Uint32Array) {
    this.#tiling = tiling;
    this.#fresh = order;
    this.#closed = new Uint8Array(order.length);
  }

  /** What was sent to the tile since it was last visited. */
  collect(tile: number): readonly Letter[] {
    const letters = this.#inbox.get(tile) ?? [];
    this.#inbox.delete(tile);
    return letters;
  }

  deliver(letters: readonly Letter[]): void {
    for (const letter of letters) {
      if (this.#closed[letter.to]) continue;
      const there = this.#inbox.get(letter.to);
      if (there) there.push(letter);
      else this.#inbox.set(letter.to, [letter]);
    }
  }

  /** The tile waits for so many cells of its ring. */
  leaveOpen(tile: number, foreign: number): void {
    this.#open.set(tile, foreign);
  }

  /** What `leaveOpen` said of the tile. */
  foreign(tile: number): number {
    return this.#open.get(tile) ?? 0;
  }

  /** The tile needs nothing more. */
  close(tile: number): void {
    this.#open.delete(tile);
    this.#inbox.delete(tile);
    this.#closed[tile] = 1;
  }

  /** Visits tiles, `lanes` groups at once, until none has anything to do. The first failure ends it, once all that started has ended. */
  async run(
    lanes: number,
    signal: AbortSignal | undefined,
    visit: (tiles: readonly number[]) => Promise<void>,
  ): Promise<void> {
    const active = new Set<Promise<void>>();
    let failure: { readonly reason: unknown } | undefined;
    while (true) {
      while (active.size < lanes && !failure) {
        const tiles = this.#next();
        if (tiles.length === 0) break;
        for (const tile of tiles) this.#running.add(tile);
        const ends = (async () => {
          throwIfAborted(signal);
          await visit(tiles);
        })()
          .catch((reason) => {
            failure ??= { reason };
          })
          .then(() => {
            for (const tile of tiles) this.#running.delete(tile);
            active.delete(ends);
          });
        active.add(ends);
      }
      if (active.size === 0) break;
      await Promise.race(active);
    }
    if (failure) throw failure.reason;
  }

  #next(): number[] {
    let [best, least] = [-1, Number.POSITIVE_INFINITY];
    for (const [tile, letters] of this.#inbox) {
      const foreign = this.#open.get(tile);
      if (foreign === undefined || this.#running.has(tile)) continue;
      const left = foreign - countOf(letters);
      if (left <= 0) return [tile];
      if (left < least) [best, least] = [tile, left];
    }
    if (this.#nextFresh < this.#fresh.length) return [this.#fresh[this.#nextFresh++]];
    return best >= 0 ? this.#group(best) : [];
  }

  /** The tile, and of the four squares of four tiles around it the open ones of the square that was told most. */
  #group(tile: number): number[] {
    const { columns, rows } = this.#tiling;
    const [x, y] = [tile % columns, Math.floor(tile / columns)];
    let [best, most] = [[tile], -1];
    for (const dx of [-1, 1])
      for (const dy of [-1, 1]) {
        const others: number[] = [];
        for (const [nx, ny] of [
          [x + dx, y],
          [x, y + dy],
          [x + dx, y + dy],
        ]) {
          const other = ny * columns + nx;
          if (nx < 0 || ny < 0 || nx >= columns || ny >= rows) continue;
          if (this.#open.has(other) && !this.#running.has(other)) others.push(other);
        }
        const told = others.reduce((sum, other) => sum + 1 + countOf(this.#inbox.get(other) ?? []), 0);
        if (told > most) [best, most] = [[tile, ...others], told];
      }
    return best;
  }
}

function countOf(letters: readonly Letter[]): number {
  let sum = 0;
  for (const { cells } of letters) sum += cells;
  return sum;
}
