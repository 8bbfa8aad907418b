/** The process `coupling`: coupling coordination of systems in a table of zones. */
import { EcofluxError, withoutSecrets } from '../../core/errors.ts';
import { type CouplingForm, couplingOf, GRADES } from '../../statistics/coupling.ts';
import { minMax } from '../../statistics/normalise.ts';
import { filling, type Platform } from '../platform.ts';
import type { ProcessDescription } from '../process-list.ts';
import type { RunOptions } from '../run-project.ts';
import { listOf, readZoneTable, type ZoneTable } from './read.ts';
import { writeZoneResult } from './write.ts';

export const COUPLING: ProcessDescription = {
  id: 'coupling',
  title: 'Coupling coordination',
  about: 'How closely two or more systems of each zone go together, and how far they have come together',
  equations: [
    'C = (Π U)^(1/k) / mean(U), 0 where all are 0;  modified (two systems): C = √((1 − (max − min)) min / max)',
    'T = Σ a_i U_i, Σ a = 1;  D = √(C T);  grade = min(⌊10 D⌋, 9)',
    `grades 0 to 9: ${GRADES.join(', ')}`,
  ],
  inputs: { table: { about: 'table of zones, or polygons with attributes', unit: '' } },
  params: {
    columns: { about: 'systems, each from 0 to 1, separated by commas', unit: '', default: 'all columns of numbers' },
    weights: {
      about: 'of the systems, separated by commas; their shares of the sum count',
      unit: '1',
      default: 'equal',
    },
    form: { about: 'of C', unit: '', choices: ['usual', 'modified'], default: 0 },
    normalise: { about: 'of the columns first', unit: '', choices: ['none', 'minmax'], default: 0 },
    id: { about: 'column that names the zones', unit: '', default: 'the first one' },
  },
  outputs: {
    coupling: {
      about:
        'coupling C, development T, coordination D and grade of each zone: coupling.csv; for polygons coupling.gpkg and coupling.geojson too',
      unit: '',
    },
  },
  sources: ['statistics.md section 4'],
};

export interface CouplingRequest {
  readonly table?: string;
  readonly columns?: string;
  readonly weights?: string;
  readonly form?: string;
  readonly normalise?: string;
  readonly id?: string;
  readonly out: string;
  readonly overwrite?: boolean;
}

export interface CouplingRun {
  readonly out: string;
  readonly files: readonly string[];
  readonly zones: number;
  /** Zones of each grade. */
  readonly grades: readonly number[];
}

/** @throws EcofluxError; then nothing is left of the output folder */
export async function runCoupling(
  request: CouplingRequest,
  platform: Platform,
  { log }: RunOptions,
): Promise<CouplingRun> {
  if (request.table === undefined)
    throw new EcofluxError('InvalidConfiguration', 'coupling needs --table FILE (zones and their systems)');
  const form = choiceOf<CouplingForm>('--form', request.form, ['usual', 'modified']);
  const normalise = choiceOf('--normalise', request.normalise, ['none', 'minmax']);
  const wanted = { table: request.table, id: request.id, columns: listOf(request.columns) };
  const table = await readZoneTable(wanted, platform, (text) => log?.(text));
  const names = [...table.columns.keys()];
  checkSystems(names, form, table);
  const weights = weightsOf(request.weights, names);
  const normalised = normalise === 'minmax' ? [...table.columns.values()].map((column) => minMax(column)) : undefined;
  const constant = names.filter((_, j) => normalised?.[j].constant);
  if (constant.length > 0)
    log?.(`warning: the same in every zone, and so 0 when normalised: ${constant.join(', ')}; so is C of every zone`);
  const systems = normalised?.map(({ values }) => values) ?? [...table.columns.values()];
  checkRange(systems, names, table);
  const found = table.id.values.map((_, i) =>
    couplingOf(
      systems.map((column) => column[i]),
      weights,
      form,
    ),
  );
  const folder = await platform.beginFolder(request.out, {
    overwrite: request.overwrite ?? false,
    inputs: [request.table],
    log,
  });
  return filling(folder, async () => {
    const real = (name: string, cells: number[]) => ({ name, type: 'real' as const, cells });
    const files = await writeZoneResult(folder, 'coupling', table, [
      real(
        'C',
        found.map(({ coupling }) => coupling),
      ),
      real(
        'T',
        found.map(({ development }) => development),
      ),
      real(
        'D',
        found.map(({ coordination }) => coordination),
      ),
      { name: 'grade', type: 'integer', cells: found.map(({ grade }) => grade) },
      { name: 'grade_name', type: 'text', cells: found.map(({ grade }) => GRADES[grade]) },
    ]);
    const provenance = {
      process: 'coupling',
      versions: platform.versions,
      inputs: [
        { input: 'table', file: withoutSecrets(request.table!), ...(await platform.fingerprint(request.table!)) },
      ],
      parameters: { columns: names, weights, form, normalise, id: table.id.name },
      outputs: files,
    };
    await folder.writeText('run.json', `${JSON.stringify(provenance, undefined, 2)}\n`);
    await folder.commit();
    const grades = GRADES.map((_, each) => found.filter(({ grade }) => grade === each).length);
    return { out: request.out, files, zones: found.length, grades };
  });
}

function checkSystems(names: readonly string[], form: CouplingForm, { file }: ZoneTable): void {
  const fits = form === 'modified' ? names.length === 2 : names.length >= 2;
  if (fits) return;
  throw new EcofluxError('InvalidConfiguration', 'coupling is between systems', {
    file,
    found: `${names.length} column${names.length === 1 ? '' : 's'}: ${names.join(', ')}`,
    expected: form === 'modified' ? 'two of them' : 'two or more',
    fix: 'name them with --columns',
  });
}

function checkRange(systems: readonly (readonly number[])[], names: readonly string[], { file, id }: ZoneTable): void {
  for (const [j, column] of systems.entries()) {
    const i = column.findIndex((u) => !(u >= 0 && u <= 1));
    if (i < 0) continue;
    throw new EcofluxError('InvalidInput', 'a system is not between 0 and 1', {
      file,
      place: `zone ${id.values[i]}, column ${names[j]}`,
      found: String(column[i]),
      fix: 'normalise the columns first: --normalise minmax',
    });
  }
}

function weightsOf(text: string | undefined, names: readonly string[]): number[] {
  const given = listOf(text)?.map((part) => (part === '' ? Number.NaN : Number(part))) ?? names.map(() => 1);
  const sum = given.reduce((total, weight) => total + weight, 0);
  if (given.length === names.length && given.every((weight) => weight >= 0) && sum > 0 && Number.isFinite(sum))
    return given.map((weight) => weight / sum);
  throw new EcofluxError('InvalidConfiguration', '--weights does not weigh each system', {
    found: text,
    expected: `${names.length} numbers from 0 for ${names.join(', ')}`,
    fix: 'correct the weights',
  });
}

function choiceOf<T extends string>(option: string, text: string | undefined, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === (text ?? choices[0]).trim().toLowerCase());
  if (found) return found;
  throw new EcofluxError('InvalidConfiguration', `${option} is none of its choices`, {
    found: text,
    expected: choices.join(' or '),
    fix: 'choose one of them',
  });
}
