/** A QGIS style beside every raster, with one scale for all years of a quantity, so that maps compare. */
import type { Values } from '../core/model.ts';
import { qmlStyle } from '../report/index.ts';
import type { Analysis, AnalysisOutput } from './analysis.ts';
import { describeOutput } from './output-raster.ts';
import type { OutputFolder } from './platform.ts';
import type { PreparedProject } from './prepare.ts';

export async function writeStyles(
  folder: OutputFolder,
  prepared: PreparedProject,
  { outputs }: Analysis,
  records: ReadonlyMap<string, Values>,
): Promise<void> {
  for (const output of outputs) await folder.writeText(`${output.id}.qml`, styleOf(prepared, output, outputs, records));
}

function styleOf(
  prepared: PreparedProject,
  output: AnalysisOutput,
  outputs: readonly AnalysisOutput[],
  records: ReadonlyMap<string, Values>,
): string {
  const { kind, palette, classNames, unit } = describeOutput(prepared, output);
  if (kind === 'classes') return qmlStyle({ kind, palette, classNames });
  const ranges = outputs
    .filter(({ service, quantity }) => service === output.service && quantity === output.quantity)
    .map(({ range }) => records.get(range!)!)
    .filter(({ count }) => count > 0);
  const min = Math.min(...ranges.map(({ low }) => low));
  const max = Math.max(...ranges.map(({ high }) => high));
  const { centre } = output;
  return qmlStyle({
    kind,
    unit,
    min: Number.isFinite(min) ? min : 0,
    max: Number.isFinite(max) ? max : 1,
    diverging: centre !== undefined,
    centre,
  });
}
