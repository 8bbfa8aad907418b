/** Decoded blocks that a window used only in part and a neighbouring window will want: least recently used out first, within a number of bytes. */
import type { Block } from './block.ts';

export interface BlockCache {
  get(key: string): Block | undefined;
  put(key: string, block: Block): void;
}

/** 32 MiB for each worker: a row of 512² blocks of f32 in a raster 16 384 cells wide. */
const DEFAULT_BYTES = 32 * 2 ** 20;

export function blockCache(mostBytes = DEFAULT_BYTES): BlockCache {
  const blocks = new Map<string, Block>();
  let held = 0;
  return {
    get(key) {
      const block = blocks.get(key);
      if (block) {
        blocks.delete(key);
        blocks.set(key, block);
      }
      return block;
    },
    put(key, block) {
      if (block.bytes > mostBytes) return;
      held += block.bytes - (blocks.get(key)?.bytes ?? 0);
      blocks.delete(key);
      blocks.set(key, block);
      for (const [oldest, { bytes }] of blocks) {
        if (held <= mostBytes) break;
        blocks.delete(oldest);
        held -= bytes;
      }
    },
  };
}
