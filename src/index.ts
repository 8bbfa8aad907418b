/**
 * The public API, the same in Node and in a bundler for browsers; `ecoflux/node` adds files, worker threads and Dawn. What is not
 * listed here is free to change.
 */

// Errors and planes
export { allocatePlane, type CellType, NODATA, NODATA_CODE, type Plane, type SampleType } from './core/cells.ts';
export { comparePlanes, type PlaneComparison } from './core/compare.ts';
export { EcofluxError, type ErrorCode, isEcofluxError } from './core/errors.ts';
export { type Crs, cellArea, cellCount, type Grid, type Window } from './core/grid.ts';

// Models
export { type ClassRows, defineModel, type Model, toleranceOf, type Values } from './core/model.ts';
// Devices and workers: tasks are what a pool's workers run (the float64 reference, encoding and decoding of rasters)
export { inlinePool, type Task, type TaskPool, type TaskTable, taskNamed } from './core/tasks.ts';
export type { Executor } from './engine/executor.ts';
export { type DeviceOptions, type OpenDevice, openDevice } from './engine/open-device.ts';
export { adapterName, type GpuProvider } from './gpu/provider.ts';
export { MODELS } from './models/registry.ts';

import { engineTasks } from './engine/stage-task.ts';
import { ioTasks } from './io/tasks.ts';
export const TASKS = { ...ioTasks, ...engineTasks };

// Runs: one model on planes in memory, or a graph of many
export { type Graph, GraphBuilder } from './engine/graph.ts';
export { memoryReader, memoryWriter } from './engine/memory-fields.ts';
export { type Plan, planGraph } from './engine/plan.ts';
export { type RunProgress, type RunSummary, runPlan } from './engine/run.ts';
export { type ModelInputs, type ModelRunOptions, runModel } from './engine/run-model.ts';

// Rasters and tables
export { type ByteSource, blobSource, memorySource } from './io/byte-source.ts';
export { classRows, parseCsv } from './io/class-table.ts';
export { memoryTarget, type OutputTarget } from './io/output.ts';
export { readPlane } from './io/plane.ts';
export { openRaster, type Raster } from './io/raster.ts';
export { type RasterDescription, writeRaster } from './io/raster-writer.ts';
export * as drawing from './report/drawing.ts';
export { type ReportData, type ReportMap, renderReport, type TotalsRow, type VerificationRow } from './report/index.ts';
// The sample region, and what the report is drawn with
export { makeRegion, type RegionOptions, type SampleLayer, type SampleRegion } from './sample/region.ts';
