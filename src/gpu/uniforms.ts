/** Values of the `tile` and `params` uniforms, packed by the offsets that the build read from the shader. */
import { EcofluxError } from '../core/errors.ts';
import type { StructLayout } from '../core/shader-table.ts';

/** What one visit to a tile tells its kernels; see struct Tile in shaders/lib/tile.wgsl, whose `opaque_key` is always 0. */
export interface TileValues {
  /** Cells of the interior. */
  readonly width: number;
  readonly height: number;
  /** Elements per row of every plane, padding included. */
  readonly pitch: number;
  /** Cells of padding on each side. */
  readonly halo: number;
  /** Elements per plane where several are packed in one buffer. */
  readonly plane: number;
  /** Column and row of the interior's first cell in the grid. */
  readonly x: number;
  readonly y: number;
  readonly grid_width: number;
  readonly grid_height: number;
  /** Metres. */
  readonly cell_width: number;
  readonly cell_height: number;
}

/** Uniform bindings start at multiples of this on every device. */
export const UNIFORM_ALIGNMENT = 256;

/**
 * Bytes of a uniform struct, little-endian as every WebGPU device.
 * @throws EcofluxError Bug when a field has no value, a value no field, or an integer field a value it cannot hold
 */
export function packStruct(layout: StructLayout, values: Readonly<Record<string, number>>, label: string): Uint8Array {
  const bytes = new Uint8Array(layout.size);
  const view = new DataView(bytes.buffer);
  for (const { name, offset, type } of layout.fields) {
    const value = values[name];
    if (value === undefined) throw mistake(label, `${name} has no value`);
    if (type === 'f32') {
      if (!Number.isFinite(Math.fround(value))) throw mistake(label, `${name} is ${value}`, 'a finite number');
      view.setFloat32(offset, value, true);
    } else {
      const [low, high] = type === 'u32' ? [0, 0xffffffff] : [-0x80000000, 0x7fffffff];
      if (!Number.isInteger(value) || value < low || value > high) throw mistake(label, `${name} is ${value}`, type);
      view.setUint32(offset, value, true);
    }
  }
  for (const name of Object.keys(values)) {
    if (!layout.fields.some((field) => field.name === name))
      throw mistake(label, `${name} is no field`, layout.fields.map((field) => field.name).join(', '));
  }
  return bytes;
}

function mistake(label: string, what: string, expected?: string): EcofluxError {
  return new EcofluxError('Bug', `${label}: ${what}`, { expected });
}
