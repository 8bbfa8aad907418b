/**
 * Visits on a WebGPU device: planes go up, every stage is one dispatch of one submit, results come back without anybody waiting for
 * another tile. Keeps the class tables on the device; all else belongs to the visit or to the store.
 */
import type { CellType, Plane } from '../core/cells.ts';
import type { ClassRows, TileContext, Values } from '../core/model.ts';
import type { BindingReflection, RowLayout } from '../core/shader-table.ts';
import type { Batch } from '../gpu/batch.ts';
import type { BufferSlice, PooledBuffer } from '../gpu/buffers.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { Kernel } from '../gpu/pipelines.ts';
import { adapterName } from '../gpu/provider.ts';
import type { TileValues } from '../gpu/uniforms.ts';
import type { Executor, ResolvedNode, VisitRequest, VisitResult } from './executor.ts';
import { reduceStage } from './records.ts';
import { interior } from './stage-task.ts';
import type { DevicePlane } from './store.ts';
import { packRows, unpackRows } from './table-bytes.ts';

export function gpuExecutor(gpu: Gpu): Executor {
  return new GpuExecutor(gpu);
}

// Offsets of storage bindings are multiples of 256 bytes, so packed planes are multiples of 64 cells.
const PLANE_CELLS = 64;

class GpuExecutor implements Executor {
  readonly kind = 'gpu';
  readonly name: string;
  readonly #gpu: Gpu;
  readonly #tables = new Map<string, Promise<PooledBuffer>>();

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
    this.name = adapterName(gpu.description);
  }

  async visit(request: VisitRequest): Promise<VisitResult> {
    const visit = new Visit(this.#gpu, request, (node, binding) => this.#table(request, node, binding));
    try {
      return await visit.run();
    } finally {
      visit.release();
    }
  }

  async close(): Promise<void> {
    for (const table of this.#tables.values()) await table.then((buffer) => buffer.release()).catch(() => {});
    this.#tables.clear();
    // A lost device has nothing left to give back, and says so.
    await this.#gpu.destroy().catch((error: unknown) => {
      if (!this.#gpu.isLost) throw error;
    });
  }

  #table({ tables }: VisitRequest, node: ResolvedNode, { name, table }: BindingReflection): Promise<PooledBuffer> {
    const id = node.tables[name];
    const key = `${id}\n${node.shader}\n${name}`;
    const made = this.#tables.get(key) ?? this.#uploadTable(id, tables.get(id)!, table!);
    this.#tables.set(key, made);
    return made;
  }

  async #uploadTable(id: string, rows: ClassRows, layout: RowLayout): Promise<PooledBuffer> {
    const bytes = packRows(rows, layout);
    const buffer = this.#gpu.buffers.acquire(bytes.byteLength, 'plane', id);
    await this.#gpu.upload(buffer, (view, offset) => new Uint8Array(view, offset, bytes.byteLength).set(bytes), id);
    return buffer;
  }
}

type FindTable = (node: ResolvedNode, binding: BindingReflection) => Promise<PooledBuffer>;

/** One visit: what it borrows it gives back, but for the planes that stay. */
class Visit {
  readonly #gpu: Gpu;
  readonly #request: VisitRequest;
  readonly #table: FindTable;
  readonly #loans = new Set<PooledBuffer>();
  readonly #planes = new Map<string, BufferSlice>();
  readonly #loanOf = new Map<string, PooledBuffer>();
  readonly #tile: TileValues;
  readonly #planeBytes: number;

  constructor(gpu: Gpu, request: VisitRequest, table: FindTable) {
    this.#gpu = gpu;
    this.#request = request;
    this.#table = table;
    const { width, height, pitch, halo, x, y, gridWidth, gridHeight, cellWidth, cellHeight } = request.tile;
    const plane = Math.ceil((pitch * (height + 2 * halo)) / PLANE_CELLS) * PLANE_CELLS;
    this.#planeBytes = plane * 4;
    this.#tile = {
      width,
      height,
      pitch,
      halo,
      plane,
      x,
      y,
      grid_width: gridWidth,
      grid_height: gridHeight,
      cell_width: cellWidth,
      cell_height: cellHeight,
    };
  }

  async run(): Promise<VisitResult> {
    const { nodes, label } = this.#request;
    const started = performance.now();
    const [kernels] = await Promise.all([
      Promise.all(nodes.map(({ shader, entry }) => this.#gpu.kernel(shader, entry))),
      this.#uploadInputs(),
    ]);
    const uploaded = performance.now();

    const batch = this.#gpu.batch(label);
    const partials = new Map<string, Values>();
    for (const [i, node] of nodes.entries()) await this.#dispatch(batch, kernels[i], node, partials);
    const reads = this.#request.toHost.map((field) => this.#readField(batch, field));
    const result = await batch.submit();
    const host = new Map(await Promise.all(reads));
    const finished = performance.now();

    const device = new Map(this.#stay());
    return {
      host,
      device,
      partials,
      timings: {
        bytesUp: this.#bytesIn() + result.bytesUp,
        bytesDown: result.bytesDown,
        upload: uploaded - started,
        compute: finished - uploaded,
        readback: 0,
        stages: result.gpuNanoseconds,
      },
    };
  }

  release(): void {
    for (const loan of this.#loans) loan.release();
    this.#loans.clear();
  }

  async #uploadInputs(): Promise<void> {
    const { inputs, label } = this.#request;
    await Promise.all(
      [...inputs].map(async ([field, { host, device }]) => {
        if (device) {
          this.#planes.set(field, (device as ResidentPlane).slice);
          return;
        }
        const name = `${field} of ${label}`;
        const slice = this.#borrow(this.#planeBytes, name).slice(0, this.#planeBytes);
        this.#planes.set(field, slice);
        const bytes = new Uint8Array(host!.buffer, host!.byteOffset, host!.byteLength);
        const part = { ...slice, size: bytes.byteLength };
        await this.#gpu.upload(part, (view, offset) => new Uint8Array(view, offset, bytes.byteLength).set(bytes), name);
      }),
    );
  }

  async #dispatch(batch: Batch, kernel: Kernel, node: ResolvedNode, partials: Map<string, Values>) {
    const bindings: Record<string, BufferSlice> = {};
    const { width, height } = this.#request.tile;
    let size: Parameters<typeof batch.dispatch>[4] = { width, height };
    for (const binding of kernel.reflection.bindings) {
      if (binding.table) bindings[binding.name] = await this.#table(node, binding);
      else if (binding.access === 'read') bindings[binding.name] = this.#planes.get(node.reads[binding.name])!;
      else if (binding.record) {
        const { block } = reduceStage(node.model, node.entry);
        const workgroups: [number, number] = [Math.ceil(width / block.width), Math.ceil(height / block.height)];
        size = { workgroups };
        bindings[binding.name] = this.#reduction(batch, node, binding.record, workgroups[0] * workgroups[1], partials);
      } else bindings[binding.name] = this.#output(node, binding);
    }
    batch.dispatch(kernel, bindings, this.#tile, node.params, size, `${node.name} ${this.#request.label}`);
  }

  #output(node: ResolvedNode, { name, planes = [name] }: BindingReflection): BufferSlice {
    const loan = this.#borrow(planes.length * this.#planeBytes, `${node.name}/${name}`);
    for (const [p, plane] of planes.entries()) {
      const field = node.writes[plane];
      this.#planes.set(field, loan.slice(p * this.#planeBytes, this.#planeBytes));
      this.#loanOf.set(field, loan);
    }
    return loan.slice(0, planes.length * this.#planeBytes);
  }

  /** Room for the partial records of one reduction; they are merged here in the order of the workgroups. */
  #reduction(batch: Batch, node: ResolvedNode, layout: RowLayout, count: number, partials: Map<string, Values>) {
    const slice = this.#borrow(count * layout.stride, `${node.name}/partials`).slice(0, count * layout.stride);
    const stage = reduceStage(node.model, node.entry);
    batch.read(slice, node.name, (bytes) => {
      partials.set(node.record!, unpackRows(bytes, layout, count).reduce(stage.merge, stage.empty));
    });
    return slice;
  }

  #readField(batch: Batch, field: string): Promise<[string, Plane]> {
    const { tile, types } = this.#request;
    const read = readPlane(batch, this.#planes.get(field)!, types.get(field)!, tile, field).then((plane): [string, Plane] => [field, plane]);
    read.catch(() => {}); // submit rejects with it
    return read;
  }

  /** Planes that later visits read: they leave with their buffer, which goes back to the pool with the last of them. */
  *#stay(): Generator<[string, DevicePlane]> {
    const holders = new Map<PooledBuffer, number>();
    for (const field of this.#request.toStay) {
      const loan = this.#loanOf.get(field)!;
      holders.set(loan, (holders.get(loan) ?? 0) + 1);
    }
    for (const loan of holders.keys()) this.#loans.delete(loan);
    for (const field of this.#request.toStay) {
      const loan = this.#loanOf.get(field)!;
      const slice = this.#planes.get(field)!;
      const release = () => {
        holders.set(loan, holders.get(loan)! - 1);
        if (holders.get(loan) === 0) loan.release();
      };
      const { types, tile } = this.#request;
      yield [field, new ResidentPlane(this.#gpu, field, types.get(field)!, tile, slice, release)];
    }
  }

  #borrow(bytes: number, label: string): PooledBuffer {
    const loan = this.#gpu.buffers.acquire(bytes, 'plane', label);
    this.#loans.add(loan);
    return loan;
  }

  #bytesIn(): number {
    let bytes = 0;
    for (const { host } of this.#request.inputs.values()) bytes += host?.byteLength ?? 0;
    return bytes;
  }
}

class ResidentPlane implements DevicePlane {
  readonly slice: BufferSlice;
  readonly halo: number;
  readonly bytes: number;
  readonly #gpu: Gpu;
  readonly #field: string;
  readonly #type: CellType;
  readonly #tile: TileContext;
  readonly #release: () => void;
  #released = false;

  constructor(gpu: Gpu, field: string, type: CellType, tile: TileContext, slice: BufferSlice, release: () => void) {
    this.#gpu = gpu;
    this.#field = field;
    this.#type = type;
    this.#tile = tile;
    this.slice = slice;
    this.halo = tile.halo;
    this.bytes = slice.size;
    this.#release = release;
  }

  async toHost(): Promise<Plane> {
    const batch = this.#gpu.batch(`${this.#field} to host`, { timed: false });
    const plane = readPlane(batch, this.slice, this.#type, this.#tile, this.#field);
    await batch.submit();
    return plane;
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#release();
  }
}

/** Brings the interior of a plane to the host with a batch. */
function readPlane(batch: Batch, { buffer, offset }: BufferSlice, type: CellType, tile: TileContext, label: string): Promise<Plane> {
  const cells = tile.pitch * (tile.height + 2 * tile.halo);
  return batch.read({ buffer, offset, size: cells * 4 }, label, (bytes) => {
    const mapped = type === 'u32' ? new Uint32Array(bytes, 0, cells) : new Float32Array(bytes, 0, cells);
    const own = interior(mapped, tile);
    return own === mapped ? mapped.slice() : own;
  });
}
