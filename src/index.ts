/**
 * The public API, the same in Node and in a bundler for browsers; `ecoflux/node` adds files, worker threads and Dawn. What is not
 * listed here is free to change.
 */

// Planes and errors
export { type CellType, NODATA, NODATA_CODE, type Plane, type SampleType } from './core/cells.ts';
export { comparePlanes, type PlaneComparison } from './core/compare.ts';
export { EcofluxError, type ErrorCode, isEcofluxError } from './core/errors.ts';
export { type Crs, cellArea, type Grid, type Window } from './core/grid.ts';

// Models, by id in MODELS; numbers by name, and the rows of their tables
export { defineModel, type Model, toleranceOf } from './core/model.ts';
// Where they run: a device, and for the float64 reference a pool of workers that run TASKS
export { inlinePool, type TaskPool, type TaskTable } from './core/tasks.ts';
export type { ClassRows, Values } from './core/values.ts';
export { TASKS } from './engine/all-tasks.ts';
// Runs on planes in memory: one model, or a graph of many
export type { Graph } from './engine/graph.ts';
export { GraphBuilder } from './engine/graph-builder.ts';
export { type DeviceOptions, type OpenDevice, openDevice } from './engine/open-device.ts';
export { type GraphRun, type GraphRunOptions, runGraph } from './engine/run-graph.ts';
export { type ModelInputs, type ModelRunOptions, runModel } from './engine/run-model.ts';
// Rasters and class tables
export { type ByteSource, blobSource, memorySource } from './io/byte-source.ts';
export { classRows, parseCsv } from './io/class-table.ts';
export { type HttpSource, httpSource } from './io/http-source.ts';
export { memoryTarget, type OutputTarget } from './io/output.ts';
export { readPlane } from './io/plane.ts';
export { openRaster, type Raster } from './io/raster.ts';
export { type RasterDescription, writeRaster } from './io/raster-writer.ts';
export { MODELS } from './models/registry.ts';
export { HABITAT_QUALITY } from './pipeline/habitat/description.ts';
export { type HabitatRequest, runHabitat } from './pipeline/habitat/process.ts';
// Whole analyses, from a project file to maps, tables and a report; and single processes;
// the platform says where files are (memoryPlatform for pages, nodePlatform of ecoflux/node)
export { type MemoryPlatform, memoryPlatform } from './pipeline/memory-platform.ts';
export type { Platform } from './pipeline/platform.ts';
export type { ProcessDescription } from './pipeline/process-list.ts';
export type { ProcessRequest, ProcessRun } from './pipeline/process-request.ts';
export { type ProjectFile, readProject } from './pipeline/project-file.ts';
export { runProcess } from './pipeline/run-process.ts';
export { type ProjectRun, type ProjectRunOptions, runProject } from './pipeline/run-project.ts';
// What became of a flow, from what its operator counted (`summary.timings.solves` of a run)
export { type FlowReport, flowReport } from './pipeline/service-flow/report-data.ts';

// The sample region; the report, and what it is drawn with
export * as drawing from './report/drawing.ts';
export { type ReportData, type ReportMap, renderReport, type TotalsRow, type VerificationRow } from './report/index.ts';
export { makeRegion, type RegionOptions, type SampleLayer, type SampleRegion } from './sample/region.ts';
