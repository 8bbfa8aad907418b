/** The zones of a project, a partition of its grid: numbers for the flow between them, cells for sums, places and polygons for the report. */
import { NODATA_CODE } from '../core/cells.ts';
import { EcofluxError, withoutSecrets } from '../core/errors.ts';
import { describeGrid, type Grid } from '../core/grid.ts';
import type { SourceHint } from '../engine/graph.ts';
import type { FieldReader } from '../engine/run.ts';
import type { FieldValue, VectorLayer } from '../io/vector/layer.ts';
import { rasterize } from '../io/vector/rasterize.ts';
import { burn, type CellSpans } from '../io/vector/rasterize-spans.ts';
import type { ZonalSource } from '../io/zonal/statistics.ts';
import type { ReportZone } from '../report/stories.ts';
import { bindLayer, describeFile } from './layers.ts';
import type { Platform } from './platform.ts';
import { gridReader } from './readers.ts';
import { partition } from './stories/partition.ts';
import { placesOf, runsOfReader, runsOfZones, type WalkRuns } from './stories/zone-places.ts';
import { dissolved, pointsIn } from './stories/zone-shapes.ts';
import { sourceHint } from './warp-reader.ts';
import { fieldNamed, isTiff, listed, readPolygons } from './zonal/zones.ts';

/** As the project file says, `file` as it is opened. */
export interface ZonesFile {
  readonly file: string;
  /** Column that tells zones apart; polygons of one id are one zone. */
  readonly id?: string;
  /** Column with their names. */
  readonly name?: string;
  /** Of a file of several. */
  readonly layer?: string;
}

export interface ProjectZones {
  /** Ascending by number; those without a cell are left out. */
  readonly zones: readonly ReportZone[];
  /** Numbers of zones (u32), NODATA_CODE outside. */
  readonly reader: FieldReader;
  readonly hint: SourceHint;
  /** Of polygons the cells of each of `zones`, apart from one another: for `ZoneTally` and `zonalStatistics`. Or a raster of their numbers. */
  readonly cells: readonly CellSpans[] | ZonalSource;
  /** A feature for each of `zones`: polygons in their own CRS, of a raster points. */
  readonly layer: VectorLayer;
  /** What was done to bring them to the grid, for the log. */
  readonly alignment: string;
}

export interface ZonesOptions {
  readonly warn: (text: string) => void;
  readonly signal?: AbortSignal;
  /** The study area: cells outside of it belong to no zone. */
  readonly area?: CellSpans;
}

/** More than these are no zones that anyone could tell about. */
const MOST_ZONES = 10_000;

/** @throws EcofluxError InvalidInput for a file that is neither polygons nor a raster of whole numbers, a missing column, no zone on the grid */
export async function prepareZones(
  request: ZonesFile,
  grid: Grid,
  platform: Platform,
  options: ZonesOptions,
): Promise<ProjectZones> {
  return (await isTiff(request.file, platform))
    ? rasterZones(request, grid, platform, options)
    : polygonZones(request, grid, platform, options);
}

async function polygonZones(
  { file, id, name, layer: wanted }: ZonesFile,
  grid: Grid,
  platform: Platform,
  { warn, signal, area }: ZonesOptions,
): Promise<ProjectZones> {
  const shown = withoutSecrets(file);
  const request = { values: 'the grid of the project', zones: file, id, layer: wanted, idOption: 'id:' };
  const { layer, field, polygons } = await readPolygons(request, grid, platform, { warn, signal });
  const named = name === undefined ? undefined : fieldNamed(layer, name, 'name:');
  const { members, zoneOf } = membersOf(layer, field?.name, warn);
  checkNumber(members.length, file);

  const spans = polygons.map((each) => rasterize(each.polygons, grid));
  const { cells, shared } = partition(spans, zoneOf, members.length, grid, area);
  if (shared > 0)
    warn(`${shown}: ${count(shared, 'cell lies', 'cells lie')} in several zones: the first of them counts`);
  const text = (value: FieldValue | undefined) => (value === null || value === undefined ? '' : String(value));
  const words = members.map(([first]) => {
    const { fid, properties } = layer.features[first];
    const own = field ? text(properties[field.name]) || `feature ${fid}` : String(fid);
    return { id: own, name: (named && text(properties[named.name])) || own };
  });
  const places = await placesOf(runsOfZones(cells));
  const present = [...members.keys()].filter((zone) => places.has(zone));
  if (present.length === 0)
    throw noneOnGrid(shown, `${count(members.length, 'zone', 'zones')} in ${layer.crs.name}`, grid, area);
  tellAbsent(
    members,
    polygons,
    [...members.keys()].filter((zone) => !places.has(zone)),
    (zone) => words[zone].id,
    shown,
    warn,
  );
  const zones = present.map((zone): ReportZone => {
    const { cells, at } = places.get(zone)!;
    return { number: zone + 1, ...words[zone], cells, at: shareOf(at, grid) };
  });
  const own = present.map((zone) => cells[zone]);
  return {
    zones,
    reader: {
      async read(window) {
        const plane = new Uint32Array(window.width * window.height).fill(NODATA_CODE);
        for (const [i, spans] of own.entries()) burn(spans, window, plane, zones[i].number);
        return plane;
      },
    },
    hint: { blockWidth: 512, blockHeight: 512 },
    cells: own,
    layer: dissolved(
      layer,
      present.map((zone) => members[zone]),
    ),
    alignment: `${count(zones.length, 'zone', 'zones')}; a cell belongs to the polygon that holds its centre`,
  };
}

/** Features of each zone, in the order of the file, and the zone of each feature. */
function membersOf(
  { file, features }: VectorLayer,
  id: string | undefined,
  warn: (text: string) => void,
): { members: number[][]; zoneOf: number[] } {
  const members: number[][] = [];
  const known = new Map<FieldValue, number>();
  let nameless = 0;
  const zoneOf = features.map(({ properties }, feature) => {
    const value = id === undefined ? null : (properties[id] ?? null);
    if (id !== undefined && (value === null || value === '')) nameless++;
    const zone = value === null || value === '' ? members.length : (known.get(value) ?? members.length);
    if (value !== null && value !== '') known.set(value, zone);
    if (zone === members.length) members.push([]);
    members[zone].push(feature);
    return zone;
  });
  const shown = withoutSecrets(file);
  if (nameless > 0)
    warn(`${shown}: ${nameless} of ${features.length} polygons have no ${id}; each is a zone of its own`);
  const together = [...known].filter(([, zone]) => members[zone].length > 1).map(([value]) => String(value));
  if (together.length > 0) warn(`${shown}: several polygons have the same ${id} and are one zone: ${listed(together)}`);
  return { members, zoneOf };
}

/** Zones that have no cell: without a polygon, beside the grid, too small, or covered by those before them. */
function tellAbsent(
  members: readonly (readonly number[])[],
  polygons: readonly { readonly polygons: readonly unknown[] }[],
  absent: readonly number[],
  nameOf: (zone: number) => string,
  file: string,
  warn: (text: string) => void,
): void {
  const empty = absent.filter((zone) => members[zone].every((feature) => polygons[feature].polygons.length === 0));
  const others = absent.filter((zone) => !empty.includes(zone));
  if (empty.length > 0) warn(`${file}: zones without a polygon are left out: ${listed(empty.map(nameOf))}`);
  if (others.length > 0)
    warn(
      `${file}: zones without a cell are left out (outside of the study area, smaller than a cell, or covered by others): ${listed(others.map(nameOf))}`,
    );
}

async function rasterZones(
  { file, id, name, layer }: ZonesFile,
  grid: Grid,
  platform: Platform,
  { signal, area }: ZonesOptions,
): Promise<ProjectZones> {
  const shown = withoutSecrets(file);
  const option = Object.entries({ id, name, layer }).find(([, value]) => value !== undefined)?.[0];
  if (option)
    throw new EcofluxError('InvalidConfiguration', `${option}: is for zones that are polygons; a raster has none`, {
      file: shown,
      fix: `leave ${option} out; class names of the raster are the names of its zones`,
    });
  const info = await describeFile(platform, file);
  const spec = { about: 'zones', unit: '1', kind: 'classes' } as const;
  const bound = await bindLayer({ layer: 'zones', path: file, shown, info }, spec, grid, {});
  const reader = gridReader(bound, platform.pool, area);
  const places = await placesOf(refusingMany(runsOfReader(reader, grid, platform.pool, signal), file));
  if (places.size === 0) throw noneOnGrid(shown, 'nodata everywhere', grid, area);
  const zones = [...places]
    .sort(([a], [b]) => a - b)
    .map(([number, { cells, at }]): ReportZone => {
      const id = String(number);
      return { number, id, name: info.classNames?.[number] ?? id, cells, at: shareOf(at, grid) };
    });
  const mapping = { ...bound.mapping, type: 'f32' as const };
  return {
    zones,
    // Without `empty` and `readWarp`: a tile without a zone is a tile like others.
    reader: { read: reader.read },
    hint: { ...sourceHint(bound), warpsOnDevice: false },
    cells: { file, mapping },
    layer: pointsIn(zones, grid, shown),
    alignment: `${count(zones.length, 'zone', 'zones')}; ${bound.alignment}`,
  };
}

/** Before their numbers take all memory. */
function refusingMany(walk: WalkRuns, file: string): WalkRuns {
  const seen = new Set<number>();
  return (see) =>
    walk((zone, row, from, to) => {
      if (!seen.has(zone)) {
        seen.add(zone);
        checkNumber(seen.size, file);
      }
      see(zone, row, from, to);
    });
}

function checkNumber(zones: number, file: string): void {
  if (zones <= MOST_ZONES) return;
  throw new EcofluxError('InvalidInput', `there are more than ${MOST_ZONES.toLocaleString('en')} zones`, {
    file: withoutSecrets(file),
    fix: 'give fewer, larger zones, such as counties; check that it is the right file',
  });
}

function noneOnGrid(file: string, found: string, grid: Grid, area: CellSpans | undefined): EcofluxError {
  return new EcofluxError('InvalidInput', `no zone lies in the ${area ? 'study area' : 'grid'}`, {
    file,
    found,
    expected: `zones on ${describeGrid(grid)}`,
    fix: 'check the CRS of the file, and that it shows the same place',
  });
}

function shareOf([column, row]: readonly [number, number], { width, height }: Grid): [number, number] {
  return [(column + 0.5) / width, (row + 0.5) / height];
}

function count(many: number, one: string, more: string): string {
  return `${many.toLocaleString('en')} ${many === 1 ? one : more}`;
}
