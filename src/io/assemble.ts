/** Puts a file together from its head and the spooled blocks, in their canonical order. */
import { throwIfAborted } from '../core/errors.ts';
import type { BlockEncoding } from './block-encoder.ts';
import { classNamesXml, LEADER_BYTES, layOut, TRAILER_BYTES } from './cog-layout.ts';
import type { ByteSink, OutputTarget, Spool } from './output.ts';
import type { EncodedPyramid } from './pyramid-encoder.ts';
import type { RasterDescription } from './raster-writer.ts';

/** Resolves to the bytes of the file, which is in its place then. */
export async function assemble({
  target,
  sink,
  spool,
  description,
  encoding,
  encoded: { levels, statistics },
  signal,
}: {
  readonly target: OutputTarget;
  readonly sink: ByteSink;
  readonly spool: Spool;
  readonly description: RasterDescription;
  readonly encoding: BlockEncoding;
  readonly encoded: EncodedPyramid;
  readonly signal?: AbortSignal;
}): Promise<number> {
  const { head, bytes } = layOut(description, encoding, levels, statistics);
  await sink.write(head);
  for (const { offsets, sizes } of [...levels].reverse()) {
    for (let index = 0; index < offsets.length; index++) {
      throwIfAborted(signal);
      if (sizes[index] > 0) await sink.write(framed(await spool.read(offsets[index], sizes[index])));
    }
  }
  await sink.commit();
  if (Object.keys(description.classNames ?? {}).length > 0 && target.createBeside) {
    const beside = await target.createBeside('.aux.xml');
    try {
      await beside.write(new TextEncoder().encode(classNamesXml(description.classNames!)));
      await beside.commit();
    } catch (error) {
      await beside.abort();
      throw error;
    }
  }
  return bytes;
}

/** A block with its size before and its last bytes behind it. */
function framed(block: Uint8Array): Uint8Array {
  const out = new Uint8Array(LEADER_BYTES + block.length + TRAILER_BYTES);
  new DataView(out.buffer).setUint32(0, block.length, true);
  out.set(block, LEADER_BYTES);
  out.copyWithin(LEADER_BYTES + block.length, block.length, LEADER_BYTES + block.length);
  return out;
}
