/**
 * A global operator: planes of the whole grid in, planes of the whole grid out (architecture.md section 2, the kind `solve`). As data: what it
 * reads, makes and promises. Its implementations lie in src/solvers/<id>: the definition, worker threads, and a device.
 */
import type { CellType } from './cells.ts';
import type { ParamSpec, Tolerance } from './model.ts';
import type { InputPlane } from './model-reference.ts';
import type { Values } from './values.ts';

export interface SolverField {
  readonly about: string;
  readonly unit: string;
  readonly type: CellType;
  readonly optional?: boolean;
}

export interface SolverSpec {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly equations: readonly string[];
  readonly sources: readonly string[];
  readonly inputs: Readonly<Record<string, SolverField>>;
  /** Any of them may be asked for alone. */
  readonly outputs: Readonly<Record<string, SolverField>>;
  readonly params: Readonly<Record<string, ParamSpec>>;
  /** Bytes of host memory for each cell where it holds the whole raster; absent, or 0, where it works tile by tile. */
  readonly wholeBytes?: (params: Values) => number;
  /** `exact`: the same bits on every device, for any tiles and schedule. */
  readonly tolerance: 'exact' | Tolerance;
  /** Of one output where they differ. */
  readonly tolerances?: Readonly<Record<string, 'exact' | Tolerance>>;
}

/** Cells, and the size of one in metres (in units of the CRS where it has no metres). */
export interface RasterShape {
  readonly width: number;
  readonly height: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
}

/**
 * The definition in float64 over a whole raster, without tiles and cleverness. Planes hold NODATA or NODATA_CODE where there is nothing; what
 * it gives does so too, u32 outputs as whole numbers.
 */
export type SolverReference = (
  inputs: Readonly<Record<string, InputPlane>>,
  params: Values,
  shape: RasterShape,
) => Readonly<Record<string, Float64Array>>;

export function defineSolver<const S extends SolverSpec>(spec: S): S {
  return spec;
}
