/** What a user can do to a raster itself: say its unit or nodata in its header, or convert its values. Commands of GDAL to paste. */
import { quoted } from '../warp-command.ts';
import type { LayerChange } from './value-findings.ts';

/** Says it in the file's header, which is looked at where nothing else is said. */
export function editFile(path: string): (change: LayerChange) => string {
  return ({ unit, nodata }) =>
    unit === undefined
      ? `say it in the file: gdal_edit.py -a_nodata ${[nodata ?? []].flat()[0]} ${quoted(path)}`
      : `say it in the file: gdal_edit.py -units ${JSON.stringify(unit)} ${quoted(path)}`;
}

/** Converts the values, where what the header says of the unit is not looked at. */
export function convertFile(path: string): (change: LayerChange) => string {
  return (change) =>
    change.factor === undefined
      ? editFile(path)(change)
      : `convert the values from ${change.unit}: gdal_calc.py -A ${quoted(path)} --type=Float32 --calc="A*${change.factor}" --outfile=out.tif`;
}
