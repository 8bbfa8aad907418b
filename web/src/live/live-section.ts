/**
 * What the live parts have in common: a form whose every change asks for a new result, a line that says how things stand, and a place for the
 * result, which is marked as old from the moment another one is asked for. Nothing is computed before the part has been seen.
 */
import type { OwnFile } from '../own/files.ts';
import { type Latest, latest } from './latest.ts';
import type { SampleData } from './sample.ts';

/** Milliseconds in which a slider may move on before anything is computed. */
const PAUSE = 150;

export interface LivePart {
  /** What there is to compute from now. */
  offer(sample: SampleData | undefined, files: readonly OwnFile[]): void;
}

export interface LiveSection<Request, Result> {
  readonly section: HTMLElement;
  /** What the form says now; undefined where there is nothing to compute from yet. */
  readonly request: () => Request | undefined;
  readonly work: (request: Request, signal: AbortSignal) => Promise<Result>;
  /** Draws it, and says it in a sentence. */
  readonly show: (place: HTMLElement, result: Result) => string;
}

/** @returns what is to be called when the form or what it computes from has changed */
export function liveSection<Request, Result>({
  section,
  request,
  work,
  show,
}: LiveSection<Request, Result>): (pause?: number) => void {
  const find = <E extends HTMLElement>(role: string) => section.querySelector<E>(`[data-live=${role}]`)!;
  const [status, stop, results, empty, form] = ['status', 'stop', 'results', 'empty', 'form'].map((role) => find(role));
  let seen = false;

  const asked: Latest<Request> = latest<Request, Result>({
    work,
    began: () => enter('running', 'Computing …'),
    done(result) {
      const words = show(results, result);
      enter('done', words);
    },
    failed(error) {
      results.replaceChildren(); // an older result would stand for this one
      enter('failed', (error as Error).message);
    },
  });

  function enter(state: 'idle' | 'running' | 'done' | 'failed' | 'stopped', words: string): void {
    section.dataset.state = state;
    const running = state === 'running';
    results.setAttribute('aria-busy', String(running));
    if (status.textContent !== words) status.textContent = words;
    status.classList.toggle('bad', state === 'failed');
    stop.hidden = !running;
  }

  function ask(pause = PAUSE): void {
    const wanted = request();
    empty.hidden = wanted !== undefined;
    form.hidden = wanted === undefined;
    if (wanted !== undefined && seen) {
      asked.ask(wanted, pause);
      return;
    }
    asked.cancel();
    results.replaceChildren();
    enter('idle', '');
  }

  stop.addEventListener('click', () => {
    if (!asked.cancel()) return;
    results.replaceChildren();
    enter('stopped', 'Stopped. Any change begins anew.');
    form.querySelector<HTMLElement>('input[type=range]:enabled')?.focus({ preventScroll: true });
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  new IntersectionObserver((entries, observer) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    seen = true;
    observer.disconnect();
    ask(0);
  }).observe(section);
  return ask;
}
