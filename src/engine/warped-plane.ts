/**
 * A source in another grid as a visit to a hardware device gets it: not as cells of the tile, but as the source cells around it with where
 * the tile's cells lie among them. What is made from it is what the file layer's workers make, but for the rounding of float32.
 */
import { type CellType, nodataOf } from '../core/cells.ts';
import type { WarpPart } from '../core/warp.ts';

export interface WarpedPlane {
  readonly type: CellType;
  /** Together they cover the window that was asked for; several where the source cells of all would be too many for one binding. */
  readonly parts: readonly WarpPart[];
  readonly mask?: AreaMask;
}

/** Cells outside of an area become nodata. */
export interface AreaMask {
  /** Of the window that was asked for. */
  readonly width: number;
  readonly height: number;
  /** One byte for each cell, row by row: 0 is outside. */
  readonly inside: Uint8Array;
}

/** Bytes that a visit holds of a warped plane besides the plane itself. */
export function warpBytes({ parts, mask }: WarpedPlane): number {
  return parts.reduce(
    (sum, { input }) => sum + input.cells.byteLength + input.positions.nodes.byteLength,
    mask?.inside.byteLength ?? 0,
  );
}

/** `params` of shaders/primitives/warp.wgsl for one part, whose window starts at the given element of the padded plane. */
export function warpParams({ type }: WarpedPlane, { x, y, input }: WarpPart, inset: number): Record<string, number> {
  const { held, positions } = input;
  return {
    width: positions.width,
    height: positions.height,
    inset_x: inset + x,
    inset_y: inset + y,
    held_width: held.width,
    held_height: held.height,
    origin_x: positions.originX,
    origin_y: positions.originY,
    columns: positions.columns,
    step_bits: Math.log2(positions.step),
    bits: positions.bits,
    nodata: nodataBits(type),
  };
}

/** Those of the mask. */
export function maskParams({ type }: WarpedPlane, { width, height }: AreaMask, inset: number): Record<string, number> {
  const unused = { held_width: 0, held_height: 0, origin_x: 0, origin_y: 0, columns: 0, step_bits: 0, bits: 0 };
  return { ...unused, width, height, inset_x: inset, inset_y: inset, nodata: nodataBits(type) };
}

function nodataBits(type: CellType): number {
  return type === 'u32' ? nodataOf('u32') : new Uint32Array(Float32Array.of(nodataOf('f32')).buffer)[0];
}
