/**
 * Does the last thing that it is asked for, and nothing else: what came before is put off or interrupted, and nothing of it is ever shown. One
 * piece of work at a time: the next begins when the one before has let go.
 */

export interface LatestWork<Request, Result> {
  /** Ends soon after its signal fires. */
  readonly work: (request: Request, signal: AbortSignal) => Promise<Result>;
  /** What is shown belongs to another request from now on. */
  readonly began: (request: Request) => void;
  readonly done: (result: Result) => void;
  readonly failed: (error: unknown) => void;
}

export interface Latest<Request> {
  /** @param pause milliseconds in which another request may take its place before anything is computed */
  ask(request: Request, pause: number): void;
  /** Whether anything was under way. */
  cancel(): boolean;
}

export function latest<Request, Result>({ work, began, done, failed }: LatestWork<Request, Result>): Latest<Request> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let current: AbortController | undefined;
  let before: Promise<void> = Promise.resolve();

  function cancel(): boolean {
    clearTimeout(timer);
    const any = current !== undefined;
    current?.abort();
    current = undefined;
    return any;
  }

  async function run(request: Request, mine: AbortController): Promise<void> {
    if (current !== mine) return;
    const [show] = await Promise.allSettled([work(request, mine.signal)]);
    if (current !== mine) return;
    current = undefined;
    if (show.status === 'fulfilled') done(show.value);
    else failed(show.reason);
  }

  return {
    cancel,
    ask(request, pause) {
      cancel();
      const mine = new AbortController();
      current = mine;
      began(request);
      timer = setTimeout(() => {
        before = before.then(() => run(request, mine));
      }, pause);
    },
  };
}
