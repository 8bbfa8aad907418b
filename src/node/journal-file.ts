/** A file of lines that outlives the process: what was whole when it died is read again, a line that was cut short is not. */
import { type FileHandle, open } from 'node:fs/promises';
import type { JournalFile } from '../pipeline/platform.ts';
import { writingFailed } from './file-errors.ts';

/** `keep`: what an earlier run wrote is continued; it is emptied otherwise. */
export async function openJournalFile(path: string, keep: boolean): Promise<JournalFile> {
  const failed = (cause: unknown): never => {
    throw writingFailed(path, cause);
  };
  const handle: FileHandle = await open(path, keep ? 'a+' : 'w+').catch(failed);
  const whole = await wholeLines(handle).catch(async (cause: unknown) => {
    await handle.close();
    return failed(cause);
  });
  let begun = whole.length > 0;
  let isOpen = true;
  return {
    lines: whole.split('\n').slice(0, -1),
    get begun() {
      return begun;
    },
    async append(text) {
      begun = true;
      await handle.appendFile(text).catch(failed);
    },
    async close() {
      if (isOpen) await handle.close();
      isOpen = false;
    },
  };
}

/** The text to its last line's end; the rest is cut off. */
async function wholeLines(handle: FileHandle): Promise<string> {
  const text = await handle.readFile('utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  await handle.truncate(Buffer.byteLength(whole));
  return whole;
}
