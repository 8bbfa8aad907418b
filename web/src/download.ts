/** Files for the user: a map as a Cloud Optimized GeoTIFF by the library's own writer, or whatever else the page has made. */
import { type Grid, memoryTarget, type RasterDescription, type ReportMap, writeRaster } from '../../src/index.ts';
import type { PagePool } from './worker-pool.ts';

export async function downloadMap(map: ReportMap, grid: Grid, pool: PagePool): Promise<void> {
  const name = `${map.id.replaceAll('/', '_')}.tif`;
  const target = memoryTarget(name);
  const classes = map.kind === 'classes';
  const description: RasterDescription = {
    grid,
    kind: map.kind,
    ...(classes ? typeOfClasses(map) : ({ sampleType: 'f32', nodata: -9999 } as const)),
    unit: map.unit,
    description: [map.serviceName, map.title, map.year].filter((word) => word !== undefined).join(', '),
    palette: map.palette,
    classNames: map.classNames,
  };
  // The writer takes the plane over, and the page still shows it.
  await writeRaster(target, description, map.cells.slice(), { pool });
  offer(name, new Blob([target.bytes() as Uint8Array<ArrayBuffer>], { type: 'image/tiff' }));
}

/** A byte; a signed one where codes may be negative. */
function typeOfClasses({ cells }: ReportMap): Pick<RasterDescription, 'sampleType' | 'nodata'> {
  return cells instanceof Float32Array ? { sampleType: 'i8', nodata: -128 } : { sampleType: 'u8', nodata: 255 };
}

/** Saves a file as the browser saves downloads. */
export function offer(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
