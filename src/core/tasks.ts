/**
 * Named tasks and the pools that run them. A task is a function of a message; a pool runs it on this thread (`inlinePool`: browsers, tests)
 * or in worker threads (src/node/worker-pool.ts). A task keeps nothing that a later one relies on, so it may run anywhere and twice.
 */
import { EcofluxError, throwIfAborted } from './errors.ts';

export interface TaskContext {
  readonly signal?: AbortSignal;
  /** What the place that runs the task lends it: `openSource` where there is a file system. */
  readonly services: Readonly<Record<string, unknown>>;
}

export interface TaskResult {
  readonly output: unknown;
  /** Buffers of the output that move to the caller instead of being copied. */
  readonly transfer?: Transferable[];
}

// biome-ignore lint/suspicious/noExplicitAny: messages between threads are typed where they are sent and where they are read
export type Task = (input: any, context: TaskContext) => Promise<TaskResult>;
export type TaskTable = Readonly<Record<string, Task>>;

export interface TaskOptions {
  /** Buffers of the input that a pool may move to the worker; the caller must not touch them again. */
  readonly transfer?: Transferable[];
  readonly signal?: AbortSignal;
  /** Waiting tasks of a higher priority start first; equal ones in the order they came. 0 when absent. */
  readonly priority?: number;
}

export interface TaskPool {
  /** How many tasks run at once. */
  readonly size: number;
  /** Milliseconds that workers spent on each task so far, where the pool keeps count: for benchmarks. */
  readonly busy?: ReadonlyMap<string, number>;
  run<I, O>(task: string, input: I, options?: TaskOptions): Promise<O>;
  /** Asks for memory that nothing refers to any more to be freed soon, here and in workers, where the pool can. */
  readonly collect?: () => void;
  /** Stops the workers; tasks that have not ended fail with Interrupted. */
  close(): Promise<void>;
}

/** Looks a task up; a missing one is a mistake of the program. */
export function taskNamed(tasks: TaskTable, name: string): Task {
  const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  if (!task) throw new EcofluxError('Bug', `there is no task '${name}'`, { expected: Object.keys(tasks).join(', ') });
  return task;
}

/** A pool that runs every task at once on the calling thread. Transferred buffers stay usable. */
export function inlinePool(tasks: TaskTable, services: TaskContext['services'] = {}): TaskPool {
  return {
    size: 1,
    async run<I, O>(name: string, input: I, { signal }: TaskOptions = {}): Promise<O> {
      throwIfAborted(signal);
      const { output } = await taskNamed(tasks, name)(input, { signal, services });
      throwIfAborted(signal);
      return output as O;
    },
    async close() {},
  };
}

/** The pool, for one of several that use it at once: it counts on no more threads than are its own. */
export function partOfPool(pool: TaskPool, users: number): TaskPool {
  if (users === 1) return pool;
  return {
    size: Math.max(1, Math.floor(pool.size / users)),
    run: (task, input, options) => pool.run(task, input, options),
    collect: pool.collect && (() => pool.collect!()),
    async close() {},
  };
}
