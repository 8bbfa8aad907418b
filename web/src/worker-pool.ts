/**
 * Web Workers as a pool of the library's tasks. A task that is aborted takes its worker with it: the reference computes without
 * looking up, and a new worker costs a few milliseconds.
 */
import { EcofluxError, type TaskPool } from '../../src/index.ts';
import type { FilesMessage, FromWorker, TaskMessage } from './worker-messages.ts';

interface Job extends TaskMessage {
  readonly transfer: Transferable[];
  readonly onProgress?: (words: string, share: number) => void;
  resolve(output: unknown): void;
  reject(error: unknown): void;
}

export interface PagePool extends TaskPool {
  run<I, O>(
    task: string,
    input: I,
    options?: Parameters<TaskPool['run']>[2] & { readonly onProgress?: (words: string, share: number) => void },
  ): Promise<O>;
  /** Files that tasks may read by name from now on, in place of those before. */
  lend(files: ReadonlyMap<string, Blob>): void;
}

export function workerPool(size: number): PagePool {
  const busy = new Map<Worker, Job>();
  const idle: Worker[] = [];
  const waiting: Job[] = [];
  let ids = 0;
  let lent: FilesMessage = { kind: 'files', files: new Map() };

  function hire(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'ecoflux' });
    worker.postMessage(lent);
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      const job = busy.get(worker);
      if (job?.id !== data.id) return;
      if (data.kind === 'progress') return job.onProgress?.(data.words, data.share);
      busy.delete(worker);
      idle.push(worker);
      if (data.kind === 'done') job.resolve(data.output);
      else job.reject(data.code ? new EcofluxError(data.code, data.message) : new Error(data.message));
      next();
    };
    worker.onerror = (event) => dismiss(worker, new EcofluxError('Bug', `a worker failed: ${event.message}`));
    return worker;
  }

  function dismiss(worker: Worker, error: unknown): void {
    worker.terminate();
    busy.get(worker)?.reject(error);
    busy.delete(worker);
    next();
  }

  function next(): void {
    while (waiting.length > 0 && busy.size < size) {
      const worker = idle.pop() ?? hire();
      const job = waiting.shift()!;
      const message: TaskMessage = { kind: 'task', id: job.id, task: job.task, input: job.input };
      busy.set(worker, job);
      try {
        worker.postMessage(message, job.transfer);
      } catch (error) {
        // What cannot be cloned never left: the worker is free for the next task.
        busy.delete(worker);
        idle.push(worker);
        job.reject(error);
      }
    }
  }

  return {
    size,
    run<I, O>(
      task: string,
      input: I,
      { transfer = [], signal, onProgress }: Parameters<PagePool['run']>[2] = {},
    ): Promise<O> {
      return new Promise<O>((resolve, reject) => {
        const interrupted = () => new EcofluxError('Interrupted', 'the run was interrupted');
        if (signal?.aborted) return reject(interrupted());
        const abort = () => {
          const at = waiting.indexOf(job);
          if (at >= 0) waiting.splice(at, 1);
          for (const [worker, running] of busy) if (running === job) dismiss(worker, interrupted());
          reject(interrupted());
        };
        const settle = () => signal?.removeEventListener('abort', abort);
        const job: Job = {
          kind: 'task',
          id: ++ids,
          task,
          input,
          transfer: transfer as Transferable[],
          onProgress,
          resolve(output) {
            settle();
            resolve(output as O);
          },
          reject(error) {
            settle();
            reject(error);
          },
        };
        signal?.addEventListener('abort', abort, { once: true });
        waiting.push(job);
        next();
      });
    },
    lend(files) {
      lent = { kind: 'files', files };
      for (const worker of [...busy.keys(), ...idle]) worker.postMessage(lent);
    },
    async close() {
      for (const worker of [...busy.keys()])
        dismiss(worker, new EcofluxError('Interrupted', 'the workers have been stopped'));
      for (const worker of idle.splice(0)) worker.terminate();
    },
  };
}
