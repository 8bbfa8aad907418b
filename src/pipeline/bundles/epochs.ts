/** Where the epochs of a map run, and what happens when that place is lost. */
import { isEcofluxError } from '../../core/errors.ts';
import type { Gpu } from '../../gpu/gpu.ts';
import { epochsOnDevice } from '../../solvers/som/gpu.ts';
import { type Epochs, epochsInThreads } from '../../solvers/som/train.ts';

/** On the device where there is one; in worker threads from the first epoch on that it does not bring to an end: the sums are the same. */
export function epochsOn(gpu: Gpu | undefined, log?: (line: string) => void): Epochs & { close(): void } {
  if (!gpu) return { ...epochsInThreads, close() {} };
  const device = epochsOnDevice(gpu);
  let usable = true;
  return {
    async run(samples, books) {
      if (!usable) return epochsInThreads.run(samples, books);
      try {
        return await device.run(samples, books);
      } catch (error) {
        if (!isEcofluxError(error, 'DeviceLost') && !isEcofluxError(error, 'OutOfCapacity')) throw error;
        usable = false;
        log?.(`${error.what}: goes on in worker threads`);
        return epochsInThreads.run(samples, books);
      }
    },
    close: () => device.close(),
  };
}
