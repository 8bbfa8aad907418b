/** The blocks in which a device convolves, where it has room for them. */
import type { RasterShape } from '../../core/solver.ts';
import type { Gpu } from '../../gpu/gpu.ts';
import { type BlockPlan, planBlocks } from './block-plan.ts';
import type { Kernel } from './kernels.ts';

/** Blocks at a time. */
export const LANES = 2;
/** Of a complex number of two pairs. */
export const POINT_BYTES = 16;
/** Of all that a transform of one point needs in both lanes with its spectrum. */
const BYTES_PER_POINT = LANES * (POINT_BYTES + 5 * 4) + 8;
/** A workgroup holds whole lines of the shortest transform. */
const LENGTHS = [32, 64, 128, 256, 512, 1024, 2048, 4096, 8192];
/** Up to this reach sums over the kernel are faster. */
const DIRECT = 4;
/** Of the points of a transform, cells of its block. */
const LEAST_PART = 1 / 64;

/**
 * The largest transform has to fit a binding, and all lanes the device's memory. Undefined where a kernel is too wide for that, or leaves so few cells
 * in a block that workers with their longer lines are faster.
 */
export function planOnDevice(
  shape: Pick<RasterShape, 'width' | 'height'>,
  kernel: Pick<Kernel, 'reachX' | 'reachY'>,
  {
    limits,
    buffers,
  }: {
    limits: Pick<Gpu['limits'], 'maxStorageBufferBindingSize'>;
    buffers: { caps: Pick<Gpu['buffers']['caps'], 'total'> };
  },
): BlockPlan | undefined {
  const largest = Math.min(
    Math.floor(limits.maxStorageBufferBindingSize / POINT_BYTES),
    Math.floor(buffers.caps.total / 2 / BYTES_PER_POINT),
  );
  const plan = planBlocks(shape, kernel, { direct: DIRECT, lengths: LENGTHS, largest });
  if (!plan) return undefined;
  const { method, columns, rows, blockWidth, blockHeight, lengthX, lengthY } = plan;
  const few = columns * rows > 1 && blockWidth * blockHeight < LEAST_PART * lengthX * lengthY;
  return method === 'transform' && few ? undefined : plan;
}
