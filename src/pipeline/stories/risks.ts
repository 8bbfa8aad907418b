/** Risk classes for the report and the tables, counted in the finished rasters: of the region, of zones, and from one period to the next (risk.md). */
import { type CsvCell, csvText } from '../../io/tables/write-csv.ts';
import { RISK_NAMES, STATE_OF, type State } from '../../models/risk/classes.ts';
import { LEVELS, type RiskLevel, type RiskStory, type RiskTransitions } from '../../report/stories.ts';
import {
  areaIn,
  countsOfAll,
  grouped,
  pairRows,
  rowsByZone,
  type StoryContext,
  shareOf,
  squareOf,
  sumOf,
  type Tables,
  zoneNames,
} from './context.ts';
import { crossTables } from './cross-table.ts';

/** A raster of risk classes. */
export interface RiskFile {
  readonly path: string;
  readonly service: string;
  readonly serviceName: string;
  readonly from: number;
  readonly to: number;
}

export interface ToldRisks {
  /** Of the whole period, by service. */
  readonly stories: RiskStory[];
  /** Of the periods between consecutive years, by service, then by time. */
  readonly periods: RiskStory[];
  readonly transitions: RiskTransitions[];
  readonly tables: Tables;
}

export const RISK_CODES: readonly number[] = [...STATE_OF.keys()].sort((a, b) => a - b);

const LEVEL_OF_STATE: Readonly<Record<State, RiskLevel>> = { deficit: 'high', balance: 'medium', surplus: 'low' };
const levelOf = (code: number): RiskLevel => LEVEL_OF_STATE[STATE_OF.get(code)!];

/** `periods`: consecutive ones, none where there is only one. Tables: risk.csv, risk_levels.csv, risk_transitions.csv. */
export async function tellRisks(
  whole: readonly RiskFile[],
  periods: readonly RiskFile[],
  context: StoryContext,
): Promise<ToldRisks> {
  const { grid, zones } = context;
  const area = areaIn(grid);
  const classes = RISK_CODES.length;
  const found: Counted[] = [];
  const transitions: RiskTransitions[] = [];
  for (const [files, consecutive] of [...groups(whole, false), ...groups(periods, true)]) {
    const paths = files.map(({ path }) => path);
    const tables = await crossTables({ ...context, files: paths, codes: RISK_CODES, transitions: consecutive });
    for (const [i, file] of files.entries()) {
      const byZone = rowsByZone(zones, tables.byZone[i], classes).map(({ zone, counts }) => ({ zone, counts }));
      found.push({ file, period: consecutive, all: countsOfAll(tables.byZone[i], classes), byZone });
      const before = files[i - 1];
      if (!consecutive || before === undefined || before.to !== file.from) continue;
      const cells = squareOf(tables.transitions[i - 1], classes);
      const { service, serviceName } = file;
      const periodsOf = { before: periodOf(before), after: periodOf(file) };
      transitions.push({ service, serviceName, ...periodsOf, transitions: { codes: RISK_CODES, cells } });
    }
  }
  const named = zoneNames(zones);
  const lines = found.flatMap(({ file, all, byZone }) => [
    { file, zone: 'all', counts: all },
    ...byZone.map(({ zone, counts }) => ({ file, zone: named(zone), counts })),
  ]);
  return {
    stories: found.filter(({ period }) => !period).map((each) => storyOf(each, area)),
    periods: found.filter(({ period }) => period).map((each) => storyOf(each, area)),
    transitions,
    tables: {
      'risk.csv': csvText([
        ['service', 'from', 'to', 'zone', 'class', 'name', 'level', 'cells', 'area_km2', 'share'],
        ...lines.flatMap(({ file, zone, counts }) => classRows(file, zone, counts, area)),
      ]),
      'risk_levels.csv': csvText([
        ['service', 'from', 'to', 'zone', 'level', 'cells', 'area_km2', 'share', 'mean_class'],
        ...lines.flatMap(({ file, zone, counts }) => levelRows(file, zone, counts, area)),
      ]),
      ...(transitions.length > 0 && {
        'risk_transitions.csv': csvText([
          ['service', 'before', 'after', 'from_class', 'to_class', 'cells', 'area_km2', 'share'],
          ...transitions.flatMap(({ service, before, after, transitions: { codes, cells } }) =>
            pairRows(codes, cells, area).map((row) => [service, before, after, ...row]),
          ),
        ]),
      }),
    },
  };
}

interface Counted {
  readonly file: RiskFile;
  /** Of one of several periods. */
  readonly period: boolean;
  /** By place among `RISK_CODES`. */
  readonly all: readonly number[];
  readonly byZone: readonly { readonly zone: number | null; readonly counts: readonly number[] }[];
}

/** Files of one service together, by time. */
function groups(files: readonly RiskFile[], consecutive: boolean): [RiskFile[], boolean][] {
  const byService = grouped(files, ({ service }) => service);
  return [...byService.values()].map((own) => [own.sort((a, b) => a.from - b.from || a.to - b.to), consecutive]);
}

function periodOf({ from, to }: RiskFile): string {
  return `${from}-${to}`;
}

type Area = (cells: number) => number | undefined;

function storyOf({ file, all, byZone }: Counted, area: Area): RiskStory {
  const { service, serviceName, from, to } = file;
  const cells = sumOf(all);
  const share = (part: number) => ({ cells: part, area: area(part), share: shareOf(part, cells) });
  return {
    service,
    serviceName,
    from,
    to,
    classes: RISK_CODES.flatMap((code, i) => (all[i] > 0 ? [{ code, ...share(all[i]) }] : [])),
    levels: byLevel((level) => share(cellsOf(level, all))),
    meanClass: meanOf(all),
    zones: byZone.map(({ zone, counts }) => {
      const own = sumOf(counts);
      const shares = byLevel((level) => shareOf(cellsOf(level, counts), own));
      return { zone, cells: own, shares, meanClass: meanOf(counts) };
    }),
  };
}

function byLevel<T>(of: (level: RiskLevel) => T): Record<RiskLevel, T> {
  return { high: of('high'), medium: of('medium'), low: of('low') };
}

function ofLevel(level: RiskLevel, counts: readonly number[]): number[] {
  return counts.map((cells, i) => (levelOf(RISK_CODES[i]) === level ? cells : 0));
}

function cellsOf(level: RiskLevel, counts: readonly number[]): number {
  return sumOf(ofLevel(level, counts));
}

/** NaN without a cell. */
function meanOf(counts: readonly number[]): number {
  return shareOf(sumOf(counts.map((cells, i) => cells * RISK_CODES[i])), sumOf(counts));
}

function classRows({ service, from, to }: RiskFile, zone: string, counts: readonly number[], area: Area): CsvCell[][] {
  const all = sumOf(counts);
  return RISK_CODES.flatMap((code, i): CsvCell[][] => {
    const cells = counts[i];
    if (cells === 0) return [];
    const name = RISK_NAMES[code].replace(/^-?\d+: /, '');
    return [[service, from, to, zone, code, name, levelOf(code), cells, area(cells), shareOf(cells, all)]];
  });
}

/** The three levels, with the mean class of their cells, and all of them together. */
function levelRows({ service, from, to }: RiskFile, zone: string, counts: readonly number[], area: Area): CsvCell[][] {
  const all = sumOf(counts);
  const row = (level: string, own: readonly number[]): CsvCell[] => {
    const cells = sumOf(own);
    return [service, from, to, zone, level, cells, area(cells), shareOf(cells, all), meanOf(own)];
  };
  return [...LEVELS.map((level) => row(level, ofLevel(level, counts))), row('all', counts)];
}
