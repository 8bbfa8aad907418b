/** Directories laid out and written: tags in order, values that do not fit behind them. Little-endian, TIFF or BigTIFF. */
import { TYPE, TYPE_BYTES } from './tags.ts';

export interface Tag {
  readonly tag: number;
  readonly type: number;
  readonly values: ArrayLike<number>;
}

export function shortTag(tag: number, ...values: number[]): Tag {
  return { tag, type: TYPE.short, values };
}

export function longTag(tag: number, ...values: number[]): Tag {
  return { tag, type: TYPE.long, values };
}

export function doubleTag(tag: number, values: ArrayLike<number>): Tag {
  return { tag, type: TYPE.double, values };
}

export function textTag(tag: number, text: string): Tag {
  return { tag, type: TYPE.ascii, values: new TextEncoder().encode(`${text}\0`) };
}

/** Offsets, or counts that may pass 4 GB: 8 bytes each in BigTIFF. */
export function offsetTag(tag: number, big: boolean, values: ArrayLike<number>): Tag {
  return { tag, type: big ? TYPE.long8 : TYPE.long, values };
}

/** Bytes of a directory with the values behind it; a multiple of 8. */
export function directoryBytes(tags: readonly Tag[], big: boolean): number {
  return fixedBytes(tags, big) + tags.reduce((sum, tag) => sum + outsideBytes(tag, big), 0);
}

/** Writes a directory that starts at `at`; `next`: where the one after it starts, 0 for the last. Tags must ascend. */
export function writeDirectory(view: DataView, at: number, tags: readonly Tag[], big: boolean, next: number): void {
  if (big) view.setBigUint64(at, BigInt(tags.length), true);
  else view.setUint16(at, tags.length, true);
  let entry = at + (big ? 8 : 2);
  let outside = at + fixedBytes(tags, big);
  for (const tag of tags) {
    view.setUint16(entry, tag.tag, true);
    view.setUint16(entry + 2, tag.type, true);
    const slot = entry + (big ? 12 : 8);
    if (big) view.setBigUint64(entry + 4, BigInt(tag.values.length), true);
    else view.setUint32(entry + 4, tag.values.length, true);
    const bytes = outsideBytes(tag, big);
    if (bytes === 0) {
      writeValues(view, slot, tag);
    } else {
      if (big) view.setBigUint64(slot, BigInt(outside), true);
      else view.setUint32(slot, outside, true);
      writeValues(view, outside, tag);
      outside += bytes;
    }
    entry += big ? 20 : 12;
  }
  if (big) view.setBigUint64(entry, BigInt(next), true);
  else view.setUint32(entry, next, true);
}

/** Bytes of the entries alone. */
function fixedBytes(tags: readonly Tag[], big: boolean): number {
  return roundUp8(big ? 16 + 20 * tags.length : 6 + 12 * tags.length);
}

function outsideBytes(tag: Tag, big: boolean): number {
  const bytes = TYPE_BYTES[tag.type] * tag.values.length;
  return bytes <= (big ? 8 : 4) ? 0 : roundUp8(bytes);
}

export function roundUp8(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

function writeValues(view: DataView, at: number, { type, values }: Tag): void {
  const size = TYPE_BYTES[type];
  for (let i = 0; i < values.length; i++) {
    const to = at + i * size;
    if (type === TYPE.short) view.setUint16(to, values[i], true);
    else if (type === TYPE.long) view.setUint32(to, values[i], true);
    else if (type === TYPE.double) view.setFloat64(to, values[i], true);
    else if (type === TYPE.long8) view.setBigUint64(to, BigInt(values[i]), true);
    else view.setUint8(to, values[i]);
  }
}
