/** The user's files: what each is, and which input of a model it is likely to be. Opens them, reads no cell. */
import { blobSource, type Grid, isEcofluxError, openRaster, parseCsv } from '../../../src/index.ts';
import type { Slot } from './processes.ts';

export interface OwnFile {
  readonly name: string;
  readonly blob: Blob;
  readonly kind: 'raster' | 'table' | 'unreadable';
  /** For people: the grid of a raster, the columns of a table, or what is wrong. */
  readonly about: string;
  /** Of a table, in lower case. */
  readonly columns: readonly string[];
  /** Of a raster. */
  readonly raster?: OwnRaster;
}

export interface OwnRaster {
  readonly grid: Grid;
  readonly unit: string | undefined;
}

/** Larger files are no tables; a page that reads one as text is gone. */
const MOST_TABLE_BYTES = 64 * 2 ** 20;

export async function describeFile(name: string, blob: Blob): Promise<OwnFile> {
  try {
    const raster = /\.tiff?$/i.test(name) || !(/\.(csv|tsv|txt|xlsx?|ods)$/i.test(name) || (await startsAsText(blob)));
    return raster ? await describeRaster(name, blob) : await describeTable(name, blob);
  } catch (error) {
    // A folder that was dropped, or a file that has gone since, is an error of the browser.
    const about = isEcofluxError(error) ? error.message : `${name}: the browser cannot read it. ${error}`;
    return { name, blob, kind: 'unreadable', about, columns: [] };
  }
}

async function describeRaster(name: string, blob: Blob): Promise<OwnFile> {
  const { grid, bands, unit } = (await openRaster(blobSource(name, blob))).info;
  const sizes = grid.cellWidth === grid.cellHeight ? [grid.cellWidth] : [grid.cellWidth, grid.cellHeight];
  const cells = sizes.map((size) => Number(size.toPrecision(6))).join(' × ');
  const more = bands > 1 ? `, ${bands} bands` : '';
  return {
    name,
    blob,
    kind: 'raster',
    about: `${grid.width} × ${grid.height} cells of ${cells}, ${grid.crs.name}${more}`,
    columns: [],
    raster: { grid, unit },
  };
}

async function describeTable(name: string, blob: Blob): Promise<OwnFile> {
  const bytes = new Uint8Array(await blob.slice(0, MOST_TABLE_BYTES).arrayBuffer());
  const { columns, rows, encoding } = parseCsv(name, bytes);
  const named = columns.filter(Boolean);
  return { name, blob, kind: 'table', about: `${rows.length} rows, ${encoding}: ${named.join(', ')}`, columns: named };
}

/** No byte that text has not, as a TIFF has among its first four. */
async function startsAsText(blob: Blob): Promise<boolean> {
  if (blob.size > MOST_TABLE_BYTES) return false;
  const head = new Uint8Array(await blob.slice(0, 4).arrayBuffer());
  return head.length > 0 && head.every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 13);
}

/** Words by which people call the inputs, the likelier first; the name of the input and InVEST's stand for themselves. */
const LAND_COVER = ['lulc', 'land_cover', 'landcover', 'land_use', 'landuse', 'clcd', 'lucc'];
const WORDS: Readonly<Record<string, readonly string[]>> = {
  lulc: LAND_COVER,
  lulc_bas: LAND_COVER,
  lulc_alt: LAND_COVER,
  precipitation: ['precip', 'rain', 'ppt'],
  et0: ['et0', 'eto', 'reference_et', 'pet', 'evapo'],
  soil_depth: ['soil_depth', 'root_restr', 'depth', 'soil'],
  pawc: ['pawc', 'awc', 'available_water'],
  dem: ['dem', 'elev', 'dtm', 'srtm'],
  erosivity: ['erosiv', 'r_factor'],
  erodibility: ['erodib', 'k_factor'],
  runoff_proxy: ['runoff', 'precip', 'rain'],
  lulc_fut: LAND_COVER,
};
/** What tells the map of a later or other state. */
const OTHER = /_(alt|fut|scen|later|new)/;

/** The file for each place, as far as names and columns tell. Each file is taken once. */
export function guessFiles(slots: readonly Slot[], files: readonly OwnFile[]): ReadonlyMap<string, string> {
  const rasters = files.filter(({ kind }) => kind === 'raster');
  const tables = files.filter(({ kind }) => kind === 'table');
  const scores = [
    ...slots.flatMap(({ name, kind, columns }) =>
      kind === 'raster'
        ? rasters.map((file) => ({ slot: name, file, score: scoreOf(name, file.name) }))
        : tables.map((file) => ({
            slot: name,
            file,
            score: columns.filter((column) => column !== 'lucode' && file.columns.includes(column)).length,
          })),
    ),
  ];
  const guessed = new Map<string, string>();
  const taken = new Set<string>();
  for (const { slot, file, score } of scores.sort((a, b) => b.score - a.score)) {
    if (score <= 0 || guessed.has(slot) || taken.has(file.name)) continue;
    guessed.set(slot, file.name);
    taken.add(file.name);
  }
  return guessed;
}

function scoreOf(input: string, name: string): number {
  const text = `_${name
    .toLowerCase()
    .replace(/\.\w+$/, '')
    .replace(/[^a-z0-9]+/g, '_')}`;
  const words = WORDS[input] ?? [input];
  const at = words.findIndex((word) => text.includes(`_${word}`));
  if (at < 0) return 0;
  const score = 100 - at;
  const other = OTHER.test(text);
  // Of two maps without such a mark the first by name is the earlier one.
  if (input === 'lulc_alt') return other ? score + 1 : score - 50;
  if (input === 'lulc_fut') return other ? score + 1 : 0; // optional: only a file that says so
  return input === 'lulc_bas' && other ? 0 : score;
}
