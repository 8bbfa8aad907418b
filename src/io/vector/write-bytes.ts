/** A small file written in one go, appearing complete or not at all. */
import type { OutputTarget } from '../output.ts';

export async function writeBytes(target: OutputTarget, bytes: Uint8Array): Promise<void> {
  const sink = await target.create();
  try {
    await sink.write(bytes);
    await sink.commit();
  } catch (error) {
    await sink.abort();
    throw error;
  }
}
