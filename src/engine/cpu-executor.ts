/** Visits in worker threads, in float64: where there is no GPU, after two lost devices, and whenever `--device cpu` asks for it. */
import type { CellType, Plane } from '../core/cells.ts';
import type { TaskPool } from '../core/tasks.ts';
import type { Executor, VisitRequest, VisitResult } from './executor.ts';
import type { StageTask, StageTaskResult } from './stage-task.ts';

export function cpuExecutor(pool: TaskPool): Executor {
  return {
    kind: 'cpu',
    name: `CPU reference (float64, ${pool.size} ${pool.size === 1 ? 'thread' : 'threads'})`,
    lanes: pool.size,
    async visit({ nodes, tables, tile, inputs, types, toHost, toStay, signal }: VisitRequest): Promise<VisitResult> {
      const planes = new Map<string, Plane>();
      const transfer = new Set<Transferable>();
      for (const [field, { host, owned }] of inputs) {
        planes.set(field, host!);
        // Part of a larger buffer would take its neighbours along.
        if (owned && host!.byteLength === host!.buffer.byteLength) transfer.add(host!.buffer as ArrayBuffer);
      }
      const wanted = [...new Set([...toHost, ...toStay])];
      const codes = nodes.flatMap(({ writes }) =>
        Object.values(writes).filter((field) => types.get(field) === ('u32' satisfies CellType)),
      );
      const task: StageTask = { nodes, tables, tile, inputs: planes, codes, wanted };
      const started = performance.now();
      const result = await pool.run<StageTask, StageTaskResult>('run_stages', task, {
        transfer: [...transfer],
        signal,
      });
      const compute = performance.now() - started;
      return {
        host: result.planes,
        device: new Map(),
        partials: result.partials,
        timings: { bytesUp: 0, bytesDown: 0, upload: 0, compute, readback: 0 },
      };
    },
    async close() {},
  };
}
