/** Gathers what the report shows: previews of the maps from the files just written, totals, parameters, equations. */
import { NODATA, NODATA_CODE, type Plane } from '../core/cells.ts';
import { openRaster, type Raster } from '../io/raster.ts';
import { type ReportMap, renderReport, type TotalsRow } from '../report/index.ts';
import type { Analysis, AnalysisOutput } from './analysis.ts';
import { describeOutput } from './output-raster.ts';
import type { OutputFolder, Platform } from './platform.ts';
import type { PreparedProject } from './prepare.ts';
import type { Provenance } from './provenance.ts';
import type { Verification } from './verify.ts';

const PREVIEW_WIDTH = 700;

export interface ReportFacts {
  readonly folder: OutputFolder;
  readonly prepared: PreparedProject;
  readonly analysis: Analysis;
  readonly provenance: Provenance;
  readonly totals: readonly TotalsRow[];
  readonly verification: Verification | undefined;
  readonly platform: Platform;
}

export async function writeReport({
  folder,
  prepared,
  analysis,
  provenance,
  totals,
  verification,
  platform,
}: ReportFacts): Promise<void> {
  const maps: ReportMap[] = [];
  for (const output of analysis.outputs) maps.push(await mapOf(folder, prepared, output, platform));
  const models = [...new Set(prepared.services.flatMap(({ supply, demand }) => [supply.model, demand.model]))];
  const text = await renderReport({
    title: prepared.project.name,
    created: provenance.started,
    version: provenance.versions.ecoflux,
    grid: prepared.grid,
    years: prepared.project.years,
    services: prepared.services.map(({ code, name, category, flow, unit, supply, demand }) => ({
      code,
      name,
      category,
      flow,
      unit,
      supplyModel: supply.model?.title ?? `layer ${supply.inputs.values.layer}`,
      demandModel: demand.model?.title ?? `layer ${demand.inputs.values.layer}`,
    })),
    maps,
    totals,
    verification: verification?.rows,
    parameters: provenance.parameters,
    inputs: provenance.inputs,
    equations: models.flatMap((model) =>
      model ? [{ model: model.id, title: model.title, equations: model.equations, sources: model.sources }] : [],
    ),
    device: provenance.device,
    timings: provenance.timings,
    log: prepared.log,
  });
  await folder.writeText('report.html', text);
}

async function mapOf(
  folder: OutputFolder,
  prepared: PreparedProject,
  output: AnalysisOutput,
  platform: Platform,
): Promise<ReportMap> {
  const file = `${output.id}.tif`;
  const raster = await openRaster(await platform.openSource(`${folder.path}/${file}`));
  try {
    const { kind, palette, classNames } = describeOutput(prepared, output);
    const { width, height, cells } = await preview(raster, kind === 'classes');
    const { id, year, service, serviceName, quantity, unit, centre, formula } = output;
    const metres = prepared.grid.crs.metresPerUnit ?? 1;
    return {
      id,
      title: `${serviceName}, ${quantity}, ${year}`,
      year,
      service,
      serviceName,
      quantity,
      unit,
      kind,
      diverging: centre !== undefined,
      centre,
      width,
      height,
      cells,
      cellMetres: (prepared.grid.cellWidth * metres * prepared.grid.width) / width,
      palette,
      classNames,
      file,
      formula,
    };
  } finally {
    await raster.close();
  }
}

/** The finest level that is not wider than a report needs. */
async function preview(raster: Raster, classes: boolean): Promise<{ width: number; height: number; cells: Plane }> {
  const { grid, overviews, nodata } = raster.info;
  const levels = [grid, ...overviews];
  const fitting = levels.findIndex(({ width }) => width <= PREVIEW_WIDTH);
  const level = fitting < 0 ? levels.length - 1 : fitting;
  const { width, height } = levels[level];
  const { samples } = await raster.readSamples({ x: 0, y: 0, width, height }, { level });
  const cells = classes ? new Uint32Array(width * height) : new Float32Array(width * height);
  const missing = classes ? nodata : Math.fround(nodata ?? NODATA);
  for (let i = 0; i < cells.length; i++)
    cells[i] = Number(samples[i]) === missing ? (classes ? NODATA_CODE : NODATA) : Number(samples[i]);
  return { width, height, cells };
}
