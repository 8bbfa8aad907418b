/** What the values of a layer say about its unit and its nodata. Pure: from a check and its counts to findings with their cure. */
import type { PlaneSummary } from '../../io/plane-summary.ts';
import { type Cause, causesOf, type Expected, isPlausible } from './causes.ts';
import { type Suspect, suspects, valuesOf } from './quantiles.ts';
import type { Finding, LayerCheck, LayerValues } from './types.ts';

export interface ValueContext {
  readonly check: LayerCheck;
  readonly summary: PlaneSummary;
  /** What each model that reads it expects, in the unit of use. */
  readonly expected: readonly (Expected & { readonly about: string })[];
  /** From the values of the file (its own scale and offset applied) to the unit of use. */
  readonly factor: number;
  /** From a value of the file to the sample that stands for it. */
  readonly toSample: (value: number) => number;
  /** How the user changes something about the layer: in a project, a line of it. */
  readonly line: (change: LayerChange) => string;
  /** The same for this file alone, where the line would change others too. */
  readonly lineOfOne?: (change: LayerChange) => string;
  /** How another unit is said behind that line; `unit: mm/day` when absent. */
  readonly otherUnit?: (unit: string) => string;
}

export interface LayerChange {
  readonly unit?: string;
  /** What the values as they are used now have to be multiplied with to be right, where `unit` is known to be so. */
  readonly factor?: number;
  readonly nodata?: number | readonly number[];
}

const TOO_MUCH_NODATA = 50; // percent: maps with less than half of the area are seldom meant

export function valueFindings(context: ValueContext): Finding[] {
  const { check, summary, factor } = context;
  const about = { about: check.layer, file: check.file };
  if (check.areaOverlap === 0) return []; // said already
  if (summary.valid === 0) return [{ ...about, level: 'error', ...allNodata(check) }];
  const found = nodataFindings(context);
  if (check.kind === 'classes') return found;
  const strange = suspectsOf(context);
  if (strange.length > 0) found.push({ ...about, level: 'warning', ...undeclared(context, strange) });
  const clean = withoutSuspects(summary, strange);
  const values = valuesOf(clean, factor);
  if (!values) return found;
  if (values.min === values.max)
    found.push({
      ...about,
      level: 'warning',
      what: 'every cell has the same value',
      found: check.unit === '1' ? `${values.min}` : `${values.min} ${check.unit}`,
      fix: 'check that it is the right file and band',
    });
  else found.push(...implausible(context, values, valuesOf(clean, 1)!));
  return found;
}

function allNodata({ declaredNodata, givenNodata }: LayerCheck): Pick<Finding, 'what' | 'found' | 'fix'> {
  const known = [declaredNodata, ...(givenNodata ?? [])].filter((value) => value !== undefined);
  return {
    what: 'there is no value in the study area',
    found: known.length > 0 ? `nodata ${known.join(', ')} everywhere` : 'nodata everywhere',
    fix: 'check the declared nodata value, the band and the coordinates',
  };
}

function nodataFindings({ check }: ValueContext): Finding[] {
  if (check.nodataShare <= 0 || check.nodataShare < TOO_MUCH_NODATA) return [];
  return [
    {
      level: 'warning',
      about: check.layer,
      file: check.file,
      what: `${percent(check.nodataShare)} of the study area is nodata`,
      found: check.declaredNodata === undefined ? undefined : `declared nodata ${check.declaredNodata}`,
      fix: 'results are nodata wherever one input is: check the declared nodata value, or draw the area closer (area: boundary.geojson)',
    },
  ];
}

function suspectsOf({ summary, expected, factor }: ValueContext): Suspect[] {
  const range = expected.find(({ plausible }) => plausible)?.plausible;
  return suspects(summary, range && [range[0] / factor, range[1] / factor]);
}

function undeclared({ summary, check, toSample, line }: ValueContext, strange: readonly Suspect[]) {
  const samples = strange.map(({ value }) => Number(toSample(value).toPrecision(7)));
  const cells = strange.reduce((sum, { count }) => sum + count, 0);
  const given = [...(check.givenNodata ?? []), ...samples];
  return {
    what: `${samples.join(' and ')} ${samples.length > 1 ? 'look' : 'looks'} like nodata that the file does not declare`,
    found: `in ${percent((100 * cells) / summary.valid)} of the cells, far from all others`,
    fix: line({ nodata: given.length > 1 ? given : given[0] }),
  };
}

function withoutSuspects(summary: PlaneSummary, strange: readonly Suspect[]): PlaneSummary {
  if (strange.length === 0) return summary;
  const near = (value: number) => strange.some((each) => Math.abs(each.value - value) <= 1e-6 * Math.abs(value));
  const inner = (end: PlaneSummary['low']) => (near(end.value) ? { ...end, value: end.next } : end);
  const { low, high, sum, valid } = summary;
  return {
    ...summary,
    valid: valid - strange.reduce((cells, { count }) => cells + count, 0),
    sum: sum - strange.reduce((part, { value, count }) => part + value * count, 0),
    low: inner(low),
    high: inner(high),
    sample: summary.sample.filter((value) => !near(value)),
  };
}

/** @param raw as they stand in the file */
function implausible(context: ValueContext, values: LayerValues, raw: LayerValues): Finding[] {
  const { check, expected, line, lineOfOne, summary, factor } = context;
  const wrong = expected.find((each) => !isPlausible(values, each));
  if (!wrong) return [];
  const [low, high] = wrong.plausible ?? [-Infinity, Infinity];
  const cellKm2 = check.cellMetres && (check.cellMetres[0] * check.cellMetres[1]) / 1e6;
  const causes = causesOf(raw, wrong, factor, cellKm2);
  const outside = shareOutside(summary, low / factor, high / factor);
  const spread = `${values.min} to ${values.max} ${unitWord(check.unit)}, median ${values.median}`;
  return [
    {
      level: 'warning',
      about: check.layer,
      file: check.file,
      what:
        causes.length > 0
          ? `the values are implausible for ${wrong.about} in ${unitWord(check.unit)}: probably ${causes.map(({ words }) => words).join(' or ')}`
          : `the values are implausible for ${wrong.about} in ${unitWord(check.unit)}`,
      found: outside > 0 ? `${spread}; ${percent(outside)} of the cells outside` : spread,
      expected: expectedWords(wrong),
      fix: causes.length > 0 ? cures(causes, context) : fallback(values, low, line),
      fixOfOne: lineOfOne && causes[0]?.unit !== undefined ? cure(causes[0], context, lineOfOne) : undefined,
    },
  ];
}

/** The likeliest as a line to paste; the others behind it. */
function cures([first, ...others]: readonly Cause[], context: ValueContext): string {
  const { line, otherUnit = (unit) => `unit: ${unit}` } = context;
  const more = others.map((cause) => (cause.unit === undefined ? cure(cause, context, line) : otherUnit(cause.unit)));
  return [cure(first, context, line), ...more.map((each) => `(or ${each})`)].join(' ');
}

function cure(
  { unit, scale, fix, factor }: Cause,
  { check, factor: used }: ValueContext,
  line: ValueContext['line'],
): string {
  if (unit !== undefined) return line({ unit, factor: factor && Number((factor / used).toPrecision(9)) });
  return fix ?? `say it in the file: gdal_edit.py -scale ${scale} ${check.file}`;
}

function fallback({ min, median }: LayerValues, low: number, line: ValueContext['line']): string {
  if (median < low && median < 0) return 'check file, band and sign: most values are negative';
  if (min < low && min < 0) return `${line({ nodata: min })}, or correct the negative values`;
  return 'check file, band and unit';
}

function expectedWords({ plausible, largest, unit }: Expected): string {
  const range = plausible ? `${plausible[0]} to ${plausible[1]} ${unitWord(unit)}` : '';
  const top = largest && largest[0] > (plausible?.[0] ?? -Infinity) ? `the largest at least ${largest[0]}` : '';
  return [range, top].filter(Boolean).join(', ');
}

function unitWord(unit: string): string {
  return unit === '1' ? 'shares (1)' : unit;
}

/** Of the sample, so rounded to a few percent of itself. */
function shareOutside({ sample }: PlaneSummary, low: number, high: number): number {
  let outside = 0;
  for (const value of sample) if (value < low || value > high) outside++;
  return sample.length === 0 ? 0 : (100 * outside) / sample.length;
}

/** Never 0 % of something and never 100 % of less than all. */
export function percent(share: number): string {
  if (share === 0 || share === 100) return `${share} %`;
  if (share < 0.1) return 'less than 0.1 %';
  if (share > 99.9) return 'more than 99.9 %';
  return `${Number(share.toPrecision(3))} %`;
}
