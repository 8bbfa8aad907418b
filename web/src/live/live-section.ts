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

/** A form that is filled from the sample and from dropped files. */
interface OfferedForm extends LivePart {
  request(): { readonly source: { readonly kind: string } } | undefined;
}

/** What is offered goes to the form, then to what computes; files that come or go do not touch what is computed from the sample. */
export function offering(form: OfferedForm, asking: LiveAsking): LivePart {
  let known: SampleData | undefined;
  return {
    offer(sample, files) {
      const same = sample !== undefined && sample === known && form.request()?.source.kind === 'sample';
      known = sample;
      form.offer(sample, files);
      if (!same) asking.offered();
    },
  };
}

export interface LiveSection<Request, Result> {
  readonly section: HTMLElement;
  /** Whether there is anything to compute from. */
  readonly any: () => boolean;
  /** What the form says now; undefined where something has to be chosen first. */
  readonly request: () => Request | undefined;
  /** What has to be chosen, in words. */
  readonly missing: string;
  readonly work: (request: Request, signal: AbortSignal) => Promise<Result>;
  /** Draws it, and says it in a sentence. */
  readonly show: (place: HTMLElement, result: Result) => string;
}

/** What is to be called when something has changed. */
export interface LiveAsking {
  /** The form: its user looks at it. */
  changed(): void;
  /** What it computes from: nothing is done before somebody sees the part. */
  offered(): void;
}

export function liveSection<Request, Result>({
  section,
  any,
  request,
  missing,
  work,
  show,
}: LiveSection<Request, Result>): LiveAsking {
  const find = <E extends HTMLElement>(role: string) => section.querySelector<E>(`[data-live=${role}]`)!;
  const [status, stop, results, empty, form] = ['status', 'stop', 'results', 'empty', 'form'].map((role) => find(role));

  const asked: Latest<Request> = latest<Request, Result>({
    work,
    began: () => enter('running', 'Computing …'),
    done: (result) => enter('done', show(results, result)),
    failed(error) {
      results.replaceChildren(); // an older result would stand for this one
      enter('failed', (error as Error).message);
    },
  });
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    seen.disconnect();
    ask(0);
  });

  function enter(state: 'idle' | 'running' | 'done' | 'failed' | 'stopped', words: string): void {
    section.dataset.state = state;
    const running = state === 'running';
    results.setAttribute('aria-busy', String(running));
    if (status.textContent !== words) status.textContent = words;
    status.classList.toggle('bad', state === 'failed');
    stop.hidden = !running;
  }

  function ask(pause: number): void {
    const wanted = request();
    if (wanted !== undefined) asked.ask(wanted, pause);
    else rest(missing);
  }

  function rest(words: string): void {
    asked.cancel();
    results.replaceChildren();
    enter('idle', words);
  }

  stop.addEventListener('click', () => {
    if (!asked.cancel()) return;
    results.replaceChildren();
    enter('stopped', 'Stopped. Any change begins anew.');
    form.querySelector<HTMLElement>('input[type=range]:enabled')?.focus({ preventScroll: true });
  });
  form.addEventListener('submit', (event) => event.preventDefault());

  return {
    changed: () => ask(PAUSE),
    offered() {
      empty.hidden = any();
      form.hidden = !any();
      rest('');
      // Observed anew, it tells how things are now, and not how they were before results came in between.
      seen.disconnect();
      if (any()) seen.observe(section);
    },
  };
}
