/** The process `weights`: entropy weights of the indicators of a table of zones, and the zones' scores. */
import { EcofluxError, withoutSecrets } from '../../core/errors.ts';
import { csvText } from '../../io/tables/write-csv.ts';
import { type EntropyWeights, entropyWeights } from '../../statistics/entropy-weights.ts';
import { filling, type Platform } from '../platform.ts';
import type { ProcessDescription } from '../process-list.ts';
import type { RunOptions } from '../run-project.ts';
import { numberOf } from './number-of.ts';
import { listOf, readZoneTable } from './read.ts';
import { writeZoneResult } from './write.ts';

export const WEIGHTS: ProcessDescription = {
  id: 'weights',
  title: 'Entropy weights',
  about:
    'Weights of indicators by the entropy of their columns in a table of zones, and the weighted score of each zone',
  equations: [
    'r = (x − min) / (max − min), for negative indicators 1 − r;  P_ij = (r_ij + ε) / Σ_i (r_ij + ε)',
    'e_j = −(1 / ln n) Σ_i P ln P, 0 ln 0 = 0;  g = 1 − e;  w_j = g_j / Σ g;  score_i = Σ_j w_j r_ij',
    'A column that is the same everywhere weighs nothing.',
  ],
  inputs: { table: { about: 'table of zones, or polygons with attributes', unit: '' } },
  params: {
    columns: { about: 'indicators, separated by commas', unit: '', default: 'all columns of numbers' },
    negative: { about: 'those of which less is better', unit: '', default: 'none' },
    epsilon: {
      about: 'added before shares are formed (0 or 0.0001 in published work)',
      unit: '1',
      range: [0, 1],
      default: 0,
    },
    id: { about: 'column that names the zones', unit: '', default: 'the first one' },
  },
  outputs: {
    weights: { about: 'table: entropy, divergence and weight of each indicator', unit: '' },
    scores: {
      about:
        'normalised indicators and score of each zone: scores.csv; for polygons scores.gpkg and scores.geojson too',
      unit: '',
    },
  },
  sources: ['statistics.md section 4'],
};

export interface WeightsRequest {
  readonly table?: string;
  readonly columns?: string;
  readonly negative?: string;
  readonly epsilon?: string;
  readonly id?: string;
  readonly out: string;
  readonly overwrite?: boolean;
}

export interface WeightsRun {
  readonly out: string;
  readonly files: readonly string[];
  readonly indicators: readonly (EntropyWeights['indicators'][number] & { readonly name: string })[];
  readonly zones: number;
}

/** @throws EcofluxError; then nothing is left of the output folder */
export async function runWeights(
  request: WeightsRequest,
  platform: Platform,
  { log }: RunOptions,
): Promise<WeightsRun> {
  if (request.table === undefined)
    throw new EcofluxError('InvalidConfiguration', 'weights needs --table FILE (zones and their indicators)');
  const epsilon = numberOf('--epsilon', request.epsilon, 0, [0, 1]);
  const wanted = { table: request.table, id: request.id, columns: listOf(request.columns) };
  const table = await readZoneTable(wanted, platform, (text) => log?.(text));
  const names = [...table.columns.keys()];
  const negative = listOf(request.negative) ?? [];
  const unknown = negative.filter((name) => !names.some((own) => own.toLowerCase() === name.toLowerCase()));
  if (unknown.length > 0)
    throw new EcofluxError('InvalidConfiguration', '--negative names what is no indicator', {
      found: unknown.join(', '),
      expected: `among ${names.join(', ')}`,
      fix: 'correct the names',
    });
  if (table.id.values.length < 2 || names.length === 0)
    throw new EcofluxError('InvalidInput', 'entropy needs two zones and one indicator at least', {
      file: request.table,
      found: `zones: ${table.id.values.length}, columns of numbers: ${names.length}`,
      fix: 'check the table',
    });
  const isNegative = names.map((name) => negative.some((other) => other.toLowerCase() === name.toLowerCase()));
  const found = entropyWeights([...table.columns.values()], isNegative, epsilon);
  const constant = names.filter((_, j) => found.indicators[j].constant);
  if (constant.length > 0) log?.(`the same in every zone, and so without weight: ${constant.join(', ')}`);
  if (constant.length === names.length) log?.('warning: no indicator tells zones apart: all weights and scores are 0');
  const folder = await platform.beginFolder(request.out, {
    overwrite: request.overwrite ?? false,
    inputs: [request.table],
    log,
  });
  return filling(folder, async () => {
    const rows = found.indicators.map(({ entropy, divergence, weight }, j) => [
      names[j],
      isNegative[j] ? 'negative' : 'positive',
      entropy,
      divergence,
      weight,
    ]);
    await folder.writeText(
      'weights.csv',
      csvText([['indicator', 'direction', 'entropy', 'divergence', 'weight'], ...rows]),
    );
    const columns = [
      ...names.map((name, j) => ({ name: `${name}_normalised`, type: 'real' as const, cells: found.normalised[j] })),
      { name: 'score', type: 'real' as const, cells: found.scores },
    ];
    const files = ['weights.csv', ...(await writeZoneResult(folder, 'scores', table, columns))];
    const provenance = {
      process: 'weights',
      versions: platform.versions,
      inputs: [
        { input: 'table', file: withoutSecrets(request.table!), ...(await platform.fingerprint(request.table!)) },
      ],
      parameters: { columns: names, negative, epsilon, id: table.id.name },
      outputs: files,
    };
    await folder.writeText('run.json', `${JSON.stringify(provenance, undefined, 2)}\n`);
    await folder.commit();
    const indicators = found.indicators.map((indicator, j) => ({ name: names[j], ...indicator }));
    return { out: request.out, files, indicators, zones: table.id.values.length };
  });
}
