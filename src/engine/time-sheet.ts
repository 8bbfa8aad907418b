/** Where the time of a run went, summed over its visits. */
import type { Values } from '../core/values.ts';
import type { VisitTimings } from './executor.ts';
import type { RunTimings } from './run-types.ts';

export class TimeSheet {
  readonly #started = performance.now();
  readonly #sums = { read: 0, upload: 0, compute: 0, readback: 0, write: 0, bytesUp: 0, bytesDown: 0 };
  readonly #stages = new Map<string, number>();
  readonly #solves = new Map<string, { milliseconds: number; facts: Values }>();

  /** Counts the time until the work has ended, well or not. */
  async during<T>(part: 'read' | 'write', work: Promise<T>): Promise<T> {
    const started = performance.now();
    try {
      return await work;
    } finally {
      this.#sums[part] += performance.now() - started;
    }
  }

  add(visit: VisitTimings | undefined): void {
    if (!visit) return;
    for (const part of ['upload', 'compute', 'readback', 'bytesUp', 'bytesDown'] as const)
      this.#sums[part] += visit[part];
    for (const [stage, nanoseconds] of visit.stages ?? [])
      this.#stages.set(stage, (this.#stages.get(stage) ?? 0) + nanoseconds);
  }

  /** Times a global operator, which answers with what it counts. */
  async solving(name: string, work: Promise<Values>): Promise<void> {
    const started = performance.now();
    const facts = await work;
    const milliseconds = performance.now() - started;
    this.#sums.compute += milliseconds;
    this.#solves.set(name, { milliseconds, facts });
  }

  timings(): RunTimings {
    return { wall: performance.now() - this.#started, ...this.#sums, stages: this.#stages, solves: this.#solves };
  }
}
