/** A QGIS style beside every raster: of those in the report with its colours and scale, one for all years of a quantity. */
import type { WrittenRaster } from '../io/raster-writer.ts';
import { qmlStyle, qmlStyleOf, type ReportMap } from '../report/index.ts';
import type { AnalysisOutput } from './analysis-output.ts';
import { opaque } from './output-raster.ts';
import type { OutputFolder } from './platform.ts';

export async function writeStyles(
  folder: Pick<OutputFolder, 'writeText'>,
  maps: readonly ReportMap[],
  outputs: readonly AnalysisOutput[],
  written: ReadonlyMap<string, WrittenRaster>,
): Promise<void> {
  const same = (a: ReportMap, b: ReportMap) =>
    a.step === b.step && a.service === b.service && a.quantity === b.quantity;
  for (const map of maps)
    await folder.writeText(`${map.id}.qml`, qmlStyle(qmlStyleOf(maps.filter((other) => same(other, map)))));
  const drawn = new Set(maps.map(({ id }) => id));
  for (const output of outputs) {
    if (drawn.has(output.id)) continue;
    const all = outputs.filter(({ step, service, quantity }) => {
      return step === output.step && service === output.service && quantity === output.quantity;
    });
    await folder.writeText(`${output.id}.qml`, styleOf(output, all, written));
  }
}

/** With the scale of all years. */
function styleOf(
  { made, unit, centre }: AnalysisOutput,
  all: readonly AnalysisOutput[],
  written: ReadonlyMap<string, WrittenRaster>,
): string {
  if (made)
    return qmlStyle({ kind: 'classes', classNames: made.classNames, palette: made.colours && opaque(made.colours) });
  const found = all.flatMap(({ id }) => written.get(id)?.statistics ?? []);
  const min = found.length > 0 ? Math.min(...found.map((each) => each.min)) : 0;
  const max = found.length > 0 ? Math.max(...found.map((each) => each.max)) : 1;
  return qmlStyle({ kind: 'quantity', unit, min, max, diverging: centre !== undefined, centre });
}
