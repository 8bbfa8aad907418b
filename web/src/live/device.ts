/** The place where the live parts compute: opened when first needed and kept open, for a slider does not wait for a device at every step. */
import { type OpenDevice, openDevice } from '../../../src/index.ts';
import type { PagePool } from '../worker-pool.ts';

export type DeviceChoice = 'auto' | 'cpu';

export interface LiveTools {
  readonly pool: PagePool;
  device(choice: DeviceChoice): Promise<OpenDevice>;
}

/** So small that no software adapter is worth its start: what runs here are global operators, which it would leave to the workers. */
const CELLS = 1;

export function liveTools(pool: PagePool): LiveTools {
  const opened = new Map<DeviceChoice, Promise<OpenDevice>>();
  return {
    pool,
    device(choice) {
      const known = opened.get(choice);
      if (known) return known;
      const opening = openDevice({ choice, pool, cells: CELLS });
      opening.catch(() => opened.delete(choice)); // whoever waits for it hears
      opened.set(choice, opening);
      return opening;
    },
  };
}

/** Where a global operator ran, by what it counted: on a device it counts what it sent there. */
export function placeInWords(
  { executor }: OpenDevice,
  facts: Readonly<Record<string, number>>,
  pool: PagePool,
): string {
  if (facts.dispatches !== undefined) return `on ${executor.name}`;
  return pool.size === 1 ? 'in a worker on the processor' : `in ${pool.size} workers on the processor`;
}
