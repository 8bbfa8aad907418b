/**
 * Which tiles of which passes need no visit: those whose inputs are known to be nodata throughout. Every stage makes nodata of nodata, and a
 * reduction finds nothing in it (test/suites/nodata.test.ts), so what such a visit would give is known.
 */
import { grow, type Tiling, tileAt, tilesUnder } from '../core/tiles.ts';
import type { Pass } from './passes.ts';
import type { FieldReader } from './run-types.ts';

const UNKNOWN = 0;
const NO = 1;
const YES = 2;

export class EmptyTiles {
  readonly #tiling: Tiling;
  readonly #readers: ReadonlyMap<string, FieldReader>;
  readonly #makerOf: ReadonlyMap<string, Pass>;
  readonly #known = new Map<Pass, Uint8Array>();

  constructor(tiling: Tiling, readers: ReadonlyMap<string, FieldReader>, makerOf: ReadonlyMap<string, Pass>) {
    this.#tiling = tiling;
    this.#readers = readers;
    this.#makerOf = makerOf;
  }

  has(pass: Pass, index: number): boolean {
    let known = this.#known.get(pass);
    if (!known) {
      known = new Uint8Array(this.#tiling.count);
      this.#known.set(pass, known);
    }
    if (known[index] === UNKNOWN) known[index] = this.#find(pass, index) ? YES : NO;
    return known[index] === YES;
  }

  #find(pass: Pass, index: number): boolean {
    const tile = tileAt(this.#tiling, index);
    return (
      pass.reads.length > 0 &&
      pass.reads.every((field) => {
        const window = pass.windows.includes(field) ? grow(tile, pass.halo) : tile;
        const maker = this.#makerOf.get(field);
        if (maker) return tilesUnder(this.#tiling, window).every((under) => this.has(maker, under));
        return this.#readers.get(field)?.empty?.(window) ?? false;
      })
    );
  }
}
