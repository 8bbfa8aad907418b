/** A band of a grid on the device, with every buffer that the kernels of a case need, ready to be dispatched again and again. */
import { allocatePlane, nodataOf, type Plane } from '#ecoflux/core/cells.js';
import type { ShaderTable } from '#ecoflux/core/shader-table.js';
import type { ClassRows } from '#ecoflux/core/values.js';
import { DeviceTables } from '#ecoflux/engine/device-tables.js';
import { reduceStage } from '#ecoflux/engine/records.js';
import { SHADERS } from '#ecoflux/generated/shaders.js';
import type { Batch } from '#ecoflux/gpu/batch.js';
import type { BufferSlice, PooledBuffer } from '#ecoflux/gpu/buffers.js';
import type { DispatchSize } from '#ecoflux/gpu/dispatch.js';
import type { Gpu } from '#ecoflux/gpu/gpu.js';
import type { Kernel } from '#ecoflux/gpu/pipelines.js';
import type { Fields, KernelCase } from './kernel-cases.ts';

export interface Rig {
  /** Bytes that the kernels of one dispatch of all steps read and write, each plane once for each kernel that names it. */
  readonly bytes: number;
  /** Records every step once. */
  record(batch: Batch, label: string): void;
  /** What a step wrote: a plane without padding. */
  plane(field: string): Promise<Float32Array>;
  release(): Promise<void>;
}

export interface Band {
  readonly width: number;
  readonly height: number;
}

const ALIGN_CELLS = 64;

/** Rows of the grid that one binding can hold, whole grid at most. */
export function bandOf(kernelCase: KernelCase, size: number, maxBinding: number): Band {
  const packed = Math.max(
    ...kernelCase.steps.flatMap(({ shader, entry }) =>
      (SHADERS as ShaderTable)[shader].entries[entry].bindings.map(({ planes = [''] }) => planes.length),
    ),
  );
  const rows = Math.floor(maxBinding / (packed * 4 * (size + 2 * kernelCase.halo))) - 2 * kernelCase.halo;
  let height = size;
  while (height > rows) height /= 2;
  return { width: size, height };
}

export async function makeRig(
  gpu: Gpu,
  { steps, halo }: KernelCase,
  { width, height }: Band,
  fields: Fields,
  tables: ReadonlyMap<string, ClassRows>,
): Promise<Rig> {
  const pitch = width + 2 * halo;
  const planeCells = Math.ceil((pitch * (height + 2 * halo)) / ALIGN_CELLS) * ALIGN_CELLS;
  const loans: PooledBuffer[] = [];
  const slices = new Map<string, BufferSlice>();
  const deviceTables = new DeviceTables(gpu);
  const borrow = (bytes: number, label: string) => {
    const loan = gpu.buffers.acquire(bytes, 'plane', label);
    loans.push(loan);
    return loan;
  };
  let bytes = 0;
  const dispatches: {
    readonly kernel: Kernel;
    readonly bindings: Record<string, BufferSlice>;
    readonly params: Readonly<Record<string, number>>;
    readonly size: DispatchSize;
  }[] = [];
  for (const { shader, entry, bind = {}, params = {} } of steps) {
    const kernel = await gpu.kernel(shader, entry);
    const bindings: Record<string, BufferSlice> = {};
    let size: DispatchSize = { width, height };
    for (const { name, access, table, record, planes } of kernel.reflection.bindings) {
      const field = bind[name] ?? name;
      if (table) bindings[name] = (await deviceTables.lend(tables.get(name)!, table, name)).slice;
      else if (record) {
        const { block } = reduceStage(shader, entry);
        const workgroups = [Math.ceil(width / block.width), Math.ceil(height / block.height)] as const;
        size = { workgroups };
        bindings[name] = borrow(workgroups[0] * workgroups[1] * record.stride, name).slice(0);
      } else if (access === 'read') {
        bindings[name] = slices.get(field) ?? (await upload(field));
        bytes += width * height * 4;
      } else {
        const names = planes ?? [name];
        const loan = borrow(names.length * planeCells * 4, name);
        for (const [p, plane] of names.entries())
          slices.set(bind[plane] ?? plane, loan.slice(p * planeCells * 4, planeCells * 4));
        bindings[name] = loan.slice(0);
        bytes += names.length * width * height * 4;
      }
    }
    dispatches.push({ kernel, bindings, params, size });
  }
  const tile = {
    width,
    height,
    pitch,
    halo,
    plane: planeCells,
    x: 0,
    y: 0,
    grid_width: width,
    grid_height: height,
    cell_width: 250,
    cell_height: 250,
  };

  async function upload(field: string): Promise<BufferSlice> {
    const plane = fields.get(field)!;
    const slice = borrow(planeCells * 4, field).slice(0);
    await gpu.upload(
      slice,
      (view, offset, length) =>
        fill(new (plane instanceof Float32Array ? Float32Array : Uint32Array)(view, offset, length / 4), plane),
      field,
    );
    slices.set(field, slice);
    return slice;
  }

  /** The plane repeated over the band, nodata around it. */
  function fill(out: Plane, plane: Plane): void {
    const nodata = nodataOf(plane instanceof Float32Array ? 'f32' : 'u32');
    out.fill(nodata);
    const edge = Math.sqrt(plane.length);
    for (let y = 0; y < height; y++) {
      const row = plane.subarray((y % edge) * edge, ((y % edge) + 1) * edge);
      for (let x = 0; x < width; x += edge)
        out.set(row.subarray(0, Math.min(edge, width - x)), (y + halo) * pitch + halo + x);
    }
  }

  return {
    bytes,
    record(batch, label) {
      for (const [i, { kernel, bindings, params, size }] of dispatches.entries())
        batch.dispatch(kernel, bindings, tile, params, size, `${label} ${i}`);
    },
    async plane(field) {
      const batch = gpu.batch(`read ${field}`);
      const reading = batch.read(slices.get(field)!, field, (data) => new Float32Array(data.slice(0)));
      await batch.submit();
      const padded = await reading;
      const out = allocatePlane('f32', width * height) as Float32Array;
      for (let y = 0; y < height; y++)
        out.set(padded.subarray((y + halo) * pitch + halo, (y + halo) * pitch + halo + width), y * width);
      return out;
    },
    async release() {
      await deviceTables.close();
      for (const loan of loans) loan.release();
      gpu.buffers.trim();
    },
  };
}
