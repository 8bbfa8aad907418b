/** Twin of shaders/lib/nodata.wgsl. */
import { NODATA, NODATA_CODE } from '../core/cells.ts';

export function isNodata(value: number): boolean {
  return value === NODATA;
}

export function isNodataCode(code: number): boolean {
  return code === NODATA_CODE;
}
