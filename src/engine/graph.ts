/**
 * What is to be computed, as data: fields (planes over the whole grid), the stages that make one from another, the records that
 * reductions leave, and which fields are wanted as files. Built from models by graph-builder.ts; knows no tile, no device and no file format.
 */
import type { CellType } from '../core/cells.ts';
import type { Grid } from '../core/grid.ts';
import type { ClassRows } from '../core/values.ts';

/** A number that a reduction will have found by the time it is needed. */
export interface RecordField {
  readonly record: string;
  readonly field: string;
}
export type Param = number | RecordField;
export type Params = Readonly<Record<string, Param>>;

/** A field that comes from outside, with the shape of the blocks it is stored in (a hint for the tiling). */
export interface SourceHint {
  readonly blockWidth: number;
  readonly blockHeight: number;
  /** Of a raster in another grid: cells of it that are in memory for each cell of a tile that is made from them. */
  readonly sourceCellsPerCell?: number;
  /** Whether its reader gives devices what they need to make the tile (`readWarp`). */
  readonly warpsOnDevice?: boolean;
}

export interface Field {
  readonly name: string;
  readonly type: CellType;
  readonly source?: SourceHint;
}

/** One dispatch over a tile. */
export interface StageNode {
  readonly kind: 'local' | 'focal' | 'reduce';
  /** "2003/WY/supply/water_yield" */
  readonly name: string;
  readonly model: string;
  readonly shader: string;
  readonly entry: string;
  readonly halo: number;
  /** Field for each plane that the entry point reads, by the name in the shader. */
  readonly reads: Readonly<Record<string, string>>;
  /** Field for each plane it writes. */
  readonly writes: Readonly<Record<string, string>>;
  /** Table for each class table it reads. */
  readonly tables: Readonly<Record<string, string>>;
  readonly params: Params;
  /** Of a reduction: the record it leaves. */
  readonly record?: string;
}

/** Records of one reduction over several fields, merged into one: the range of all years, say. */
export interface MergeNode {
  readonly kind: 'merge';
  readonly name: string;
  readonly model: string;
  readonly entry: string;
  readonly from: readonly string[];
  readonly params: Params;
  readonly record: string;
}

/** A global operator over whole fields. */
export interface SolveNode {
  readonly kind: 'solve';
  readonly name: string;
  readonly model: string;
  readonly solver: string;
  /** Field for each plane of the operator that is given. */
  readonly reads: Readonly<Record<string, string>>;
  /** Field for each plane of the operator that is made. */
  readonly writes: Readonly<Record<string, string>>;
  readonly params: Params;
}

export type GraphNode = StageNode | MergeNode | SolveNode;

export interface Graph {
  readonly grid: Grid;
  readonly fields: ReadonlyMap<string, Field>;
  /** In an order in which each finds what it reads. */
  readonly nodes: readonly GraphNode[];
  /** Rounded to float32, as planes are: the reference starts from what the device has. */
  readonly tables: ReadonlyMap<string, ClassRows>;
  /** Fields wanted as files. */
  readonly sinks: ReadonlySet<string>;
}
