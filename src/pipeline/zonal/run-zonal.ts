/** The process `zonal` on files: a raster and its zones to a table, and to the polygons with the statistics as attributes. */
import { EcofluxError, throwAll, withoutSecrets } from '../../core/errors.ts';
import { describeGrid, type Grid } from '../../core/grid.ts';
import { bandOf, type RasterInfo } from '../../io/raster.ts';
import { writeVector } from '../../io/vector/write.ts';
import { wakeWorkers, type ZoneStatistics, zonalStatistics } from '../../io/zonal/statistics.ts';
import { fingerprintInput } from '../fingerprints.ts';
import { describeFile } from '../layers.ts';
import { filling, type Platform } from '../platform.ts';
import type { RunOptions } from '../run-project.ts';
import { apart, columnsOf, csvOf, layerOf, quantileOrder } from './table.ts';
import { type Wanted, wantedStatistics } from './wanted.ts';
import { listed, readZones, type Zones } from './zones.ts';

export interface ZonalRunRequest {
  readonly values?: string;
  readonly zones?: string;
  /** As written; what suits the raster when absent. */
  readonly statistics?: readonly string[];
  readonly quantiles?: readonly string[];
  readonly id?: string;
  readonly allTouched?: boolean;
  /** Of the values, from 1. */
  readonly band?: number;
  readonly layer?: string;
  readonly out: string;
  readonly overwrite?: boolean;
}

export interface ZonalRun {
  readonly out: string;
  readonly files: readonly string[];
  readonly zones: number;
  readonly cells: number;
  readonly warnings: readonly string[];
  readonly seconds: number;
}

/** @throws EcofluxError; then nothing is left of the output folder */
export async function runZonal(request: ZonalRunRequest, platform: Platform, options: RunOptions): Promise<ZonalRun> {
  const started = performance.now();
  const { values, zones: zonesFile } = filesOf(request);
  const { band = 1, out, overwrite = false } = request;
  const { log, signal } = options;
  const warnings: string[] = [];
  const shown = { values: withoutSecrets(values), zones: withoutSecrets(zonesFile) };
  const warn = (text: string) => {
    warnings.push(text);
    log?.(text);
  };

  const info = await describeFile(platform, values);
  bandOf(info, band);
  const wanted = wantedStatistics(request, info, log);
  void wakeWorkers(platform.pool);
  const zones = await readZones({ ...request, values, zones: zonesFile }, info.grid, platform, { warn, signal });
  checkZones(zones, info.grid, shown.zones, shown.values, warn);
  const folder = await platform.beginFolder(out, { overwrite, inputs: [values, zonesFile], log });
  return filling(folder, async () => {
    const fingerprints = Promise.all([values, zonesFile].map((path) => fingerprintInput(path, platform)));
    fingerprints.catch(() => {}); // heard of where it is awaited
    const found = await compute(wanted, zones, info, { ...request, values, band }, platform, options);
    if (!zones.layer && found.length === 0) throw noZone(zonesFile);
    const empty = found.filter(({ count, nodata }) => count === 0 && nodata > 0);
    if (empty.length > 0)
      warn(
        `${shown.zones}: no valid cell of ${shown.values} in ${naming(
          zones,
          empty.map(({ zone }) => zone),
        )}`,
      );

    const columns = apart(columnsOf(wanted, found, values), zones);
    const files = ['statistics.csv'];
    await folder.writeText('statistics.csv', csvOf(columns, zones, found));
    if (zones.layer) {
      const layer = layerOf(columns, zones.layer);
      for (const format of ['gpkg', 'geojson'] as const) {
        await writeVector(await folder.target(`statistics.${format}`), layer, format);
        files.push(`statistics.${format}`);
      }
    }
    const seconds = (performance.now() - started) / 1000;
    const [ofValues, ofZones] = await fingerprints;
    const provenance = {
      process: 'zonal',
      seconds,
      versions: platform.versions,
      grid: describeGrid(info.grid),
      inputs: [
        { input: 'values', file: shown.values, band, ...ofValues },
        { input: 'zones', file: shown.zones, ...ofZones },
      ],
      parameters: { ...wanted, id: zones.id.name, all_touched: request.allTouched ?? false },
      zones: found.length,
      warnings,
      outputs: files,
    };
    await folder.writeText('run.json', `${JSON.stringify(provenance, undefined, 2)}\n`);
    await folder.commit();
    const cells = found.reduce((sum, { count }) => sum + count, 0);
    return { out, files, zones: found.length, cells, warnings, seconds };
  });
}

function filesOf({ values, zones }: ZonalRunRequest): { values: string; zones: string } {
  const missing = {
    values: 'RASTER (whose statistics are taken)',
    zones: 'FILE (polygons or a raster of zone numbers)',
  };
  throwAll(
    (['values', 'zones'] as const)
      .filter((name) => ({ values, zones })[name] === undefined)
      .map((name) => new EcofluxError('InvalidConfiguration', `zonal needs --${name} ${missing[name]}`)),
  );
  return { values: values!, zones: zones! };
}

async function compute(
  wanted: Wanted,
  { cells }: Zones,
  { grid, tiled, blockWidth, blockHeight }: RasterInfo,
  { values, band }: { readonly values: string; readonly band: number },
  { pool, defaultMemory }: Platform,
  { memory = defaultMemory, tile, signal, progress }: RunOptions,
): Promise<ZoneStatistics[]> {
  const [found] = await zonalStatistics({
    grid,
    zones: cells,
    sources: [{ file: values, mapping: { type: 'f32', band } }],
    quantiles: quantileOrder(wanted),
    classes: wanted.statistics.some((name) => name === 'majority' || name === 'shares'),
    pool,
    // The rest is for tiles, and for the zones themselves.
    memory: memory / 2,
    tile: tile ?? wholeBlocks(grid, tiled, blockWidth, blockHeight),
    signal,
    progress: (tilesDone, tiles) => progress?.({ pass: 0, passes: 1, tilesDone, tiles }),
  });
  return found;
}

/** Cells of a tile, more or less: enough work for a worker, and not much memory. */
const TILE_CELLS = 2 ** 20;

/** A tile of whole blocks, so that none is decoded twice. */
function wholeBlocks(grid: Grid, tiled: boolean, blockWidth: number, blockHeight: number) {
  const up = (cells: number, block: number) => Math.max(1, Math.round(cells / block)) * block;
  const width = tiled ? up(Math.sqrt(TILE_CELLS), blockWidth) : Math.min(grid.width, 8 * TILE_CELLS);
  return { width, height: up(Math.max(1, TILE_CELLS / width), blockHeight) };
}

/** Zones that hold no cell are named; that none does is an error. */
function checkZones(zones: Zones, grid: Grid, file: string, values: string, warn: (text: string) => void): void {
  const { cells, layer } = zones;
  if (!layer || 'file' in cells) return;
  const outside = [...cells.keys()].filter((zone) => cells[zone].columns.length === 0);
  const without = outside.filter((zone) => layer.features[zone].geometry === undefined);
  const beyond = outside.filter((zone) => layer.features[zone].geometry !== undefined);
  if (outside.length === cells.length)
    throw new EcofluxError('InvalidInput', 'no zone lies on the raster', {
      file,
      found: `${cells.length} zones in ${layer.crs.name}`,
      expected: `zones on ${values}: ${describeGrid(grid)}`,
      fix: 'check the CRS of both files, and that they show the same place',
    });
  if (without.length > 0) warn(`${file}: no polygon in ${naming(zones, without)}`);
  if (beyond.length > 0) warn(`${file}: outside of ${values}, and so without statistics: ${naming(zones, beyond)}`);
}

function naming({ id }: Zones, zones: readonly number[]): string {
  return `${id.name} ${listed(zones.map((zone) => String(id.of(zone))))}`;
}

function noZone(file: string): EcofluxError {
  return new EcofluxError('InvalidInput', 'there is no zone in it: every cell is nodata', {
    file,
    fix: 'check that it is the right file, and its nodata value',
  });
}
