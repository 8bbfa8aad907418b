/** Collects what is wrong, so that the user hears all of it at once. */
import { EcofluxError, ManyErrors } from '../core/errors.ts';

export class Problems {
  readonly all: EcofluxError[] = [];

  /** The result of the work, or nothing and one problem more. */
  take<T>(work: () => T): T[] {
    try {
      return [work()];
    } catch (error) {
      this.add(error);
      return [];
    }
  }

  async wait<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.add(error);
      return undefined;
    }
  }

  /** Once for each message: a layer of three years has one unit. */
  add(error: unknown): void {
    if (error instanceof ManyErrors) for (const each of error.errors) this.add(each);
    else if (!(error instanceof EcofluxError)) throw error;
    else if (!this.all.some(({ message }) => message === error.message)) this.all.push(error);
  }
}
