/** Habitat quality as InVEST 3.20 takes and writes it. The model follows from the table of threats, so that is read first. */
import { EcofluxError, throwAll } from '../../core/errors.ts';
import type { ClassRows } from '../../core/values.ts';
import { parseCsv } from '../../io/class-table.ts';
import type { RasterDescription } from '../../io/raster-writer.ts';
import { csvText } from '../../io/tables/write-csv.ts';
import {
  type HabitatMap,
  habitat_quality,
  habitatModel,
  isOurs,
  type Threat,
} from '../../models/habitat_quality/spec.ts';
import { accessReader, OPEN } from '../habitat/access.ts';
import { rarityOf } from '../habitat/rarity.ts';
import { readSensitivity } from '../habitat/sensitivity.ts';
import { checkThreatRanges, checkThreatValues, kindOfThreat } from '../habitat/threat-values.ts';
import { readThreats, remarksOnThreats, type ThreatRow } from '../habitat/threats.ts';
import { describeClasses } from '../output-raster.ts';
import type { Platform } from '../platform.ts';
import { Problems } from '../problems.ts';
import { checkSquare } from '../process-inputs.ts';
import { fileReader } from '../readers.ts';
import type { Arguments, CheckedArguments } from './argument.ts';
import { inArgument } from './in-argument.ts';
import type { ExpandedRun, FinishedRun, InvestModel, PreparedRun } from './model.ts';
import { needMetres } from './prepare-run.ts';

const ARGUMENTS: Arguments = {
  lulc_cur_path: { kind: 'classes', about: 'current land cover' },
  lulc_fut_path: { kind: 'classes', about: 'future land cover', optional: true },
  lulc_bas_path: { kind: 'classes', about: 'baseline land cover', optional: true },
  threats_table_path: { kind: 'table', about: 'threats with max_dist, weight, decay and the paths of their rasters' },
  sensitivity_table_path: { kind: 'table', about: 'habitat suitability and sensitivity to each threat of each class' },
  access_vector_path: { kind: 'vector', about: 'polygons with the field access', optional: true },
  half_saturation_constant: {
    kind: 'number',
    about: 'degradation at which half of the suitability is left',
    accepts: { words: 'a number above 0', test: (value) => value > 0 },
  },
};

/** Column of the table of threats by map. */
const COLUMNS = { c: 'cur_path', f: 'fut_path' } as const;
const LARGEST = 3.4028234663852886e38;

export const investHabitatQuality: InvestModel = {
  model: habitat_quality,
  aliases: ['hq'],
  arguments: ARGUMENTS,
  folders: { outputs: '', intermediates: 'intermediate/' },
  describe,
  rules: () => [],
  expand,

  outputs: ({ paths }) => {
    const maps = mapsOf(paths);
    const of = (name: string) => maps.map((map) => `${name}_${map}`);
    return [...of('deg_sum'), ...of('quality'), ...(paths.lulc_bas_path === undefined ? [] : of('rarity'))];
  },

  intermediates: () => [],

  async gridOf({ checked, files, problems }) {
    const home = files.get('lulc_c');
    return (
      home &&
      problems.wait(async () => {
        await inArgument(checked, home.layer, () => needMetres(home));
        await inArgument(checked, home.layer, () => checkSquare(habitat_quality, home.info.grid, home.path));
        return home.info.grid;
      })
    );
  },

  finish: async () => ({}),
};

function mapsOf(paths: CheckedArguments['paths']): HabitatMap[] {
  return paths.lulc_fut_path === undefined ? ['c'] : ['c', 'f'];
}

/** The model for the threats of the table, with their rasters among the paths. */
async function expand(checked: CheckedArguments, platform: Platform): Promise<ExpandedRun> {
  const { threats_table_path: file, sensitivity_table_path: sensitivity, lulc_bas_path } = checked.paths;
  const problems = new Problems();
  const threats = await problems.wait(() =>
    inArgument(checked, 'threats_table_path', async () => readThreats(parseCsv(file, await platform.readBytes(file)))),
  );
  const tables = await problems.wait(() =>
    inArgument(checked, 'sensitivity_table_path', async () =>
      readSensitivity(parseCsv(sensitivity, await platform.readBytes(sensitivity)), threats ?? []),
    ),
  );
  const maps = mapsOf(checked.paths);
  const rasters: Record<string, string> = {};
  const origins: Record<string, string> = { half_saturation: 'half_saturation_constant' };
  for (const threat of threats ?? [])
    for (const map of maps)
      await problems.wait(() =>
        inArgument(checked, 'threats_table_path', () => {
          const input = `threat_${threat.name}_${map}`;
          rasters[input] = platform.relativeTo(file, pathOf(threat, map, file));
          origins[input] = `${COLUMNS[map]} of ${threat.name} in threats_table_path`;
        }),
      );
  throwAll(problems.all);
  const placed: Threat[] = [];
  for (const threat of threats!) {
    const own = maps.map((map) => rasters[`threat_${threat.name}_${map}`]);
    placed.push({ ...threat, of: await kindOfThreat(own, platform) });
  }
  const model = habitatModel({
    threats: placed,
    maps,
    access: checked.paths.access_vector_path !== undefined,
    rarity: lulc_bas_path !== undefined,
    transforms: true,
  });
  const { half_saturation_constant: half_saturation, ...numbers } = checked.numbers;
  const isThreat = (name: string) => name in rasters;
  const threatsOf = ({ layers }: PreparedRun) =>
    [...layers].filter(([name]) => isThreat(name)).map(([, layer]) => layer);
  const final = investHabitatQuality.outputs(checked);
  return {
    checked: {
      ...checked,
      paths: { ...checked.paths, ...rasters },
      origins,
      numbers: half_saturation === undefined ? numbers : { ...numbers, half_saturation },
      notes: [...checked.notes, ...baselineNotes(checked, threats!)],
    },
    invest: {
      ...investHabitatQuality,
      model: {
        ...model,
        inputs: { ...model.inputs, access: { ...ACCESS_LAYER, kind: 'density', optional: true } },
        outputs: { ...model.outputs, access_layer: ACCESS_LAYER },
      },
      ranges: Object.keys(rasters).filter((name) => model.inputs[name].kind !== 'classes'),
      intermediates: () => [
        ...Object.keys(model.outputs).filter((name) => !isOurs(name) && !final.includes(name)),
        'access_layer',
      ],
      tables: async (prepared, signal) => ({ ...tables, ...(await raritiesOf(prepared, maps, platform, signal)) }),
      async sources({ zones, grid, checked: all }) {
        const access = zones.get('access_vector_path');
        if (!access) return { access: OPEN };
        return {
          access: await inArgument(all, 'access_vector_path', () => accessReader(access.layer, access.features, grid)),
        };
      },
      async check(prepared, log, signal) {
        for (const line of remarksOnThreats(file, threats!, prepared.grid.cellWidth)) log(line);
        await checkThreatValues(threatsOf(prepared), platform.pool, signal);
      },
      finish: (run) => finish(run, threatsOf(run.prepared), maps),
    },
  };
}

const ACCESS_LAYER = {
  about: 'how far threats reach, 1 fully',
  unit: '1',
  range: [0, 1],
  aligned: 'access',
  intermediate: true,
} as const;

function pathOf({ name, line, places }: ThreatRow, map: HabitatMap, file: string): string {
  const path = places[COLUMNS[map]].replaceAll('\\', '/');
  if (path !== '') return path;
  throw new EcofluxError('InvalidInput', `${COLUMNS[map]} of ${name} is missing`, {
    file,
    place: `line ${line}, column ${COLUMNS[map]}`,
    expected: `the raster of the threat${map === 'f' ? ' in the future, because lulc_fut_path is given' : ''}`,
    fix: 'add the path, relative to the table',
  });
}

/** InVEST 3.20 stops where a baseline has rasters of threats (invest-models.md section 3). */
function baselineNotes(
  { paths: { threats_table_path: file, lulc_bas_path } }: CheckedArguments,
  threats: readonly ThreatRow[],
): string[] {
  if (!threats.some(({ places }) => places.base_path !== '')) return [];
  return [
    `${file}: base_path is not used${lulc_bas_path === undefined ? ', because there is no lulc_bas_path' : ': of the baseline only the rarity of land cover is computed'}`,
  ];
}

async function raritiesOf(
  { layers, grid }: PreparedRun,
  maps: readonly HabitatMap[],
  { pool }: Platform,
  signal?: AbortSignal,
): Promise<Record<string, ClassRows>> {
  const baseline = layers.get('lulc_bas');
  if (!baseline) return {};
  const rows: Record<string, ClassRows> = {};
  for (const map of maps)
    rows[`rarity_${map}`] = await rarityOf(
      fileReader(layers.get(`lulc_${map}`)!, pool),
      fileReader(baseline, pool),
      grid,
      signal,
    );
  return rows;
}

function describe(
  output: string,
  _checked: CheckedArguments,
  layers?: PreparedRun['layers'],
): Partial<RasterDescription> {
  const map = output.slice(-1);
  if (output.startsWith('new_cover_')) return describeClasses(layers!.get(`lulc_${map}`)!.info);
  if (output.includes('_distance_transform_')) return { nodata: -1 };
  if (/^(sens|habitat|rarity)_|^access_layer$/.test(output)) return { nodata: -LARGEST };
  return { nodata: LARGEST };
}

async function finish(
  { prepared, records, folder, platform, signal }: FinishedRun,
  threats: Parameters<typeof checkThreatRanges>[0],
  maps: readonly HabitatMap[],
) {
  await checkThreatRanges(threats, records, platform.pool, signal);
  const written: Record<string, unknown> = {};
  for (const map of maps) {
    const rows = prepared.tables[`rarity_${map}`];
    if (!rows) continue;
    const place = `rarity_${map}${prepared.checked.suffix}.csv`;
    const found = [...rows].map(([lucode, { rarity }]) => ({ lucode, rarity_value: rarity }));
    await folder.writeText(
      place,
      csvText([['lucode', 'rarity_value'], ...found.map((row) => [row.lucode, row.rarity_value])]),
    );
    written[place] = found;
  }
  return written;
}
