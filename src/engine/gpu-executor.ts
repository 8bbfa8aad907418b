/**
 * Visits on a WebGPU device: planes go up, every stage is one dispatch of one submit, results come back without anybody waiting for
 * another tile. Keeps class tables on the device; all else belongs to the visit or to the store.
 */
import type { Gpu } from '../gpu/gpu.ts';
import { adapterName } from '../gpu/provider.ts';
import { DeviceTables } from './device-tables.ts';
import type { Executor, VisitRequest, VisitResult } from './executor.ts';
import { GpuVisit } from './gpu-visit.ts';

/**
 * `close` destroys the device.
 * `warps`, `solves`: whether it brings sources to the grid and runs global operators itself; when absent, a GPU does and a software device
 * leaves it to the workers, which are faster at both.
 */
export function gpuExecutor(
  gpu: Gpu,
  {
    warps = !gpu.description.software,
    solves = !gpu.description.software,
  }: { readonly warps?: boolean; readonly solves?: boolean } = {},
): Executor {
  const tables = new DeviceTables(gpu);
  return {
    kind: 'gpu',
    name: adapterName(gpu.description),
    warps,
    solvesOn: solves ? gpu : undefined,
    async visit(request: VisitRequest): Promise<VisitResult> {
      const visit = new GpuVisit(gpu, tables, request);
      try {
        return await visit.run();
      } finally {
        visit.release();
      }
    },
    async close() {
      await tables.close();
      // A lost device has nothing left to give back, and says so.
      await gpu.destroy().catch((error: unknown) => {
        if (!gpu.isLost) throw error;
      });
    },
  };
}
