/** Global operators that fail half way, or are stopped: when they reject, nothing is under way any more and every scratch file is gone. */
import { describe, expect, test } from 'vitest';
import type { Plane } from '../../src/core/cells.ts';
import type { TaskPool } from '../../src/core/tasks.ts';
import type { Values } from '../../src/core/values.ts';
import { SOLVERS } from '../../src/solvers/index.ts';
import type { SolveRequest } from '../../src/solvers/solver.ts';
import { solverTasks } from '../../src/solvers/tasks.ts';
import { directionsOf } from '../support/flow.ts';
import { CountedScratch } from '../support/run-graph.ts';
import { requestOf, shuffledPool } from '../support/solve.ts';
import { fractal, random } from '../support/terrain.ts';

const [width, height] = [38, 29];
const dem = fractal(width, height, 3);
const direction = directionsOf(dem, width, 'mfd');
const share = random(width, height, 5).map((value) => value / 2000 + 0.5);
const marks = Uint32Array.from(share, (value) => (value > 0.98 ? 1 : 0));
const reach = Uint32Array.from(share, (value) => Math.floor(4 * value));
const terrace = dem.map((value) => Math.floor(value / 20));

interface Case {
  readonly id: string;
  readonly inputs: Readonly<Record<string, Plane>>;
  readonly params?: Values;
  /** Bytes; none when absent, so that all that is kept goes to scratch. */
  readonly memory?: number;
}

const CASES: readonly Case[] = [
  { id: 'fill_depressions', inputs: { dem } },
  { id: 'flow_direction', inputs: { filled: terrace }, params: { algorithm: 1, order: 0 } },
  { id: 'flow_direction', inputs: { filled: terrace }, params: { algorithm: 1, order: 1 } },
  {
    id: 'flow_accumulation',
    inputs: { direction, weight: share, weight_2: share },
    params: { threshold: 9, trace: 1 },
  },
  { id: 'streams', inputs: { direction, reach }, params: { algorithm: 0, order: 0 } },
  { id: 'streams', inputs: { direction, reach }, params: { algorithm: 1, order: 0 } },
  { id: 'streams', inputs: { direction, reach }, params: { algorithm: 1, order: 1 } },
  { id: 'distance_to_stream', inputs: { direction, stream: marks, weight: share } },
  { id: 'sediment_deposition', inputs: { direction, sdr: share, e_prime: share } },
  ...[0, 1].map((order) => ({
    id: 'effective_retention',
    inputs: { direction, stream: marks, efficiency: share, critical_length: share },
    params: { order },
  })),
  { id: 'distance', inputs: { source: marks }, memory: 1e4 },
  { id: 'convolve', inputs: { values: dem }, params: { kernel: 1, radius: 9 } },
  { id: 'getis_ord', inputs: { values: dem }, params: { shape: 0, radius: 4 } },
  { id: 'morans_i', inputs: { values: dem, other: share }, params: { shape: 3, radius: 0, weights: 0 } },
  { id: 'zonal_sum', inputs: { values: share, zones: reach } },
  { id: 'gather', inputs: { index: reach, codes: marks } },
  { id: 'flow_omnidirectional', inputs: { supply: share, demand: share.map((part) => 1 - part) } },
  {
    id: 'flow_directional',
    inputs: { supply: share, demand: share.map((part) => 1 - part), direction },
    params: { retention: 0.25 },
  },
];
/** They only read and write. */
const WITHOUT_TASKS = ['gather'];

type Part = 'read' | 'write' | 'task' | 'scratch';

/** What goes wrong, and at which of its calls, counted from 1. */
interface Fault {
  readonly part: Part;
  readonly at: number;
  readonly error: Error;
}

/** Everything that an operator calls takes a moment, and is counted until it has ended. */
class Watched {
  readonly calls: Record<Part, number> = { read: 0, write: 0, task: 0, scratch: 0 };
  readonly scratches: CountedScratch[] = [];
  pending = 0;
  readonly #fault: Fault | undefined;

  constructor(fault?: Fault) {
    this.#fault = fault;
  }

  async #during<T>(part: Part, work: () => Promise<T>): Promise<T> {
    this.pending++;
    try {
      const call = ++this.calls[part];
      if (this.#fault?.part === part && this.#fault.at === call) throw this.#fault.error;
      // Some take longer than those after them: what a failure leaves behind is seen.
      await new Promise((resolve) => setTimeout(resolve, call % 2 ? 3 : 0));
      return await work();
    } finally {
      this.pending--;
    }
  }

  run({ id, inputs, params, memory = 0 }: Case, seed: number, signal?: AbortSignal): Promise<unknown> {
    const { spec, cpu } = SOLVERS.get(id)!;
    const inner = shuffledPool(solverTasks, seed);
    const pool: TaskPool = {
      ...inner,
      run: (task, input, options) => this.#during('task', () => inner.run(task, input, options)),
    };
    const plain = requestOf(spec, { width, height, inputs, params, tile: 12, pool, memory });
    const request: SolveRequest = {
      ...plain,
      signal,
      inputs: Object.fromEntries(
        Object.entries(plain.inputs).map(([name, input]) => [
          name,
          { ...input, read: (window) => this.#during('read', () => input.read(window)) },
        ]),
      ),
      outputs: Object.fromEntries(
        Object.entries(plain.outputs).map(([name, output]) => [
          name,
          { ...output, write: (tile, plane) => this.#during('write', () => output.write(tile, plane)) },
        ]),
      ),
      openScratch: async () => {
        const scratch = new CountedScratch();
        this.scratches.push(scratch);
        return {
          append: (bytes) => this.#during('scratch', () => scratch.append(bytes)),
          write: (offset, bytes) => this.#during('scratch', () => scratch.write(offset, bytes)),
          read: (offset, length) => this.#during('scratch', () => scratch.read(offset, length)),
          dispose: () => scratch.dispose(),
        };
      },
    };
    return cpu(request);
  }
}

describe.each(CASES)('$id $params', (given) => {
  test.each(['read', 'write', 'task', 'scratch'] as const)('a %s that fails ends it', async (part) => {
    const whole = new Watched();
    await whole.run(given, 1);
    const most = whole.calls[part];
    if (most === 0) return; // it needs none
    for (const at of new Set([1, Math.ceil((2 * most) / 3)])) {
      const error = new Error(`${part} ${at}`);
      const watched = new Watched({ part, at, error });
      const reason = await watched.run(given, at).then(
        () => 'nothing',
        (thrown: unknown) => thrown,
      );
      expect(watched.pending, `${part} ${at} of ${most}: still under way`).toBe(0);
      if (watched.calls[part] < at) continue; // with another order of visits there were fewer
      expect(reason).toBe(error);
      expect(watched.scratches.map(({ disposed }) => disposed)).toEqual(watched.scratches.map(() => 1));
    }
  });
});

test('the cases are all operators, and most of them use all that can fail', async () => {
  expect(new Set(CASES.map(({ id }) => id))).toEqual(new Set(SOLVERS.keys()));
  let complete = 0;
  for (const given of CASES) {
    const watched = new Watched();
    await watched.run(given, 1);
    expect(watched.pending).toBe(0);
    const { scratch, task, read, write } = watched.calls;
    expect([read, write].every((calls) => calls > 0)).toBe(true);
    expect(task > 0).toBe(!WITHOUT_TASKS.includes(given.id));
    if (scratch > 0) complete++;
  }
  expect(complete).toBeGreaterThanOrEqual(8);
});
