/** The pages of a file that small reads have touched: directories and the lists of tiles are read piece by piece, and come in few requests. */

/** A few times the directory of a raster; the 64 KiB that a GeoTIFF is opened with are two pages. */
export const PAGE_BYTES = 32 * 1024;
/** 1 MiB a file at most. */
const MOST_PAGES = 32;

export interface Pages {
  /** The bytes, where all pages they lie in are held. */
  get(start: number, end: number): Uint8Array | undefined;
  /** Keeps the whole pages of what starts at a page and ends at one or with the file. */
  put(start: number, bytes: Uint8Array, size: number): void;
}

export function pageCache(): Pages {
  const pages = new Map<number, Uint8Array>();
  return {
    get(start, end) {
      const [first, last] = [Math.floor(start / PAGE_BYTES), Math.ceil(end / PAGE_BYTES) - 1];
      for (let page = first; page <= last; page++) if (!pages.has(page)) return undefined;
      const out = new Uint8Array(end - start);
      for (let page = first; page <= last; page++) {
        const held = pages.get(page)!;
        pages.delete(page); // to the end of the line of those to be forgotten
        pages.set(page, held);
        const at = page * PAGE_BYTES;
        out.set(held.subarray(Math.max(0, start - at), Math.min(held.length, end - at)), Math.max(0, at - start));
      }
      return out;
    },
    put(start, bytes, size) {
      for (let at = 0; at < bytes.length; at += PAGE_BYTES) {
        const length = Math.min(PAGE_BYTES, size - start - at);
        if (at + length <= bytes.length) pages.set((start + at) / PAGE_BYTES, bytes.slice(at, at + length));
      }
      for (const page of pages.keys()) {
        if (pages.size <= MOST_PAGES) break;
        pages.delete(page);
      }
    },
  };
}
