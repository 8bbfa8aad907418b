/** Visits in worker threads, in float64: where there is no GPU, after two lost devices, and whenever `--device cpu` asks for it. */
import type { Plane } from '../core/cells.ts';
import type { TaskPool } from '../core/tasks.ts';
import type { Executor, VisitRequest, VisitResult } from './executor.ts';
import type { StageTask, StageTaskResult } from './stage-task.ts';

export function cpuExecutor(pool: TaskPool): Executor {
  return {
    kind: 'cpu',
    name: `CPU reference (float64, ${pool.size} ${pool.size === 1 ? 'thread' : 'threads'})`,
    async visit({ nodes, tables, tile, inputs, toHost, toStay, signal }: VisitRequest): Promise<VisitResult> {
      const planes = new Map<string, Plane>();
      const transfer: Transferable[] = [];
      for (const [field, { host, owned }] of inputs) {
        planes.set(field, host!);
        if (owned) transfer.push(host!.buffer as ArrayBuffer);
      }
      const wanted = [...new Set([...toHost, ...toStay])];
      const task: StageTask = { nodes, tables, tile, inputs: planes, wanted };
      const started = performance.now();
      const result = await pool.run<StageTask, StageTaskResult>('run_stages', task, { transfer, signal });
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
