/** The executor a run uses at the moment: replaced, once for all visits that saw it, when its device is lost. */
import type { Executor } from './executor.ts';

export interface Replacement {
  /** A new executor after the given number of losses. */
  readonly replace: (losses: number) => Promise<Executor>;
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

  /** The one to use now, after a replacement that is under way. */
  async current(): Promise<Executor> {
    await this.#replacing;
    return this.#executor;
  }

  /** Whether its device is known to be lost: nothing that comes from it counts any more. */
  isDead(executor: Executor): boolean {
    return this.#dead.has(executor);
  }

  /** Whoever sees a loss calls this and tries again. */
  async replace(lost: Executor): Promise<void> {
    if (!this.#dead.has(lost)) {
      this.#dead.add(lost);
      this.#losses++;
      this.#replacement.lost();
      this.#replacing = this.#open(lost).finally(() => {
        this.#replacing = undefined;
      });
    }
    await this.#replacing;
  }

  async #open(lost: Executor): Promise<void> {
    this.#replacement.log(`the device was lost (${this.#losses}); unfinished tiles run again`);
    await lost.close();
    this.#executor = await this.#replacement.replace(this.#losses);
    this.#replacement.log(`continuing on ${this.#executor.name}`);
  }
}
