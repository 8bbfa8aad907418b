/** Cell types and the nodata rules shared by the device, the reference and the files (architecture.md decision 2). */

/** Nodata of every f32 plane inside the engine: −FLT_MAX. Never NaN: WGSL may assume NaN away. */
export const NODATA = -3.4028234663852886e38;
/** Nodata of every u32 plane (class codes) inside the engine. */
export const NODATA_CODE = 0xffffffff;

/** What a plane of the engine holds: quantities as f32, class codes as u32. */
export type CellType = 'f32' | 'u32';
export type Plane = Float32Array | Uint32Array;

export function allocatePlane(type: CellType, length: number): Plane {
  return type === 'f32' ? new Float32Array(length) : new Uint32Array(length);
}

export function nodataOf(type: CellType): number {
  return type === 'f32' ? NODATA : NODATA_CODE;
}

/** Sample types of raster files. */
export type SampleType = 'u8' | 'i8' | 'u16' | 'i16' | 'u32' | 'i32' | 'u64' | 'i64' | 'f16' | 'f32' | 'f64';

export const SAMPLE_BYTES: Readonly<Record<SampleType, number>> = {
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  u64: 8,
  i64: 8,
  f16: 2,
  f32: 4,
  f64: 8,
};
