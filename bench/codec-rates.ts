/** Rates of a codec on one core and on all: the fastest of some rounds, in wall time and in processor time. */

const ROUNDS = 5;

export interface Rates {
  readonly one: number;
  readonly all: number;
  /** Size of the file, of the samples. */
  readonly share?: number;
}

export function rates({ one, all, share }: Rates): string {
  const size = share === undefined ? '' : `, ${(100 * share).toFixed(1)} % of the samples' bytes`;
  return `${one.toFixed(0).padStart(5)} MB/s on one core, ${all.toFixed(0).padStart(5)} on all${size}`;
}

export function ratio(ours: Rates | undefined, theirs: Rates): string {
  return ours
    ? `; ecoflux is ${(ours.one / theirs.one).toFixed(2)} and ${(ours.all / theirs.all).toFixed(2)} times as fast`
    : '';
}

/** Seconds of wall time and of processor time. */
export interface Spent {
  readonly wall: number;
  readonly processor: number;
}

export async function rated(
  megabytes: number,
  work: (single: boolean) => Promise<Spent>,
  start: Spent = { wall: 0, processor: 0 },
): Promise<Rates> {
  const one = (await fastest(() => work(true))).processor - start.processor;
  // Starting is the work of one core; its processor time is steadier than its wall time.
  const all = (await fastest(() => work(false))).wall - start.processor;
  return { one: megabytes / one, all: megabytes / all };
}

/** The least of some rounds, after one to warm up. */
export async function fastest(work: () => Promise<Spent>): Promise<Spent> {
  await work();
  let best = { wall: Infinity, processor: Infinity };
  for (let round = 0; round < ROUNDS; round++) {
    const { wall, processor } = await work();
    best = { wall: Math.min(best.wall, wall), processor: Math.min(best.processor, processor) };
  }
  return best;
}

/** Of this process, its worker threads included. */
export async function spent(work: () => Promise<unknown>): Promise<Spent> {
  const before = process.cpuUsage();
  const start = performance.now();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - start) / 1000, processor: (user + system) / 1e6 };
}
