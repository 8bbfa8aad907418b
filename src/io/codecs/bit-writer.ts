/**
 * Bits in deflate's order. They wait in a word that is stored whole; what makes up full bytes counts as written, and at most 7 bits stay. So up
 * to 24 bits fit at once, and no branch depends on the data.
 */
export interface BitWriter {
  readonly out: Uint8Array;
  readonly view: DataView;
  /** Where the next byte goes. */
  next: number;
  bits: number;
  held: number;
}

/** A writer for the deflated form of so many bytes, with the two bytes of a zlib stream in front. */
export function bitWriter(inputBytes: number): BitWriter {
  // A stored block has 5 bytes of its own for 65 535, and begins on a byte; the ends have 6, the last store 4.
  const out = new Uint8Array(inputBytes + 10 * Math.ceil(inputBytes / 32768) + 64);
  // 32 kB window, fastest; together a multiple of 31.
  out.set([0x78, 0x01]);
  return { out, view: new DataView(out.buffer), next: 2, bits: 0, held: 0 };
}

/** At most 24 bits. */
export function putBits(writer: BitWriter, value: number, width: number): void {
  const bits = writer.bits | (value << writer.held);
  const held = writer.held + width;
  writer.view.setInt32(writer.next, bits, true);
  writer.next += held >> 3;
  writer.bits = bits >>> (held & 24);
  writer.held = held & 7;
}

/** The bytes as they are, in blocks of at most 65 535. */
export function putStored(writer: BitWriter, input: Uint8Array, from: number, to: number, final: boolean): void {
  let at = from;
  do {
    const end = Math.min(to, at + 65535);
    putBits(writer, final && end === to ? 1 : 0, 3);
    putBits(writer, 0, (8 - writer.held) & 7);
    putBits(writer, end - at, 16);
    putBits(writer, ~(end - at) & 0xffff, 16);
    writer.out.set(input.subarray(at, end), writer.next);
    writer.next += end - at;
    at = end;
  } while (at < to);
}

/** The stream, ended with its checksum. */
export function finishBits(writer: BitWriter, checksum: number): Uint8Array {
  putBits(writer, 0, (8 - writer.held) & 7);
  writer.view.setUint32(writer.next, checksum);
  return writer.out.subarray(0, writer.next + 4);
}
