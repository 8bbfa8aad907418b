/** The part of the page that works on the user's own files: form, run, cancel, results. */
import { isEcofluxError } from '../../../src/index.ts';
import type { PagePool } from '../worker-pool.ts';
import type { OwnFile } from './files.ts';
import { ownForm } from './form.ts';
import { showOwnResult } from './result.ts';
import { runOwn } from './run.ts';

/** @param given called with the files when some came or went */
export function ownSection(
  section: HTMLElement,
  pool: PagePool,
  version: string,
  given: (files: readonly OwnFile[]) => void,
): void {
  const find = <E extends HTMLElement>(id: string) => section.querySelector<E>(`#own-${id}`)!;
  const form = find<HTMLFormElement>('form');
  const status = find('status');
  const [runButton, cancelButton] = [find<HTMLButtonElement>('run'), find<HTMLButtonElement>('cancel')];
  const controls = ownForm(form, (files) => {
    say('');
    given(files);
  });
  let stop: AbortController | undefined;

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void run();
  });
  cancelButton.addEventListener('click', () => stop?.abort());

  async function run(): Promise<void> {
    if (stop) return;
    stop = new AbortController();
    const settings = controls.settings();
    enter('running');
    try {
      const progress = (share: number, words: string) => say(`${words} … ${Math.round(100 * share)} %`);
      const result = await runOwn(settings, controls.blobs(), { pool, signal: stop.signal, progress }, version);
      showOwnResult(find('results'), result);
      say(`Done. ${result.device}`);
      enter('done');
    } catch (error) {
      const interrupted = isEcofluxError(error, 'Interrupted');
      say(interrupted ? 'Cancelled.' : (error as Error).message, !interrupted);
      if (!interrupted) find('results').replaceChildren(); // an older result would stand for this run
      enter(interrupted ? 'cancelled' : 'failed');
    } finally {
      stop = undefined;
    }
  }

  function enter(state: 'running' | 'done' | 'failed' | 'cancelled'): void {
    section.dataset.state = state;
    const running = state === 'running';
    for (const control of form.querySelectorAll<HTMLInputElement>('fieldset, input, select, #own-run'))
      control.disabled = running;
    runButton.hidden = running;
    cancelButton.hidden = !running;
  }

  function say(words: string, bad = false): void {
    if (status.textContent !== words) status.textContent = words;
    status.classList.toggle('bad', bad);
  }
}
