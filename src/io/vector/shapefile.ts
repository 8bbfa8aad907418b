/** Shapefile: geometries (.shp, .shx), attributes (.dbf, .cpg) and CRS (.prj) out of files that lie side by side. */
import { EcofluxError, locate } from '../../core/errors.ts';
import type { Crs } from '../../core/grid.ts';
import { parseCrs } from '../crs/index.ts';
import { typedAttributes } from './columns.ts';
import { readDbf } from './dbf.ts';
import { chooseLayer, stemOf, unknownCrs, type VectorInput } from './input.ts';
import type { VectorLayer } from './layer.ts';
import { readShp } from './shp.ts';

export async function readShapefile(input: VectorInput): Promise<VectorLayer> {
  const { file, bytes, warn } = input;
  const name = stemOf(file);
  chooseLayer(input, new Map([[name, name]]));
  const [shx, dbf] = [await companion(input, 'shx', 'the index'), await companion(input, 'dbf', 'the attributes')];
  const crs = await crsOf(input);
  const geometries = readShp(file, bytes, shx);
  const cpg = await input.beside('cpg');
  const { columns, deleted } = readDbf(file, dbf, cpg && new TextDecoder('latin1').decode(cpg), warn);
  if (deleted.length !== geometries.length)
    throw new EcofluxError('InvalidInput', 'the files of the shapefile do not belong together', {
      file,
      found: `${geometries.length} shapes and ${deleted.length} rows of attributes`,
      fix: 'copy all files of the shapefile again',
    });
  const { fields, rows } = typedAttributes(file, columns, geometries.length, warn);
  const features = geometries.map((geometry, i) => ({ fid: i + 1, geometry, properties: rows[i] }));
  return { file, name, crs, fields, features: features.filter((_, i) => !deleted[i]) };
}

async function companion(input: VectorInput, extension: string, what: string): Promise<Uint8Array> {
  const bytes = await input.beside(extension);
  if (bytes) return bytes;
  throw new EcofluxError('InvalidInput', `the .${extension} file, which holds ${what}, is missing`, {
    file: input.file,
    expected: `${stemOf(input.file)}.${extension} beside it`,
    fix: 'copy all files of the shapefile (.shp, .shx, .dbf, .prj) into one folder, or give them in one zip archive',
  });
}

async function crsOf(input: VectorInput): Promise<Crs> {
  const prj = await input.beside('prj');
  const text = prj && new TextDecoder().decode(prj).trim();
  if (!text) throw unknownCrs(input.file, prj ? 'its .prj file is empty' : 'there is no .prj file beside it');
  try {
    return await parseCrs(text);
  } catch (error) {
    throw locate(error, { file: input.file, place: '.prj file' });
  }
}
