/** What the commands say: log and progress on stderr (on stdout nothing but results), one place for all of it. */
import type { RunProgress } from '../engine/run.ts';
import type { Common } from './options.ts';

export interface Console {
  log(line: string): void;
  progress(progress: RunProgress): void;
  /** The result of the command: text for people, or the JSON document. */
  result(text: string, json: unknown): void;
  /** Ends a progress line. */
  done(): void;
}

export function openConsole({ progress, json, quiet }: Pick<Common, 'progress' | 'json' | 'quiet'>): Console {
  const terminal = process.stderr.isTTY === true;
  const style = progress === 'auto' ? (terminal ? 'line' : 'plain') : progress;
  let open = false;
  let lastPlain = 0;
  const endLine = () => {
    if (open) process.stderr.write('\n');
    open = false;
  };
  return {
    log(line) {
      if (quiet) return;
      endLine();
      process.stderr.write(`${line}\n`);
    },
    progress(state) {
      if (quiet || style === 'none') return;
      const { pass, passes, tilesDone, tiles } = state;
      if (style === 'json') process.stderr.write(`${JSON.stringify({ progress: state })}\n`);
      const text = `pass ${pass + 1} of ${passes}: ${tilesDone} of ${tiles} tiles`;
      if (style === 'line') {
        process.stderr.write(`\r${text}\u001b[K`);
        open = true;
      }
      // A line every two seconds, and for the last tile of each pass.
      if (style === 'plain' && (tilesDone === tiles || performance.now() - lastPlain > 2000)) {
        lastPlain = performance.now();
        process.stderr.write(`${text}\n`);
      }
    },
    result(text, value) {
      endLine();
      if (json) process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
      else if (!quiet && text !== '') process.stdout.write(`${text}\n`);
    },
    done: endLine,
  };
}
