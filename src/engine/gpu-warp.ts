/** Makes planes of sources in other grids on the device: source cells and nodes go up, one dispatch for each part fills the plane. */
import { allOf } from '../core/all-of.ts';
import type { Batch } from '../gpu/batch.ts';
import type { BufferSlice } from '../gpu/buffers.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { Kernel } from '../gpu/pipelines.ts';
import type { TileValues } from '../gpu/uniforms.ts';
import { maskParams, type WarpedPlane, warpParams } from './warped-plane.ts';

/** Brings data into device memory, where it stays until the visit's commands are in the queue. */
export type BringUp = (data: ArrayBufferView, what: string) => Promise<BufferSlice>;

/** A dispatch for each part, then one for the mask. */
export interface PreparedWarp {
  dispatch(batch: Batch, tile: TileValues, label: string): void;
}

/**
 * Resolves when everything that the dispatches read stands in the queue.
 * `inset`: cells of the padded plane before the first one of the window that was asked for, both ways.
 */
export async function prepareWarp(
  gpu: Gpu,
  bringUp: BringUp,
  plane: WarpedPlane,
  target: BufferSlice,
  inset: number,
): Promise<PreparedWarp> {
  const { parts, mask } = plane;
  const work = async (
    entry: string,
    params: Readonly<Record<string, number>>,
    data: Readonly<Record<string, ArrayBufferView>>,
  ) => {
    const compiling = gpu.kernel('warp', entry);
    const uploading = allOf(
      Object.entries(data).map(async ([name, each]) => [name, await bringUp(each, name)] as const),
    );
    await allOf<unknown>([compiling, uploading]);
    const kernel: Kernel = await compiling;
    return { kernel, params, bindings: { ...Object.fromEntries(await uploading), warped: target } };
  };
  const works = parts.map((part) => {
    const { method, cells, positions } = part.input;
    return work(method, warpParams(plane, part, inset), { nodes: positions.nodes, cells });
  });
  if (mask) works.push(work('mask', maskParams(plane, mask, inset), { inside: mask.inside }));
  const ready = await allOf(works);
  return {
    dispatch(batch, tile, label) {
      for (const { kernel, params, bindings } of ready) {
        const { width, height } = params;
        batch.dispatch(kernel, bindings, tile, params, { width, height }, label);
      }
    },
  };
}
