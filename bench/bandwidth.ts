/** How fast the device copies its own memory: by the plainest kernel, and by its copy command. */
import type { Gpu } from '#ecoflux/gpu/gpu.js';
import { type Spread, spreadOf } from './timing.ts';

export interface Bandwidth {
  /** GB/s, bytes read and bytes written counted: the best that was seen, and its spread. */
  readonly kernel: Spread;
  readonly command: Spread;
}

const BYTES = 64 * 2 ** 20;
const REPEATS = 12;
const PER_BATCH = 4;
const TILE = {
  width: 1,
  height: 1,
  pitch: 1,
  halo: 0,
  plane: 64,
  x: 0,
  y: 0,
  grid_width: 1,
  grid_height: 1,
  cell_width: 1,
  cell_height: 1,
};

export async function measureBandwidth(gpu: Gpu): Promise<Bandwidth> {
  const kernel = await gpu.kernel('copy', 'copy');
  using from = gpu.buffers.acquire(BYTES, 'plane', 'bandwidth/from');
  using to = gpu.buffers.acquire(BYTES, 'plane', 'bandwidth/to');
  const groups = BYTES / 16 / 256;
  const across = Math.min(groups, 4096);
  const byKernel: number[] = [];
  const byCommand: number[] = [];
  for (let repeat = -1; repeat < REPEATS; repeat++) {
    const batch = gpu.batch('bandwidth');
    for (let i = 0; i < PER_BATCH; i++)
      batch.dispatch(
        kernel,
        { original: from.slice(0), copied: to.slice(0) },
        TILE,
        {},
        { workgroups: [across, groups / across] },
        `copy ${i}`,
      );
    const started = performance.now();
    const { gpuNanoseconds } = await batch.submit();
    const wall = (performance.now() - started) * 1e6;
    const times = gpuNanoseconds ? [...gpuNanoseconds.values()] : [wall / PER_BATCH];
    const copies = gpu.batch('bandwidth by command');
    for (let i = 0; i < PER_BATCH; i++) copies.copy(from.slice(0), to.slice(0));
    const begun = performance.now();
    await copies.submit();
    const copied = ((performance.now() - begun) * 1e6) / PER_BATCH;
    if (repeat < 0) continue; // compiles and touches the memory
    byKernel.push(...times.map((time) => (2 * BYTES) / time));
    byCommand.push((2 * BYTES) / copied);
  }
  gpu.buffers.trim();
  return { kernel: spreadOf(byKernel), command: spreadOf(byCommand) };
}
