/**
 * Times of the dispatches of a batch by timestamp queries. One query set serves all batches: each resolves its own times within its own
 * submit, and the queue runs submits in order.
 */

/** A query set may not be larger; further dispatches of a batch go untimed. */
const MOST_QUERIES = 4096;
const BYTES = 8;

export class Timestamps {
  readonly #device: GPUDevice;
  #set: GPUQuerySet | undefined;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** Queries for `dispatches` dispatches: two each, at its begin and end. */
  reserve(dispatches: number): BatchTimes {
    const timed = Math.min(dispatches, MOST_QUERIES / 2);
    if (!this.#set || this.#set.count < 2 * timed) {
      this.#set?.destroy(); // submitted work keeps it
      const count = Math.min(MOST_QUERIES, Math.max(64, 2 ** Math.ceil(Math.log2(2 * timed))));
      this.#set = this.#device.createQuerySet({ label: 'timestamps', type: 'timestamp', count });
    }
    return new BatchTimes(this.#set, timed);
  }

  destroy(): void {
    this.#set?.destroy();
    this.#set = undefined;
  }
}

export class BatchTimes {
  readonly #set: GPUQuerySet;
  readonly #timed: number;

  constructor(set: GPUQuerySet, timed: number) {
    this.#set = set;
    this.#timed = timed;
  }

  get bytes(): number {
    return 2 * BYTES * this.#timed;
  }

  /** For the pass of dispatch `index`; undefined for those past the limit. */
  writes(index: number): GPUComputePassTimestampWrites | undefined {
    if (index >= this.#timed) return undefined;
    return { querySet: this.#set, beginningOfPassWriteIndex: 2 * index, endOfPassWriteIndex: 2 * index + 1 };
  }

  /** Records that the times go to a buffer of `bytes`. */
  resolve(encoder: GPUCommandEncoder, target: GPUBuffer): void {
    encoder.resolveQuerySet(this.#set, 0, 2 * this.#timed, target, 0);
  }
}

/** Nanoseconds per label from the resolved begin and end times; dispatches of one label are added. */
export function nanosecondsByLabel(bytes: ArrayBuffer, labels: readonly string[]): Map<string, number> {
  const times = new BigUint64Array(bytes);
  const sums = new Map<string, number>();
  for (let i = 0; i < times.length / 2; i++) {
    // A driver may set its clock back between the two; that is no time.
    const duration = Math.max(0, Number(times[2 * i + 1] - times[2 * i]));
    sums.set(labels[i], (sums.get(labels[i]) ?? 0) + duration);
  }
  return sums;
}
