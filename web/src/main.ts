/** The page: settings, run, cancel, results of the sample region; and the part for the user's own files. */
import { isEcofluxError } from '../../src/index.ts';
import { liveParts } from './live/live.ts';
import { sampleData } from './live/sample.ts';
import { ownSection } from './own/section.ts';
import { type RunHooks, type RunSettings, runAnalysis } from './run.ts';
import { showResult } from './view/result.ts';
import { workerPool } from './worker-pool.ts';

declare const ECOFLUX_VERSION: string;

const root = document.documentElement;
const form = byId<HTMLFormElement>('settings');
const [runButton, cancelButton, another] = ['run', 'cancel', 'another'].map((id) => byId<HTMLButtonElement>(id));
const status = byId('status');
const seed = byId<HTMLInputElement>('seed');
// The page itself stays responsive with one processor left to it; beyond four, tiles of a region of this size run out.
const pool = workerPool(Math.min(4, Math.max(1, navigator.hardwareConcurrency - 1)));
let stop: AbortController | undefined;

/** Share of a whole run that each part takes, about. */
const PARTS: Readonly<Record<Parameters<RunHooks['progress']>[0], readonly [start: number, share: number]>> = {
  region: [0, 0.5],
  device: [0.5, 0.1],
  run: [0.6, 0.1],
  check: [0.7, 0.3],
};

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const values = new FormData(form);
  const device = values.get('device') === 'cpu' ? 'cpu' : 'auto';
  void run({ size: Number(values.get('size')), seed: Number(values.get('seed')), device });
});
cancelButton.addEventListener('click', () => stop?.abort());
another.addEventListener('click', () => {
  seed.value = String(1 + Math.floor(Math.random() * 9999));
});
const live = liveParts(byId('flow'), byId('hot-spots'), pool);
ownSection(byId('own-data'), pool, ECOFLUX_VERSION, live.files);
if (!navigator.gpu) say('This browser has no WebGPU; the models will run as the float64 reference on the processor.');

async function run(settings: RunSettings): Promise<void> {
  if (stop) return;
  stop = new AbortController();
  enter('running');
  try {
    const result = await runAnalysis(settings, { pool, signal: stop.signal, progress });
    showResult(result, pool);
    live.sample(sampleData(result));
    const { checks, device } = result;
    const failed = checks?.filter(({ passed }) => !passed).length ?? 0;
    const compared =
      checks && (failed === 0 ? ' Every output agrees with the reference.' : ` ${failed} comparisons failed.`);
    say(`Done. ${device.sentence}${compared ?? ''}`, failed > 0);
    enter('done');
  } catch (error) {
    const interrupted = isEcofluxError(error, 'Interrupted');
    say(interrupted ? 'Cancelled.' : `The run failed. ${(error as Error).message}`, !interrupted);
    enter(interrupted ? 'cancelled' : 'failed');
  } finally {
    stop = undefined;
  }
}

function enter(state: 'running' | 'done' | 'cancelled' | 'failed'): void {
  root.dataset.state = state;
  const running = state === 'running';
  for (const input of form.querySelectorAll<HTMLInputElement | HTMLFieldSetElement>('fieldset, #seed, #another, #run'))
    input.disabled = running;
  runButton.hidden = running;
  cancelButton.hidden = !running;
  byId('progress').hidden = !running;
  if (running) cancelButton.focus();
  else if (document.activeElement === document.body) runButton.focus({ preventScroll: true });
}

function progress(part: keyof typeof PARTS, share: number, words: string): void {
  const [start, whole] = PARTS[part];
  const percent = Math.round(100 * (start + whole * share));
  const bar = document.querySelector<HTMLElement>('.bar')!;
  bar.setAttribute('aria-valuenow', String(percent));
  bar.querySelector('i')!.style.width = `${percent}%`;
  say(`${words} …`);
}

function say(words: string, bad = false): void {
  if (status.textContent !== words) status.textContent = words;
  status.classList.toggle('bad', bad);
}

function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  return document.getElementById(id) as E;
}
