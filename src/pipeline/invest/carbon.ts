/** Carbon storage and sequestration as InVEST 3.20 takes and writes it. */
import { EcofluxError } from '../../core/errors.ts';
import { cellArea } from '../../core/grid.ts';
import { csvText } from '../../io/tables/write-csv.ts';
import { carbon } from '../../models/carbon/spec.ts';
import type { Arguments, CheckedArguments } from './argument.ts';
import { inArgument } from './in-argument.ts';
import type { FinishedRun, InvestModel } from './model.ts';
import { needMetres, needSameGrid } from './prepare-run.ts';
import { summaryPage } from './summary-page.ts';

const YEAR = { words: 'a whole number', test: Number.isInteger };
const valuation = (about: string) => ({ kind: 'number', about, when: 'do_valuation' }) as const;

const ARGUMENTS: Arguments = {
  lulc_bas_path: { kind: 'classes', about: 'baseline land cover', formerly: 'lulc_cur_path' },
  carbon_pools_path: { kind: 'table', about: 'carbon pools, one row for each land-cover class' },
  calc_sequestration: { kind: 'boolean', about: 'compare with an alternate land cover' },
  lulc_alt_path: {
    kind: 'classes',
    about: 'alternate land cover',
    when: 'calc_sequestration',
    formerly: 'lulc_fut_path',
  },
  do_valuation: { kind: 'boolean', about: 'value the change' },
  lulc_bas_year: { ...valuation('year of the baseline land cover'), accepts: YEAR, formerly: 'lulc_cur_year' },
  lulc_alt_year: { ...valuation('year of the alternate land cover'), accepts: YEAR, formerly: 'lulc_fut_year' },
  price_per_metric_ton_of_c: valuation('price of a tonne of carbon'),
  discount_rate: valuation('discount of the market, % per year'),
  rate_change: valuation('change of the price, % per year'),
};

/** Names of the rasters in InVEST's summary table. */
const LABELS: Readonly<Record<string, readonly [label: string, unit: string]>> = {
  c_storage_bas: ['Baseline Carbon Storage', 'metric_ton'],
  c_storage_alt: ['Alternate Carbon Storage', 'metric_ton'],
  c_change_bas_alt: ['Change in Carbon Storage', 'metric_ton'],
  npv_alt: ['Net Present Value of Carbon Change', 'currency'],
};

export const investCarbon: InvestModel = {
  model: carbon,
  aliases: [],
  arguments: ARGUMENTS,
  folders: { outputs: '', intermediates: 'intermediate_outputs/' },

  rules({ file, booleans, numbers: { lulc_bas_year, lulc_alt_year } }) {
    const faults: EcofluxError[] = [];
    if (booleans.do_valuation && !booleans.calc_sequestration)
      faults.push(
        new EcofluxError('InvalidConfiguration', 'do_valuation needs calc_sequestration: it values the change', {
          file,
          place: 'calc_sequestration',
          found: booleans.calc_sequestration === undefined ? 'nothing' : 'false',
          expected: 'true',
          fix: 'make calc_sequestration true and name lulc_alt_path, or make do_valuation false',
        }),
      );
    if (lulc_bas_year !== undefined && lulc_alt_year !== undefined && lulc_bas_year >= lulc_alt_year)
      faults.push(
        new EcofluxError('InvalidConfiguration', 'lulc_alt_year must be later than lulc_bas_year', {
          file,
          place: 'lulc_alt_year',
          found: `${lulc_bas_year} and ${lulc_alt_year}`,
          fix: 'correct the years, or exchange the maps',
        }),
      );
    return faults;
  },

  outputs: ({ booleans: { calc_sequestration, do_valuation } }) => [
    'c_storage_bas',
    ...(calc_sequestration ? ['c_storage_alt', 'c_change_bas_alt'] : []),
    ...(do_valuation ? ['npv_alt'] : []),
  ],

  intermediates: ({ booleans: { calc_sequestration } }) =>
    Object.keys(carbon.outputs).filter(
      (name) => /^c_(above|below|soil|dead)_/.test(name) && (calc_sequestration || name.endsWith('_bas')),
    ),

  async gridOf({ checked, files, problems }) {
    const [bas, alt] = ['lulc_bas', 'lulc_alt'].map((name) => files.get(name));
    for (const file of [bas, alt])
      if (file) await problems.wait(() => inArgument(checked, file.layer, () => needMetres(file)));
    if (bas && alt) await problems.wait(() => inArgument(checked, alt.layer, () => needSameGrid(bas, alt)));
    return bas?.info.grid;
  },

  finish: (run) => writeSummary(run),
};

interface Total {
  readonly label: string;
  readonly total: number;
  readonly unit: string;
  readonly file: string;
}

/** Sums over valid cells times the area of a cell in hectares. */
function totalsOf({ written, prepared: { grid } }: FinishedRun): Total[] {
  const hectares = cellArea(grid) / 1e4;
  return Object.entries(LABELS).flatMap(([output, [label, unit]]) => {
    const raster = written.get(output);
    if (!raster) return [];
    const { mean = 0, valid = 0 } = raster.statistics ?? {};
    return [{ label, total: mean * valid * hectares, unit, file: raster.file }];
  });
}

async function writeSummary(run: FinishedRun): Promise<Readonly<Record<string, unknown>>> {
  const { folder, prepared } = run;
  const { suffix } = prepared.checked;
  const totals = totalsOf(run);
  const table = `raster_values_summary${suffix}.csv`;
  const rows = totals.map(({ label, total, unit, file }) => [label, total, unit, file]);
  await folder.writeText(table, csvText([['Raster', 'Total', 'Units', 'Filename'], ...rows]));
  await folder.writeText(`report${suffix}.html`, summaryPage({ totals, arguments: argumentList(prepared.checked) }));
  return { [table]: totals };
}

/** What the run was given, for people. */
function argumentList({ paths, numbers, booleans }: CheckedArguments): [string, string][] {
  const all: Record<string, unknown> = { ...paths, ...booleans, ...numbers };
  return Object.keys(ARGUMENTS).flatMap((name): [string, string][] =>
    all[name] === undefined ? [] : [[name, String(all[name])]],
  );
}
