/**
 * A pool of worker threads that run named tasks. Workers start when there is work, and do not keep the process alive when there is none. The
 * task of a worker that dies runs again on a new one, so what a task is given is copied to the worker, never moved.
 */
import { setMaxListeners } from 'node:events';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { EcofluxError, throwIfAborted } from '../core/errors.ts';
import { freeBuffers } from '../core/free-buffers.ts';
import type { TaskOptions, TaskPool } from '../core/tasks.ts';
import { collectGarbage } from './garbage.ts';
import { type FromWorker, type ToWorker, unpackError } from './worker-messages.ts';

interface Job {
  readonly id: number;
  readonly task: string;
  readonly input: unknown;
  readonly options: TaskOptions;
  /** Workers that died with it. */
  deaths: number;
  settle(error: unknown, output?: unknown): void;
}

interface Seat {
  readonly worker: Worker;
  job?: Job;
  since: number;
}

/** A task that so many workers did not survive is itself to blame. */
const MOST_DEATHS = 3;

/** `size`: workers at most; the number of processors when absent. `script`: another worker module, for tests. */
export function threadPool({
  size = availableParallelism(),
  script = workerScript(),
}: {
  size?: number;
  script?: URL;
} = {}): TaskPool {
  // The loops of tasks are few and long: compiling them beside the run, on a core that the run needs, costs a tenth of the processor's time.
  setFlagsFromString('--no-concurrent-osr');
  const seats = new Set<Seat>();
  const waiting: Job[] = [];
  const busy = new Map<string, number>();
  let ids = 0;
  let closed = false;

  function hire(): Seat {
    const seat: Seat = { worker: new Worker(script), since: 0 };
    seats.add(seat);
    seat.worker.on('message', (message: FromWorker) => {
      if (message.id !== seat.job?.id) return;
      const { job } = seat;
      busy.set(job.task, (busy.get(job.task) ?? 0) + performance.now() - seat.since);
      seat.job = undefined;
      seat.worker.unref();
      if ('error' in message) job.settle(unpackError(message.error));
      else job.settle(undefined, message.output);
      next();
    });
    const leave = (cause: unknown) => {
      if (!seats.delete(seat)) return;
      const { job } = seat;
      if (job && !job.options.signal?.aborted && ++job.deaths < MOST_DEATHS) waiting.unshift(job);
      else job?.settle(diedIn(job, cause));
      next();
    };
    seat.worker.on('error', leave);
    seat.worker.on('exit', (code) => leave(new Error(`exit code ${code}`)));
    return seat;
  }

  function next(): void {
    while (waiting.length > 0 && !closed) {
      const idle = [...seats].find((seat) => !seat.job) ?? (seats.size < size ? hire() : undefined);
      if (!idle) return;
      give(idle, waiting.shift()!);
    }
  }

  function give(seat: Seat, job: Job): void {
    seat.job = job;
    seat.since = performance.now();
    seat.worker.ref();
    const message: ToWorker = { kind: 'run', id: job.id, task: job.task, input: job.input };
    try {
      seat.worker.postMessage(message);
    } catch (error) {
      seat.job = undefined;
      job.settle(error);
    }
  }

  function enqueue(job: Job): void {
    const priority = job.options.priority ?? 0;
    let at = waiting.length;
    while (at > 0 && (waiting[at - 1].options.priority ?? 0) < priority) at--;
    waiting.splice(at, 0, job);
    next();
  }

  return {
    size,
    busy,
    run<I, O>(task: string, input: I, options: TaskOptions = {}): Promise<O> {
      const { signal } = options;
      return new Promise<O>((resolve, reject) => {
        throwIfAborted(signal);
        if (closed) throw new EcofluxError('Interrupted', 'the workers have been stopped');
        const id = ++ids;
        const abort = () => {
          const at = waiting.indexOf(job);
          if (at >= 0) waiting.splice(at, 1);
          for (const { worker, job: running } of seats)
            if (running === job) worker.postMessage({ kind: 'abort', id } satisfies ToWorker);
          reject(new EcofluxError('Interrupted', 'the run was interrupted', { cause: signal?.reason }));
        };
        const job: Job = {
          id,
          task,
          input,
          options,
          deaths: 0,
          settle(error, output) {
            signal?.removeEventListener('abort', abort);
            if (error === undefined) resolve(output as O);
            else reject(error);
            freeBuffers((options.transfer ?? []).filter((it) => it instanceof ArrayBuffer)); // before anybody hears of it
          },
        };
        if (signal) setMaxListeners(0, signal); // one listener for each task under way is no leak
        signal?.addEventListener('abort', abort, { once: true });
        enqueue(job);
      });
    },
    collect() {
      collectGarbage();
      for (const { worker } of seats) worker.postMessage({ kind: 'collect' } satisfies ToWorker);
    },
    async close() {
      closed = true;
      const stopped = () => new EcofluxError('Interrupted', 'the workers have been stopped');
      for (const job of waiting.splice(0)) job.settle(stopped());
      const leaving = [...seats];
      seats.clear();
      for (const { job } of leaving) job?.settle(stopped());
      await Promise.all(leaving.map(({ worker }) => worker.terminate()));
    },
  };
}

/** The compiled worker: beside this module, or in dist/ where the module itself runs as TypeScript (vitest). */
function workerScript(): URL {
  const compiled = import.meta.url.endsWith('.js');
  const script = new URL(compiled ? './worker.js' : '../../dist/node/worker.js', import.meta.url);
  if (compiled || existsSync(fileURLToPath(script))) return script;
  throw new EcofluxError('Bug', 'the worker has not been compiled', {
    file: fileURLToPath(script),
    fix: 'run npm run build',
  });
}

function diedIn({ task, deaths }: Job, cause: unknown): EcofluxError {
  const outOfMemory = (cause as NodeJS.ErrnoException)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
  const what = `a worker thread stopped while it ran '${task}'${deaths > 1 ? `, ${deaths} times in a row` : ''}`;
  return new EcofluxError(outOfMemory ? 'OutOfCapacity' : 'Bug', what, {
    found: String((cause as Error)?.message ?? cause),
    fix: outOfMemory ? 'use smaller tiles or fewer workers' : undefined,
    cause,
  });
}
