/** One visit on the device: what it borrows it gives back as soon as its commands are in the queue, but for the planes that stay. */
import { allOf } from '../core/all-of.ts';
import type { Plane } from '../core/cells.ts';
import type { BindingReflection, RowLayout } from '../core/shader-table.ts';
import type { Values } from '../core/values.ts';
import type { Batch, BatchResult } from '../gpu/batch.ts';
import type { BufferSlice, PooledBuffer } from '../gpu/buffers.ts';
import type { DispatchSize } from '../gpu/dispatch.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { Kernel } from '../gpu/pipelines.ts';
import type { TileValues } from '../gpu/uniforms.ts';
import { ResidentPlane, readPlane } from './device-plane.ts';
import type { DeviceTables, TableLoan } from './device-tables.ts';
import type { ResolvedNode, VisitInput, VisitRequest, VisitResult, VisitTimings } from './executor.ts';
import { type PreparedWarp, prepareWarp } from './gpu-warp.ts';
import { reduceStage } from './records.ts';
import type { DevicePlane } from './store-levels.ts';
import { unpackRows } from './table-bytes.ts';
import { warpBytes } from './warped-plane.ts';

// Offsets of storage bindings are multiples of 256 bytes, so packed planes are multiples of 64 cells.
const PLANE_CELLS = 64;
/** What the device's time for sources in other grids is called among the stages. */
const WARP = 'warp';

export class GpuVisit {
  readonly #gpu: Gpu;
  readonly #tables: DeviceTables;
  readonly #request: VisitRequest;
  /** To be given back. */
  readonly #loans = new Set<PooledBuffer>();
  readonly #tableLoans: TableLoan[] = [];
  readonly #planes = new Map<string, BufferSlice>();
  /** Buffer of each plane made here, with the number of planes packed in it. */
  readonly #packs = new Map<string, { readonly loan: PooledBuffer; readonly planes: number }>();
  readonly #partials = new Map<string, Values>();
  /** Planes still to be made from source cells, before any stage runs. */
  readonly #warps: PreparedWarp[] = [];
  readonly #tile: TileValues;
  readonly #planeBytes: number;
  #readback = 0;

  constructor(gpu: Gpu, tables: DeviceTables, request: VisitRequest) {
    this.#gpu = gpu;
    this.#tables = tables;
    this.#request = request;
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
    const { nodes, inputs, label, toHost, types, tile } = this.#request;
    const started = performance.now();
    const compiling = allOf(nodes.map(async ({ shader, entry }) => this.#gpu.kernel(shader, entry)));
    const uploading = allOf([...inputs].map(([field, input]) => this.#bringIn(field, input)));
    await allOf<unknown>([compiling, uploading]);
    const uploaded = performance.now();

    const kernels = await compiling;
    const batch = this.#gpu.batch(label);
    for (const warp of this.#warps) warp.dispatch(batch, this.#tile, this.#labelOf(WARP));
    for (const [i, node] of nodes.entries()) await this.#dispatch(batch, kernels[i], node);
    const stayed = this.#stay(batch);
    const reads = toHost.map(async (field): Promise<[string, Plane]> => {
      const spent = (milliseconds: number) => {
        this.#readback += milliseconds;
      };
      return [field, await readPlane(batch, this.#planes.get(field)!, types.get(field)!, tile, field, spent)];
    });
    for (const read of reads) read.catch(() => {}); // submit rejects with it
    const submitted = batch.submit();
    this.release(); // whoever gets the buffers next writes after this batch
    try {
      const result = await submitted;
      const host = new Map(await Promise.all(reads));
      const timings = this.#timings(result, uploaded - started, performance.now() - uploaded);
      return { host, device: stayed, partials: this.#partials, timings };
    } catch (error) {
      for (const plane of stayed.values()) plane.release();
      throw error;
    }
  }

  /** Gives everything back; a second call does nothing. */
  release(): void {
    for (const loan of this.#loans) loan.release();
    this.#loans.clear();
    for (const loan of this.#tableLoans.splice(0)) loan.release();
  }

  async #bringIn(field: string, { host, device, warp, inset = 0 }: VisitInput): Promise<void> {
    if (device) {
      this.#planes.set(field, (device as ResidentPlane).slice);
      return;
    }
    const name = `${field} of ${this.#request.label}`;
    const slice = this.#borrow(this.#planeBytes, name).slice(0);
    this.#planes.set(field, slice);
    if (warp) {
      this.#warps.push(await prepareWarp(this.#gpu, (data, what) => this.#bringUp(data, what), warp, slice, inset));
      return;
    }
    const bytes = new Uint8Array(host!.buffer, host!.byteOffset, host!.byteLength);
    const part = { ...slice, size: bytes.byteLength };
    await this.#gpu.upload(part, (view, offset) => new Uint8Array(view, offset, bytes.byteLength).set(bytes), name);
  }

  async #bringUp({ buffer, byteOffset, byteLength }: ArrayBufferView, what: string): Promise<BufferSlice> {
    const name = `${what} of ${this.#request.label}`;
    const slice = this.#borrow(Math.max(16, Math.ceil(byteLength / 4) * 4), name).slice(0); // at least one element
    const fill = (view: ArrayBuffer, offset: number, length: number) =>
      new Uint8Array(view, offset, length).set(new Uint8Array(buffer, byteOffset, byteLength));
    await this.#gpu.upload(slice, fill, name);
    return slice;
  }

  async #dispatch(batch: Batch, kernel: Kernel, node: ResolvedNode): Promise<void> {
    const { tables, tile } = this.#request;
    const { width, height } = tile;
    const bindings: Record<string, BufferSlice> = {};
    let size: DispatchSize = { width, height };
    for (const binding of kernel.reflection.bindings) {
      const { name, table, record, access } = binding;
      if (table) {
        const loan = await this.#tables.lend(tables.get(node.tables[name])!, table, node.tables[name]);
        this.#tableLoans.push(loan);
        bindings[name] = loan.slice;
      } else if (access === 'read') bindings[name] = this.#planes.get(node.reads[name])!;
      else if (record) {
        const { block } = reduceStage(node.model, node.entry);
        const workgroups = [Math.ceil(width / block.width), Math.ceil(height / block.height)] as const;
        size = { workgroups };
        bindings[name] = this.#reduction(batch, node, record, workgroups[0] * workgroups[1]);
      } else bindings[name] = this.#output(node, binding);
    }
    batch.dispatch(kernel, bindings, this.#tile, node.params, size, this.#labelOf(node.name));
  }

  #output(node: ResolvedNode, { name, planes = [name] }: BindingReflection): BufferSlice {
    const loan = this.#borrow(planes.length * this.#planeBytes, `${node.name}/${name}`);
    for (const [p, plane] of planes.entries()) {
      const field = node.writes[plane];
      this.#planes.set(field, loan.slice(p * this.#planeBytes, this.#planeBytes));
      this.#packs.set(field, { loan, planes: planes.length });
    }
    return loan.slice(0);
  }

  /** Room for the partial records of one reduction; they are merged here in the order of the workgroups. */
  #reduction(batch: Batch, node: ResolvedNode, layout: RowLayout, count: number): BufferSlice {
    const slice = this.#borrow(count * layout.stride, `${node.name}/partials`).slice(0);
    const stage = reduceStage(node.model, node.entry);
    batch.read(slice, node.name, (bytes) => {
      this.#partials.set(node.record!, unpackRows(bytes, layout, count).reduce(stage.merge, stage.empty));
    });
    return slice;
  }

  /** Planes that later visits read leave with a buffer of their own: one plane of a pack would hold all of it. */
  #stay(batch: Batch): Map<string, DevicePlane> {
    const { toStay, types, tile } = this.#request;
    const leaving = toStay.map((field): [string, PooledBuffer] => {
      const { loan, planes } = this.#packs.get(field)!;
      if (planes === 1) return [field, loan];
      const own = this.#borrow(this.#planeBytes, field);
      batch.copy(this.#planes.get(field)!, own.slice(0));
      return [field, own];
    });
    return new Map(
      leaving.map(([field, loan]) => {
        this.#loans.delete(loan);
        const release = () => loan.release();
        return [field, new ResidentPlane(this.#gpu, field, types.get(field)!, tile, loan.slice(0), release)];
      }),
    );
  }

  #borrow(bytes: number, label: string): PooledBuffer {
    const loan = this.#gpu.buffers.acquire(bytes, 'plane', label);
    this.#loans.add(loan);
    return loan;
  }

  #timings({ bytesUp, bytesDown, gpuNanoseconds }: BatchResult, upload: number, rest: number): VisitTimings {
    let planes = 0;
    for (const { host, warp } of this.#request.inputs.values())
      planes += warp ? warpBytes(warp) : (host?.byteLength ?? 0);
    let device = 0;
    const stages = new Map<string, number>();
    const names = this.#request.nodes.map(({ name }) => name);
    for (const name of this.#warps.length > 0 ? [WARP, ...names] : names) {
      const nanoseconds = gpuNanoseconds?.get(this.#labelOf(name)) ?? 0;
      stages.set(name, nanoseconds);
      device += nanoseconds;
    }
    return {
      bytesUp: planes + bytesUp,
      bytesDown,
      upload,
      compute: gpuNanoseconds ? device / 1e6 : rest - this.#readback,
      readback: this.#readback,
      stages: gpuNanoseconds && stages,
    };
  }

  #labelOf(node: string): string {
    return `${node} ${this.#request.label}`;
  }
}
