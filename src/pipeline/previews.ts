/** The maps of the report and of the styles: previews read back from the files just written. */
import { NODATA, NODATA_CODE, type Plane } from '../core/cells.ts';
import { openRaster, type Raster } from '../io/raster.ts';
import type { ReportMap } from '../report/index.ts';
import type { AnalysisOutput } from './analysis-output.ts';
import { cellsByClass } from './class-areas.ts';
import { countCodes } from './class-counts.ts';
import { describeOutput } from './output-raster.ts';
import type { OutputFolder, Platform } from './platform.ts';
import type { PreparedProject } from './prepare.ts';

const PREVIEW_WIDTH = 700;
const SMALL_WIDTH = 350;

export async function previewMaps(
  folder: OutputFolder,
  prepared: PreparedProject,
  outputs: readonly AnalysisOutput[],
  platform: Platform,
): Promise<ReportMap[]> {
  const maps: ReportMap[] = [];
  for (const output of outputs) if (output.drawn) maps.push(await mapOf(folder, prepared, output, platform));
  return maps;
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
    const codes = kind === 'classes' && !output.made?.signed;
    const { id, service, serviceName, unit, centre, formula, drawn } = output;
    const { step, quantity, year } = drawn!;
    const { width, height, cells } = await preview(raster, codes, step === 'risk' && quantity !== 'risk');
    const whole = width === raster.info.grid.width;
    const countFile = async () =>
      Object.fromEntries(
        await countCodes(platform.pool, {
          path: `${folder.path}/${file}`,
          info: raster.info,
          mapping: { type: 'u32' },
        }),
      );
    const metres = prepared.grid.crs.metresPerUnit ?? 1;
    return {
      id,
      title: [serviceName, quantity, year].filter((part) => part !== undefined).join(', '),
      step,
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
      classCells: codes ? (whole ? cellsByClass(cells) : await countFile()) : undefined,
      file,
      formula,
    };
  } finally {
    await raster.close();
  }
}

/** The finest level that is not wider than a report needs. `small`: for a picture among many. */
async function preview(
  raster: Raster,
  classes: boolean,
  small: boolean,
): Promise<{ width: number; height: number; cells: Plane }> {
  const { grid, overviews, nodata } = raster.info;
  const levels = [grid, ...overviews];
  const fitting = levels.findIndex(({ width }) => width <= (small ? SMALL_WIDTH : PREVIEW_WIDTH));
  const level = fitting < 0 ? levels.length - 1 : fitting;
  const { width, height } = levels[level];
  const { samples } = await raster.readSamples({ x: 0, y: 0, width, height }, { level });
  const cells = classes ? new Uint32Array(width * height) : new Float32Array(width * height);
  const missing = classes ? nodata : Math.fround(nodata ?? NODATA);
  for (let i = 0; i < cells.length; i++)
    cells[i] = Number(samples[i]) === missing ? (classes ? NODATA_CODE : NODATA) : Number(samples[i]);
  return { width, height, cells };
}
