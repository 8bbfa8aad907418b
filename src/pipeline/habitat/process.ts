/** The process `habitat_quality`: the model for the threats of a table, on rasters that the table or the command line names. */
import { EcofluxError, throwAll } from '../../core/errors.ts';
import type { Grid } from '../../core/grid.ts';
import type { ClassRows } from '../../core/values.ts';
import { parseCsv } from '../../io/class-table.ts';
import { polygonsOf } from '../../io/vector/polygons-of.ts';
import { readVector } from '../../io/vector/read.ts';
import { type HabitatMap, habitatModel, isOurs, type Threat } from '../../models/habitat_quality/spec.ts';
import type { BoundLayer } from '../layers.ts';
import type { Platform } from '../platform.ts';
import { Problems } from '../problems.ts';
import type { ProcessRequest, ProcessRun } from '../process-request.ts';
import { gridReader } from '../readers.ts';
import { runProcess } from '../run-process.ts';
import type { RunOptions } from '../run-project.ts';
import { isTiff } from '../zonal/zones.ts';
import { accessReader } from './access.ts';
import { rarityOf } from './rarity.ts';
import { presenceOf, readSensitivity } from './sensitivity.ts';
import { checkThreatRanges, checkThreatValues, kindOfThreat } from './threat-values.ts';
import { readThreats, remarksOnThreats, saidPlaces, type ThreatRow } from './threats.ts';

export interface HabitatRequest
  extends Pick<ProcessRequest, 'out' | 'overwrite' | 'align' | 'outputs' | 'intermediates'> {
  readonly lulc?: string;
  readonly lulc_fut?: string;
  readonly lulc_bas?: string;
  /** Tables. */
  readonly threats?: string;
  readonly sensitivity?: string;
  /** Of each threat, in the order of the table. */
  readonly threat_rasters?: readonly string[];
  /** A raster or polygons. */
  readonly access?: string;
  readonly half_saturation?: string;
}

/** @throws EcofluxError or ManyErrors InvalidInput, InvalidConfiguration: what is wrong with options and tables, all at once */
export async function runHabitat(
  request: HabitatRequest,
  platform: Platform,
  options: RunOptions,
): Promise<ProcessRun> {
  const { lulc, threats: file, sensitivity } = checkNames(request);
  const problems = new Problems();
  const threats = (await problems.wait(async () => readThreats(parseCsv(file, await platform.readBytes(file))))) ?? [];
  const tables = await problems.wait(async () =>
    readSensitivity(parseCsv(sensitivity, await platform.readBytes(sensitivity)), threats),
  );
  const maps: readonly HabitatMap[] = request.lulc_fut === undefined ? ['c'] : ['c', 'f'];
  problems.take(() => checkList(request, file, threats));
  const rasters: Record<string, string> = {};
  const presences: Record<string, ClassRows> = {};
  for (const [i, threat] of threats.entries())
    problems.take(() => {
      const listed = request.threat_rasters?.[i];
      const placed = placesOf(threat, maps, file, listed, platform);
      Object.assign(rasters, placed);
      if (!placed && tables) presences[`presence_${threat.name}`] = presenceOf(threat, file, tables.habitat.keys());
    });
  throwAll(problems.all);
  const isThreat = (name: string) => name in rasters;
  const { lulc_fut, lulc_bas, access } = request;
  const polygons = access !== undefined && !(await isTiff(access, platform)) ? access : undefined;
  const placed: Threat[] = [];
  for (const threat of threats) {
    const own = maps.flatMap((map) => rasters[`threat_${threat.name}_${map}`] ?? []);
    placed.push({ ...threat, of: own.length === 0 ? 'classes' : await kindOfThreat(own, platform) });
  }
  const model = habitatModel({
    threats: placed,
    maps,
    access: access !== undefined,
    rarity: lulc_bas !== undefined,
    transforms: true,
  });
  const threatsOf = (layers: ReadonlyMap<string, BoundLayer>) =>
    [...layers].filter(([name]) => isThreat(name)).map(([, layer]) => layer);
  const all = Object.keys(model.outputs).filter((name) => !isOurs(name));
  const usual = all.filter((name) => !model.outputs[name].intermediate);
  const run: ProcessRequest = {
    model:
      polygons === undefined
        ? model
        : { ...model, inputs: { ...model.inputs, access: { ...model.inputs.access, optional: true } } },
    inputs: {
      lulc_c: lulc,
      ...(lulc_fut !== undefined && { lulc_f: lulc_fut }),
      ...rasters,
      ...(access !== undefined && polygons === undefined && { access }),
      ...(lulc_bas !== undefined && { lulc_bas }),
    },
    tables: { ...Object.fromEntries(Object.keys(model.tables!).map((name) => [name, sensitivity])), threats: file },
    params: request.half_saturation === undefined ? {} : { half_saturation: request.half_saturation },
    outputs: request.outputs ?? (request.intermediates ? all : usual),
    out: request.out,
    overwrite: request.overwrite,
    align: request.align === 'auto' ? 'nearest' : request.align, // presence has no values in between, as in InVEST
    extras: {
      rows: async (layers, grid) => ({
        ...tables,
        ...presences,
        ...(await raritiesOf(layers, grid, maps, platform, options.signal)),
      }),
      sources:
        polygons === undefined
          ? undefined
          : async (grid) => ({ access: await accessOf(polygons, grid, platform, options) }),
      ranges: Object.keys(rasters).filter((name) => model.inputs[name].kind !== 'classes'),
      async check(layers, grid) {
        const cell = grid.cellWidth * (grid.crs.metresPerUnit ?? 1);
        for (const line of remarksOnThreats(file, threats, cell)) options.log?.(line);
        await checkThreatValues(threatsOf(layers), platform.pool, options.signal);
      },
      verify: (layers, records) => checkThreatRanges(threatsOf(layers), records, platform.pool, options.signal),
    },
  };
  return runProcess(run, platform, options);
}

function checkNames({ lulc, threats, sensitivity }: HabitatRequest) {
  const needed = {
    lulc: [lulc, 'FILE (land-cover classes)'],
    threats: [threats, 'TABLE (threats)'],
    sensitivity: [sensitivity, 'TABLE (suitability and sensitivity of each class)'],
  } as const;
  throwAll(
    Object.entries(needed)
      .filter(([, [value]]) => value === undefined)
      .map(([name, [, what]]) => new EcofluxError('InvalidConfiguration', `habitat_quality needs --${name} ${what}`)),
  );
  return { lulc: lulc!, threats: threats!, sensitivity: sensitivity! };
}

function checkList({ threat_rasters, lulc_fut }: HabitatRequest, file: string, threats: readonly ThreatRow[]): void {
  if (threat_rasters === undefined) return;
  if (lulc_fut !== undefined)
    throw new EcofluxError('InvalidConfiguration', 'a list of threat rasters is of one map only', {
      found: '--threat_rasters and --lulc_fut',
      fix: `name the rasters in the columns cur_path and fut_path of ${file}`,
    });
  if (threats.length > 0 && threat_rasters.length !== threats.length)
    throw new EcofluxError(
      'InvalidConfiguration',
      'the list of threat rasters is not as long as the table of threats',
      {
        file,
        found: `${threat_rasters.length} rasters`,
        expected: `${threats.length}: ${threats.map(({ name }) => name).join(', ')}`,
        fix: 'give one for each threat, in the order of the table',
      },
    );
}

/** Rasters of the threat by input of the model; undefined where it is classes of the land cover. */
function placesOf(
  { name, line, places }: ThreatRow,
  maps: readonly HabitatMap[],
  file: string,
  listed: string | undefined,
  platform: Platform,
): Record<string, string> | undefined {
  if (listed !== undefined) return { [`threat_${name}_c`]: listed };
  const said = saidPlaces(places, ['classes', 'cur_path', 'fut_path']);
  if (places.classes !== '' && said.length > 1)
    throw new EcofluxError('InvalidInput', `the table says twice where ${name} is`, {
      file,
      place: `line ${line}`,
      found: said.join(', '),
      fix: 'leave one of them empty: it is in rasters, or in classes of the land cover',
    });
  if (places.classes !== '') return undefined;
  const columns = { c: 'cur_path', f: 'fut_path' } as const;
  return Object.fromEntries(
    maps.map((map) => {
      const path = places[columns[map]].replaceAll('\\', '/');
      if (path === '')
        throw new EcofluxError(
          'InvalidInput',
          `the table does not say where ${name} is${map === 'f' ? ' in the future' : ''}`,
          {
            file,
            place: `line ${line}, column ${columns[map]}`,
            found: 'nothing',
            expected: `a raster in ${columns[map]}, or codes in classes`,
            fix: map === 'c' ? 'add one of them, or give --threat_rasters' : 'add one of them',
          },
        );
      return [`threat_${name}_${map}`, platform.relativeTo(file, path)];
    }),
  );
}

async function raritiesOf(
  layers: ReadonlyMap<string, BoundLayer>,
  grid: Grid,
  maps: readonly HabitatMap[],
  { pool }: Platform,
  signal: AbortSignal | undefined,
): Promise<Record<string, ClassRows>> {
  const baseline = layers.get('lulc_bas');
  if (!baseline) return {};
  const reader = (layer: BoundLayer) => gridReader(layer, pool, undefined);
  const rows: Record<string, ClassRows> = {};
  for (const map of maps)
    rows[`rarity_${map}`] = await rarityOf(reader(layers.get(`lulc_${map}`)!), reader(baseline), grid, signal);
  return rows;
}

async function accessOf(path: string, grid: Grid, { openSource }: Platform, { log, signal }: RunOptions) {
  const warn = (text: string) => log?.(text);
  const layer = await readVector(path, { openSource, signal, warn });
  return accessReader(layer, await polygonsOf(layer, grid.crs, { warn, signal }), grid);
}
