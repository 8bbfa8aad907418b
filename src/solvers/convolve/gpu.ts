/** Convolution on a device, block by block: sums over small kernels, transforms for others. Two blocks at a time: one goes up while one is worked on. */
import type { Window } from '../../core/grid.ts';
import type { Batch } from '../../gpu/batch.ts';
import type { BufferSlice, PooledBuffer } from '../../gpu/buffers.ts';
import type { Kernel as DeviceKernel } from '../../gpu/pipelines.ts';
import type { TileValues } from '../../gpu/uniforms.ts';
import { blockTile } from '../device/block-tile.ts';
import { eachTile } from '../each-tile.ts';
import type { DeviceSolveRequest, SolveFacts } from '../solver.ts';
import type { RowsInput } from './band-steps.ts';
import { type BlockPlan, blocksOf, marginAround } from './block-plan.ts';
import { solve as solveInWorkers } from './cpu.ts';
import { LANES, POINT_BYTES, planOnDevice } from './device-plan.ts';
import { type SpectrumInput, turnTable } from './device-spectrum.ts';
import { type Kernel, kernelOf, weightsOf } from './kernels.ts';
import { type LinePass, linePasses, POINTS, turnOf } from './line-passes.ts';
import { CONVOLVE_DESCRIBE, CONVOLVE_SPECTRUM, type DescribeOutput } from './tasks.ts';
import { TilePieces } from './tile-pieces.ts';
import { coveredHeights } from './zero-cells.ts';

/** In the order of the shader's `results`. */
const PLANES = ['mean', 'sum', 'weight'] as const;
const MULTIPLY_GROUP = 256;

/** Kernels for which the device has no room, or next to none beside them, are left to workers. @throws EcofluxError InvalidConfiguration for a radius of 0 */
export function solve(request: DeviceSolveRequest): Promise<SolveFacts> {
  const { shape, params, gpu } = request;
  const kernel = kernelOf(params, shape);
  const plan = planOnDevice(shape, kernel, gpu);
  return plan ? solveOnDevice(request, kernel, plan) : solveInWorkers(request);
}

async function solveOnDevice(request: DeviceSolveRequest, kernel: Kernel, plan: BlockPlan): Promise<SolveFacts> {
  const { shape, inputs, gpu, progress } = request;
  const blocks = [...blocksOf(plan, shape)];
  const before = { ...gpu.traffic };
  const pieces = new TilePieces(request);
  const held: PooledBuffer[] = [];
  let done = 0;
  let dispatches = 0;
  try {
    const tables = await bringTables(request, kernel, plan, held);
    const lanes = { ...request, pool: { ...request.pool, size: LANES - 1 } };
    await eachTile(blocks.keys(), lanes, async (index) => {
      const block = blocks[index];
      const values = (await inputs.values.read(marginAround(block, plan))) as Float32Array;
      const made = await convolveOnDevice(request, { block, values, kernel, plan, tables });
      dispatches += made.dispatches;
      await pieces.add(block, made.planes);
      progress?.(++done, blocks.length);
    });
  } finally {
    await pieces.close();
    for (const buffer of held) buffer.release();
  }
  return {
    blocks: blocks.length,
    transform_x: plan.lengthX,
    transform_y: plan.lengthY,
    dispatches,
    bytes_up: gpu.traffic.bytesUp - before.bytesUp,
    bytes_down: gpu.traffic.bytesDown - before.bytesDown,
  };
}

interface Tables {
  readonly weights: BufferSlice;
  readonly heights: BufferSlice;
  readonly gaps: number;
  readonly turns?: BufferSlice;
  readonly spectrum?: BufferSlice;
}

async function bringTables(
  { gpu, pool, signal }: DeviceSolveRequest,
  kernel: Kernel,
  { method, lengthX, lengthY, blockWidth, marginX }: BlockPlan,
  held: PooledBuffer[],
): Promise<Tables> {
  const bring = async (data: Float32Array | Uint32Array | Int32Array, label: string) => {
    const buffer = gpu.buffers.acquire(data.byteLength, 'plane', `convolve/${label}`);
    held.push(buffer);
    await gpu.upload(buffer, fillFrom(data), buffer.label);
    return buffer;
  };
  const heights = coveredHeights(kernel.shape, kernel.radius, blockWidth + 2 * marginX);
  const tables = { heights: await bring(heights, 'heights'), gaps: heights.length };
  if (method === 'direct') return { ...tables, weights: await bring(weightsOf(kernel), 'weights') };
  const input: SpectrumInput = { kernel, lengthX, lengthY };
  const spectrum = await pool.run<SpectrumInput, Float32Array>(CONVOLVE_SPECTRUM, input, { signal });
  return {
    ...tables,
    weights: tables.heights,
    turns: await bring(turnTable(turnOf(lengthX, lengthY)), 'turns'),
    spectrum: await bring(spectrum, 'spectrum'),
  };
}

function fillFrom(data: Float32Array | Uint32Array | Int32Array) {
  return (view: ArrayBuffer, offset: number, length: number) =>
    new Uint8Array(view, offset, length).set(new Uint8Array(data.buffer, data.byteOffset, length));
}

interface DeviceBlock {
  readonly block: Window;
  /** Of the block with the plan's margin on every side. */
  readonly values: Float32Array;
  readonly kernel: Kernel;
  readonly plan: BlockPlan;
  readonly tables: Tables;
}

interface MadeBlock {
  readonly planes: Readonly<Record<string, Float32Array>>;
  readonly dispatches: number;
}

async function convolveOnDevice(request: DeviceSolveRequest, work: DeviceBlock): Promise<MadeBlock> {
  const { gpu, pool, signal } = request;
  const { block, plan, tables } = work;
  const transfer = [work.values.buffer as ArrayBuffer];
  const input: RowsInput = { values: work.values, pitch: block.width + 2 * plan.marginX };
  const about = await pool.run<RowsInput, DescribeOutput>(CONVOLVE_DESCRIBE, input, { signal, transfer });
  const { values } = about;
  const cells = block.width * block.height;
  const buffers: PooledBuffer[] = [];
  const lend = (bytes: number, label: string) => {
    const buffer = gpu.buffers.acquire(bytes, 'plane', `convolve/${label}`);
    buffers.push(buffer);
    return buffer;
  };
  try {
    const brought = lend(values.byteLength, 'values');
    const results = lend(4 * PLANES.length * cells, 'results');
    await gpu.upload(brought, fillFrom(values), brought.label);
    const tile = blockTile(request.shape, block, block.width + 2 * plan.marginX);
    const params = paramsOf(work, about);
    const batch = gpu.batch(`convolve/${block.x},${block.y}`, { timed: false });
    let dispatches = 1;
    if (plan.method === 'direct') {
      const entry = await gpu.kernel('convolve', 'sum_directly');
      const bindings = { values: brought, weights: tables.weights, results };
      batch.dispatch(entry, bindings, tile, params, block, 'sum_directly');
    } else {
      const points = lend(POINT_BYTES * plan.lengthX * plan.lengthY, 'points');
      const load = await gpu.kernel('convolve', 'load');
      const size = { width: plan.lengthX, height: plan.lengthY };
      batch.dispatch(load, { values: brought, loaded: points }, tile, params, size, 'load');
      dispatches += await transformOn(request, batch, points, plan, tables, tile);
      const covers =
        params.zeros === 1
          ? await coverOn(request, batch, brought, work, tile, params, lend)
          : { slice: brought, dispatches: 0 };
      dispatches += 1 + covers.dispatches;
      const store = await gpu.kernel('convolve', 'store');
      const bindings = { values: brought, points, covers: covers.slice, results };
      batch.dispatch(store, bindings, tile, params, block, 'store');
    }
    const read = batch.read(results, 'results', (bytes) => new Float32Array(bytes.slice(0)));
    await batch.submit();
    const all = await read;
    const planes = PLANES.map((name, i) => [name, all.subarray(i * cells, (i + 1) * cells)] as const);
    return { planes: Object.fromEntries(planes), dispatches };
  } finally {
    for (const buffer of buffers) buffer.release();
  }
}

/** Lines along x and y, times the spectrum, and back. */
async function transformOn(
  { gpu }: DeviceSolveRequest,
  batch: Batch,
  points: BufferSlice,
  { lengthX, lengthY }: BlockPlan,
  { turns, spectrum }: Tables,
  tile: TileValues,
): Promise<number> {
  const lines = await gpu.kernel('convolve_transform', 'transform_lines');
  const multiply = await gpu.kernel('convolve_transform', 'multiply');
  const { forward, backward } = linePasses(lengthX, lengthY);
  const size = lengthX * lengthY;
  const run = (kernel: DeviceKernel, pass: LinePass, back: number) =>
    batch.dispatch(
      kernel,
      { turns: turns!, points },
      tile,
      { ...pass, backward: back },
      workgroups(size / POINTS),
      'lines',
    );
  for (const pass of forward) run(lines, pass, 0);
  const unused = { ...forward[0], backward: 0 };
  batch.dispatch(
    multiply,
    { spectrum: spectrum!, points },
    tile,
    unused,
    workgroups(size / MULTIPLY_GROUP),
    'multiply',
  );
  for (const pass of backward) run(lines, pass, 1);
  return forward.length + 1 + backward.length;
}

/** So many of them; a row of workgroups may not be longer than 65 535. */
function workgroups(count: number): { readonly workgroups: readonly [number, number] } {
  const rows = Math.max(1, count / 2 ** 15);
  return { workgroups: [count / rows, rows] };
}

/** Which cells have a source within the kernel. */
async function coverOn(
  { gpu }: DeviceSolveRequest,
  batch: Batch,
  values: BufferSlice,
  { plan, block, tables }: DeviceBlock,
  tile: TileValues,
  params: Readonly<Record<string, number>>,
  lend: (bytes: number, label: string) => PooledBuffer,
): Promise<{ slice: BufferSlice; dispatches: number }> {
  const [columns, rows] = [block.width + 2 * plan.marginX, block.height + 2 * plan.marginY];
  const distances = lend(4 * columns * rows, 'distances');
  const covered = lend(4 * columns * (rows + 1), 'covered');
  const along = await gpu.kernel('convolve', 'row_distances');
  const down = await gpu.kernel('convolve', 'cover_columns');
  batch.dispatch(along, { values, distances }, tile, params, { width: rows, height: 1 }, 'row_distances');
  const bindings = { heights: tables.heights, distances, covered };
  batch.dispatch(down, bindings, tile, params, { width: columns, height: 1 }, 'cover_columns');
  return { slice: covered, dispatches: 2 };
}

/** Of shaders/solvers/convolve.wgsl. */
function paramsOf(
  { block, kernel, plan, tables }: DeviceBlock,
  about: DescribeOutput,
): Readonly<Record<string, number>> {
  const { low, high, level, valid } = about;
  const zeros = valid === 0 || (low === 0 && high === 0) ? 2 : low > 0 || high < 0 ? 0 : 1;
  return {
    reach_x: plan.marginX,
    reach_y: plan.marginY,
    rows: block.height + 2 * plan.marginY,
    columns: plan.lengthX,
    level,
    low: valid > 0 ? low : 0,
    high: valid > 0 ? high : 0,
    gaps: tables.gaps,
    whole: kernel.shape === 'disc' ? (about.whole ? 2 : 1) : 0,
    zeros,
  };
}
