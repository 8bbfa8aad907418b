/** A QGIS style beside every raster, in the colours and with the scale of the report: one for all years of a quantity. */
import { qmlStyle, qmlStyleOf, type ReportMap } from '../report/index.ts';
import type { OutputFolder } from './platform.ts';

export async function writeStyles(folder: OutputFolder, maps: readonly ReportMap[]): Promise<void> {
  for (const map of maps) {
    const siblings = maps.filter(({ service, quantity }) => service === map.service && quantity === map.quantity);
    await folder.writeText(`${map.id}.qml`, qmlStyle(qmlStyleOf(siblings)));
  }
}
