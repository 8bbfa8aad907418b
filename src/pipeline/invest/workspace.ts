/** The folder that InVEST calls the workspace: where each raster goes, with which nodata, and the style beside it. */
import { NODATA } from '../../core/cells.ts';
import type { RasterInfo } from '../../io/raster.ts';
import type { RasterDescription, WrittenRaster } from '../../io/raster-writer.ts';
import { qmlStyle } from '../../report/index.ts';
import type { BoundLayer } from '../layers.ts';
import { describeClasses, describeMade, opaque } from '../output-raster.ts';
import type { OutputFolder } from '../platform.ts';
import type { InvestModel, PreparedRun } from './model.ts';

/** InVEST's nodata of what is never negative (docs/decisions/0008-invest-outputs.md). */
const NEVER_NEGATIVE = -1;

/** Path in the workspace, without .tif. */
export function placeOf(
  { model, folders, amongIntermediates = [] }: InvestModel,
  output: string,
  suffix: string,
): string {
  const intermediate = model.outputs[output].intermediate || amongIntermediates.includes(output);
  return `${intermediate ? folders.intermediates : folders.outputs}${output}${suffix}`;
}

export function describeInvestOutput(
  { model, describe = () => ({}) }: InvestModel,
  output: string,
  { grid, layers, checked }: Pick<PreparedRun, 'grid' | 'layers' | 'checked'>,
): RasterDescription {
  const { about, unit, classes, aligned, centre } = model.outputs[output];
  const common = { grid, description: about, unit: unit === '1' || unit === 'any' ? undefined : unit };
  if (classes) {
    const described = aligned ? describeClasses(layers.get(aligned)!.info) : describeMade(model.outputs[output]);
    return { ...common, ...described, ...describe(output, checked, layers) };
  }
  const nodata =
    aligned && layers.has(aligned) ? nodataOf(layers.get(aligned)!) : centre === undefined ? NEVER_NEGATIVE : NODATA;
  return { ...common, sampleType: 'f32', nodata, kind: 'quantity', ...describe(output, checked, layers) };
}

/** Aligned copies keep the nodata of the file they come from, as long as its values come through unchanged. */
function nodataOf({ info }: Pick<BoundLayer, 'info'>): number {
  const { nodata, scale, offset, sampleType }: RasterInfo = info;
  const kept = nodata !== undefined && Math.fround(nodata) === nodata && scale === 1 && offset === 0;
  return kept && (sampleType === 'f32' || Number.isInteger(nodata)) ? nodata : NODATA;
}

/** The QGIS style beside a raster. */
export async function writeStyle(
  folder: OutputFolder,
  place: string,
  { model }: InvestModel,
  output: string,
  { statistics }: WrittenRaster,
): Promise<void> {
  const { centre, classes, classNames, colours, unit } = model.outputs[output];
  const { min = 0, max = 1 } = statistics ?? {};
  const diverging = centre !== undefined;
  await folder.writeText(
    `${place}.qml`,
    qmlStyle(
      classes
        ? { kind: 'classes', classNames, palette: colours && opaque(colours), min, max }
        : { kind: 'quantity', unit, min, max, diverging, centre },
    ),
  );
}
