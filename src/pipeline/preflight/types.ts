/** What `validate` and `plan` say before anything runs: layers, findings, resources. The names are those of `--json` and stay. */
import type { ErrorCode } from '../../core/errors.ts';

export type Level = 'error' | 'warning' | 'note';

/** One thing to know, and what to do about it. */
export interface Finding {
  readonly level: Level;
  /** Layer or table of the project it is about. */
  readonly about?: string;
  /** As the user wrote it. */
  readonly file?: string;
  readonly what: string;
  readonly found?: string;
  readonly expected?: string;
  /** The cure; where it can be one, a line to paste. */
  readonly fix?: string;
  /** The cure where only some years of a layer need it, and `fix` is for all of them; gone once the years are brought together. */
  readonly fixOfOne?: string;
  /** Of an error that was raised as one. */
  readonly code?: ErrorCode;
  readonly place?: string;
}

/** A raster as one kind of cell: one for each file, band, nodata and unit of use. Shares are percent. */
export interface LayerCheck {
  readonly layer: string;
  /** Of a file that is replaced by year; absent for one that serves all years. */
  readonly year?: number;
  readonly file: string;
  readonly band: number;
  readonly kind: 'classes' | 'values';
  readonly crs: string;
  readonly width: number;
  readonly height: number;
  /** In units of the CRS. */
  readonly cellWidth: number;
  readonly cellHeight: number;
  /** Metres, in the middle of the study area; absent where the CRS has no known place. */
  readonly cellMetres?: readonly [width: number, height: number];
  readonly sampleType: string;
  /** As the file says it. */
  readonly declaredUnit?: string;
  /** As the project says it. */
  readonly givenUnit?: string;
  readonly unit: string;
  readonly declaredNodata?: number;
  readonly givenNodata?: readonly number[];
  readonly hasMask: boolean;
  /** How it comes to the grid. */
  readonly resampling: string;
  /** Cells of the grid that the raster covers. */
  readonly gridOverlap: number;
  /** Cells of the study area (the whole grid where the project has none) that the raster covers. */
  readonly areaOverlap: number;
  /** Nodata among the raster's cells in the study area. */
  readonly nodataShare: number;
  /** In the unit of use; absent for classes and where there is no value. */
  readonly values?: LayerValues;
  readonly classes?: readonly ClassShare[];
  readonly reading: Reading;
}

export interface LayerValues {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
  /** Of a sample of the cells. */
  readonly q02: number;
  readonly median: number;
  readonly q98: number;
}

export interface ClassShare {
  readonly code: number;
  readonly km2: number;
  /** Percent of the cells with a class. */
  readonly share: number;
}

/** What was read for the check. */
export interface Reading {
  readonly cells: number;
  readonly blocks: number;
  readonly sampled: boolean;
  /** The same in words. */
  readonly words: string;
}

export interface Resources {
  readonly memoryNeeded: number;
  readonly memoryBudget: number;
  readonly deviceMemoryNeeded: number;
  readonly deviceMemoryBudget: number;
  /** Of the finished folder. */
  readonly outputBytes: number;
  /** On its disk at most: until a raster is put together its blocks lie beside it. */
  readonly outputPeakBytes: number;
  /** Fields that memory cannot hold. */
  readonly scratchBytes: number;
  readonly outputFree?: number;
  readonly scratchFree?: number;
  readonly passes: number;
  readonly tiles: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  /** A rough estimate. */
  readonly seconds: number;
}
