/** Where the cells of a TIFF lie: tiepoints, scales and matrices made into a north-up grid, or refused with what to do. */
import { EcofluxError } from '../core/errors.ts';
import type { GeoKeys, Grid } from '../core/grid.ts';
import type { Directory, TiffFile } from './tiff/directory.ts';
import { crsFromGeoKeys, NO_CRS, pixelIsPoint } from './tiff/geo-keys.ts';
import { TAG } from './tiff/tags.ts';

export async function readGeoreference(
  file: TiffFile,
  directory: Directory,
  size: { readonly width: number; readonly height: number },
): Promise<{ grid: Grid; southUp: boolean }> {
  const keys = await readGeoKeys(directory);
  const crs = keys ? crsFromGeoKeys(keys) : NO_CRS;
  const place = await readAffine(file, directory);
  if (!place)
    return { grid: { ...size, west: 0, north: size.height, cellWidth: 1, cellHeight: 1, crs }, southUp: false };

  const half = keys && pixelIsPoint(keys) ? 0.5 : 0;
  const { stepX, stepY } = place;
  if (!(stepX > 0) || stepY === 0 || !Number.isFinite(stepX) || !Number.isFinite(stepY)) {
    throw refused(
      file,
      `steps of ${stepX} along x and ${stepY} along y`,
      'columns that run east and rows that run north or south',
    );
  }
  const west = place.x - half * stepX;
  const top = place.y - half * stepY;
  const southUp = stepY > 0;
  const north = southUp ? top + size.height * stepY : top;
  if (!Number.isFinite(west) || !Number.isFinite(north))
    throw refused(file, `corner ${west}, ${north}`, 'finite coordinates');
  return { grid: { ...size, west, north, cellWidth: stepX, cellHeight: Math.abs(stepY), crs }, southUp };
}

/** Coordinates of the outer corner (or centre) of the first cell and the steps from cell to cell. */
async function readAffine(file: TiffFile, directory: Directory) {
  const matrix = await directory.numbers(TAG.modelTransformation);
  if (matrix && matrix.length >= 8) {
    if (matrix[1] !== 0 || matrix[4] !== 0) throw refused(file, 'a rotated or sheared raster', 'a north-up one');
    return { x: matrix[3], y: matrix[7], stepX: matrix[0], stepY: matrix[5] };
  }
  const tie = await directory.numbers(TAG.modelTiepoint);
  const scale = await directory.numbers(TAG.modelPixelScale);
  if (!tie || !scale || tie.length < 6 || scale.length < 2) {
    if (tie && tie.length > 6) throw refused(file, 'a raster placed by ground control points', 'a north-up one');
    return undefined;
  }
  // A scale along y counts downwards, so the usual positive one means rows that run south.
  return { x: tie[3] - tie[0] * scale[0], y: tie[4] + tie[1] * scale[1], stepX: scale[0], stepY: -scale[1] };
}

async function readGeoKeys(directory: Directory): Promise<GeoKeys | undefined> {
  const entries = await directory.numbers(TAG.geoKeyDirectory);
  if (!entries || entries.length < 4) return undefined;
  return {
    directory: [...entries],
    doubles: [...((await directory.numbers(TAG.geoDoubleParams)) ?? [])],
    ascii: (await directory.text(TAG.geoAsciiParams)) ?? '',
  };
}

function refused(file: TiffFile, found: string, expected: string): EcofluxError {
  return new EcofluxError('InvalidInput', 'the raster does not lie straight on the map', {
    file: file.source.name,
    found,
    expected,
    fix: 'warp it with gdalwarp',
  });
}
