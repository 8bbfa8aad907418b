/** The executor a run uses at the moment: replaced, once for all visits that saw it, when its device is lost. */
import { isEcofluxError, throwIfAborted } from '../core/errors.ts';
import type { Executor } from './executor.ts';

export interface Replacement {
  /** A new executor after the given number of losses; without it the first loss is the end. */
  readonly replace?: (losses: number) => Promise<Executor>;
  /** At once when a loss is known: what lived on the device is gone. */
  readonly lost: () => void;
  readonly log: (line: string) => void;
}

export class LiveExecutor {
  readonly #replacement: Replacement;
  readonly #dead = new WeakSet<Executor>();
  #executor: Executor;
  #replacing: Promise<void> | undefined;
  #losses = 0;

  constructor(executor: Executor, replacement: Replacement) {
    this.#executor = executor;
    this.#replacement = replacement;
  }

  get executor(): Executor {
    return this.#executor;
  }

  get losses(): number {
    return this.#losses;
  }

  /** Does what may be done twice: once more, on a new device, as often as one is lost. */
  async work<T>(once: (executor: Executor) => Promise<T>, stop: AbortSignal): Promise<T> {
    for (;;) {
      throwIfAborted(stop);
      await this.#replacing;
      const executor = this.#executor;
      try {
        return await once(executor);
      } catch (error) {
        // Once its device is lost, whatever else goes wrong may come of that.
        const lost = isEcofluxError(error, 'DeviceLost') || this.isDead(executor);
        const { replace } = this.#replacement;
        if (!lost || !replace) throw error;
        await this.#replaced(executor, replace);
      }
    }
  }

  /** Whether its device is known to be lost: nothing that comes from it counts any more. */
  isDead(executor: Executor): boolean {
    return this.#dead.has(executor);
  }

  /** For whoever sees a loss: another executor is there when it resolves. */
  async #replaced(lost: Executor, replace: (losses: number) => Promise<Executor>): Promise<void> {
    if (!this.#dead.has(lost)) {
      this.#dead.add(lost);
      this.#losses++;
      this.#replacement.lost();
      this.#replacing = this.#open(lost, replace).finally(() => {
        this.#replacing = undefined;
      });
    }
    await this.#replacing;
  }

  async #open(lost: Executor, replace: (losses: number) => Promise<Executor>): Promise<void> {
    this.#replacement.log(`the device was lost (${this.#losses}); unfinished tiles run again`);
    await lost.close();
    this.#executor = await replace(this.#losses);
    this.#replacement.log(`continuing on ${this.#executor.name}`);
  }
}
