/**
 * Distance on a device, by strips of whole rows as tall as its buffers allow: mostly the whole raster. Where there are several, the source is read
 * twice: once for the ends of its columns, which tell each strip what lies above and below it.
 */
import { allOf } from '../../core/all-of.ts';
import { allocatePlane, nodataOf, type Plane } from '../../core/cells.ts';
import { throwIfAborted } from '../../core/errors.ts';
import { type Tile, tileAt, tilesUnder } from '../../core/tiles.ts';
import type { BufferSlice, PooledBuffer } from '../../gpu/buffers.ts';
import type { TileValues } from '../../gpu/uniforms.ts';
import type { DeviceSolveRequest, SolveFacts } from '../solver.ts';
import { anySquareFits, checkIndices, checkSources } from './capacity.ts';
import { type ColumnEnds, lookBeyond } from './columns.ts';
import { solve as solveOnHost } from './cpu.ts';
import { NONE } from './rows.ts';
import type { DistanceOutput } from './tasks.ts';
import { TileAssembly } from './tile-assembly.ts';

/** Cells from one that is looked for to the next, the coarsest first: each level looks between the cells of the one before. */
const STEPS = [512, 64, 8, 1];
/** Planes of a strip on the device beside the outputs: source, row and column of the nearest source. */
const PLANES = 3;
/** For the kernel that writes each output: its name and that of its plane. */
const WRITERS: Readonly<Record<DistanceOutput, readonly [entry: string, plane: string]>> = {
  squared: ['write_squared', 'squared'],
  distance: ['write_distance', 'distance_cells'],
  allocation: ['write_allocation', 'allocation'],
};

interface Strip extends ColumnEnds {
  readonly y: number;
  readonly rows: number;
}

export async function solve(request: DeviceSolveRequest): Promise<SolveFacts> {
  const { shape, gpu, signal, progress } = request;
  const outputs = Object.keys(request.outputs) as DistanceOutput[];
  checkIndices(shape, outputs);
  if (!anySquareFits(shape)) return solveOnHost(request); // 32 bits are all that the device has
  const rows = stripRows(request, outputs.length);
  const strips = Array.from({ length: Math.ceil(shape.height / rows) }, (_, i): Strip => {
    const y = i * rows;
    const none = () => new Int32Array(shape.width).fill(NONE);
    return { y, rows: Math.min(rows, shape.height - y), first: none(), last: none() };
  });
  const before = { ...gpu.traffic };
  const assembly = new TileAssembly({ ...request, memory: request.memory / 2 });
  try {
    if (strips.length > 1) {
      for (const strip of strips) {
        throwIfAborted(signal);
        await findEnds(request, strip);
      }
      lookBeyond(strips);
    }
    let dispatches = strips.length > 1 ? strips.length : 0;
    for (const [i, strip] of strips.entries()) {
      throwIfAborted(signal);
      const made = await solveStrip(request, strip, outputs, assembly);
      if (i === 0) await checkSources(made.largest, request);
      dispatches += made.dispatches;
      progress?.(i + 1, strips.length);
    }
    const { bytesUp, bytesDown } = gpu.traffic;
    return {
      strips: strips.length,
      passes: strips.length > 1 ? 2 : 1,
      dispatches,
      bytes_up: bytesUp - before.bytesUp,
      bytes_down: bytesDown - before.bytesDown,
    };
  } finally {
    await assembly.close();
  }
}

/**
 * As many as a binding and half of the memory hold, on the device and here, where the source and the outputs pass through, whole and cut into
 * tiles: whole rows of tiles, or equal parts of one.
 */
function stripRows({ shape, tiling, gpu, memory }: DeviceSolveRequest, outputs: number): number {
  const bytesPerRow = 4 * shape.width;
  const room = gpu.buffers.caps.total / 2 / (PLANES + outputs + 2); // and two for what goes up and down
  const here = memory / 2 / (1 + 2 * outputs);
  const most = Math.max(1, Math.floor(Math.min(gpu.limits.maxStorageBufferBindingSize, room, here) / bytesPerRow));
  if (most >= shape.height) return shape.height;
  if (most >= tiling.tileHeight) return most - (most % tiling.tileHeight);
  return Math.ceil(tiling.tileHeight / Math.ceil(tiling.tileHeight / most));
}

async function findEnds(request: DeviceSolveRequest, strip: Strip): Promise<void> {
  const { gpu, shape } = request;
  const loans: PooledBuffer[] = [];
  try {
    const source = await sourceOf(request, strip, loans);
    const [first, last] = ['first', 'last'].map((name) => borrow(request, 4 * shape.width, name, loans));
    const batch = gpu.batch(`distance/ends/${strip.y}`);
    const kernel = await gpu.kernel('distance', 'ends');
    const size = { workgroups: [Math.ceil(shape.width / kernel.workgroup[0]), 1] } as const;
    batch.dispatch(kernel, { source, first, last }, tileOf(request, strip), {}, size, 'ends');
    const reads = [
      batch.read(first, 'first', (bytes) => strip.first.set(new Int32Array(bytes, 0, shape.width))),
      batch.read(last, 'last', (bytes) => strip.last.set(new Int32Array(bytes, 0, shape.width))),
    ];
    await batch.submit();
    await allOf(reads);
  } finally {
    for (const loan of loans) loan.release();
  }
}

/** `largest`: -1 where the raster has no source, as in any cell of it. */
async function solveStrip(
  request: DeviceSolveRequest,
  strip: Strip,
  outputs: readonly DistanceOutput[],
  assembly: TileAssembly,
): Promise<{ readonly dispatches: number; readonly largest: number }> {
  const { gpu, shape, tiling } = request;
  const loans: PooledBuffer[] = [];
  const { y, rows, last, first } = strip;
  const cells = 4 * shape.width * rows;
  try {
    const source = await sourceOf(request, strip, loans);
    const [above, below] = [last, first].map((_, i) => borrow(request, 4 * shape.width, i ? 'below' : 'above', loans));
    await upload(request, above, last);
    await upload(request, below, first);
    const row_of = borrow(request, cells, 'row_of', loans);
    const column_of = borrow(request, cells, 'column_of', loans);
    const tile = tileOf(request, strip);
    const [columns, search] = await Promise.all([gpu.kernel('distance', 'columns'), gpu.kernel('distance', 'search')]);
    const batch = gpu.batch(`distance/rows/${y}`);
    const workgroups = { workgroups: [Math.ceil(shape.width / columns.workgroup[0]), 1] } as const;
    batch.dispatch(columns, { source, above, below, row_of }, tile, {}, workgroups, 'columns');
    for (const [i, step] of STEPS.entries()) {
      const size = { width: Math.ceil(shape.width / step), height: rows };
      const params = { step, known: STEPS[i - 1] ?? 0 };
      batch.dispatch(search, { nearest_row: row_of, column_of }, tile, params, size, `search ${step}`);
    }
    const planes = new Map<DistanceOutput, BufferSlice>();
    for (const output of outputs) {
      const [entry, name] = WRITERS[output];
      const kernel = await gpu.kernel('distance', entry);
      planes.set(output, borrow(request, cells, output, loans));
      const bindings = { nearest_row: row_of, nearest_column: column_of, [name]: planes.get(output)! };
      batch.dispatch(kernel, bindings, tile, {}, { width: shape.width, height: rows }, entry);
    }
    const tiles = tilesUnder(tiling, { x: 0, y, width: shape.width, height: rows }).map((index) =>
      tileAt(tiling, index),
    );
    const parts = tiles.map((_): Record<string, Plane> => ({}));
    const reads = outputs.map((output) =>
      batch.read(planes.get(output)!, output, (bytes) => {
        for (const [i, tile] of tiles.entries()) parts[i][output] = cut(bytes, shape.width, strip, tile, output);
      }),
    );
    await batch.submit();
    await allOf(reads);
    const [output] = outputs;
    const found = parts[0][output][0] !== nodataOf(output === 'distance' ? 'f32' : 'u32');
    for (const [i, { index, y: top }] of tiles.entries()) await assembly.add(index, Math.max(0, y - top), parts[i]);
    return { dispatches: 1 + STEPS.length + outputs.length, largest: found ? 0 : -1 };
  } finally {
    for (const loan of loans) loan.release();
  }
}

/** The rows of a tile that lie in the strip. */
function cut(bytes: ArrayBuffer, width: number, strip: Strip, tile: Tile, output: DistanceOutput): Plane {
  const whole = output === 'distance' ? new Float32Array(bytes) : new Uint32Array(bytes);
  const from = Math.max(tile.y, strip.y);
  const rows = Math.min(tile.y + tile.height, strip.y + strip.rows) - from;
  const plane = allocatePlane(output === 'distance' ? 'f32' : 'u32', tile.width * rows);
  for (let row = 0; row < rows; row++) {
    const at = (from - strip.y + row) * width + tile.x;
    plane.set(whole.subarray(at, at + tile.width), row * tile.width);
  }
  return plane;
}

async function sourceOf(request: DeviceSolveRequest, { y, rows }: Strip, loans: PooledBuffer[]): Promise<BufferSlice> {
  const { shape, inputs } = request;
  const plane = await inputs.source.read({ x: 0, y, width: shape.width, height: rows });
  const slice = borrow(request, plane.byteLength, 'source', loans);
  await upload(request, slice, plane);
  return slice;
}

function borrow({ gpu }: DeviceSolveRequest, bytes: number, name: string, loans: PooledBuffer[]): BufferSlice {
  const loan = gpu.buffers.acquire(bytes, 'plane', `distance/${name}`);
  loans.push(loan);
  return loan.slice(0, bytes);
}

async function upload({ gpu }: DeviceSolveRequest, slice: BufferSlice, cells: Plane | Int32Array): Promise<void> {
  const bytes = new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength);
  await gpu.upload(slice, (view, offset) => new Uint8Array(view, offset, bytes.length).set(bytes));
}

function tileOf({ shape }: DeviceSolveRequest, { y, rows }: Strip): TileValues {
  return {
    width: shape.width,
    height: rows,
    pitch: shape.width,
    halo: 0,
    plane: shape.width * rows,
    x: 0,
    y,
    grid_width: shape.width,
    grid_height: shape.height,
    cell_width: shape.cellWidth,
    cell_height: shape.cellHeight,
  };
}
