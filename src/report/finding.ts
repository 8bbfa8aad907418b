/** The finding in plain words: for each service how supply stands to demand and where it is going; then what the land did. */
import { classesOf, sharesOf } from './classes.ts';
import type { ReportData, ReportMap } from './data.ts';
import { MOST_SENTENCES, sayTogether } from './finding-many.ts';
import { stepSentences } from './finding-steps.ts';
import { formatAgainst, formatAmount, formatShare, formatTimes, inSentence, relativeChange } from './format.ts';
import { isValid } from './scale.ts';
import type { ServiceTotals } from './totals.ts';

/** One sentence a service, or a few on all of them where they are many; one on the land; at least one sentence. */
export function findingOf(data: ReportData, totals: readonly ServiceTotals[]): string[] {
  const { sentences: together, rest } =
    totals.length > MOST_SENTENCES ? sayTogether(totals) : { sentences: [], rest: totals };
  const sentences = [...together, ...rest.map(serviceSentence).filter((sentence) => sentence !== undefined)];
  sentences.push(...stepSentences(data));
  const land = landSentence(data.maps.filter((map) => map.quantity === 'lulc' && map.kind === 'classes'));
  if (land) sentences.push(land);
  return sentences.length > 0 ? sentences : ['No supply or demand could be summed up: every cell is without data.'];
}

/** "For water yield, supply exceeded demand 3.1-fold in 2023 (…); the surplus has shrunk by 12 % since 2003." */
export function serviceSentence({ service, years, unit, measure }: ServiceTotals): string | undefined {
  const last = years[years.length - 1];
  if (!last) return undefined;
  const name = inSentence(service.name);
  const mean = measure === 'mean' ? 'mean ' : '';
  const { supply, demand } = last;
  if (supply === undefined || demand === undefined) {
    const [word, value] = supply === undefined ? ['demand', demand] : ['supply', supply];
    return `For ${name}, ${mean}${word} was ${formatAmount(value ?? 0, unit)} in ${last.year}.`;
  }
  const amounts = formatAgainst(supply, demand, unit);
  const trend = trendOf(years);
  return `For ${name}, ${mean}${comparison(supply, demand)} in ${last.year} (${amounts})${trend && `; ${trend}`}.`;
}

function comparison(supply: number, demand: number): string {
  if (demand <= 0) return supply > 0 ? 'supply met no demand' : 'there was neither supply nor demand';
  if (supply <= 0) return 'demand met no supply';
  const ratio = supply / demand;
  if (ratio >= 1.995) return `supply exceeded demand ${formatTimes(ratio)}-fold`;
  if (ratio >= 1.01) return `supply exceeded demand by ${formatShare(ratio - 1)}`;
  if (ratio > 0.99) return 'supply and demand were equal to within one percent';
  return `supply covered ${formatShare(ratio)} of demand`;
}

function trendOf(years: ServiceTotals['years']): string {
  const known = years.filter(({ balance }) => balance !== undefined);
  if (known.length < 2) return '';
  const first = known[0];
  const last = known[known.length - 1];
  const [before, after] = [first.balance ?? 0, last.balance ?? 0];
  if (before < 0 && after > 0) return `the deficit of ${first.year} has become a surplus`;
  if (before > 0 && after < 0) return `the surplus of ${first.year} has become a deficit`;
  const change = relativeChange(before, after);
  if (!Number.isFinite(change)) return '';
  const what = after >= 0 ? 'surplus' : 'deficit';
  const growth = after >= 0 ? change : -change;
  if (Math.abs(growth) < 0.005) return `the ${what} has hardly changed since ${first.year}`;
  const verb = growth > 0 ? 'grown' : 'shrunk';
  return `the ${what} has ${verb} by ${formatShare(Math.abs(growth))} since ${first.year}`;
}

/** The class whose share changed most between the first and the last map. */
export function landSentence(maps: readonly ReportMap[]): string | undefined {
  const byYear = [...maps].sort((a, b) => (a.year ?? 0) - (b.year ?? 0));
  if (byYear.length < 2) return undefined;
  const [first, last] = [sharesOf(byYear[0]), sharesOf(byYear[byYear.length - 1])];
  const changes = classesOf(byYear)
    .map(({ code, name }) => ({ name, before: first.get(code) ?? 0, after: last.get(code) ?? 0 }))
    .map((entry) => ({ ...entry, change: entry.after - entry.before }))
    .sort((a, b) => a.change - b.change);
  if (changes.length < 2) return undefined;
  const [loser, winner] = [changes[0], changes[changes.length - 1]];
  if (winner.change < 0.0005) return 'Land cover hardly changed over these years.';
  const grew = `${winner.name} grew from ${formatShare(winner.before)} to ${formatShare(winner.after)} of the area`;
  const lost = `${inSentence(loser.name)} lost most (from ${formatShare(loser.before)} to ${formatShare(loser.after)})`;
  const sentence = `${grew} between ${byYear[0].year} and ${byYear[byYear.length - 1].year}; ${lost}.`;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** Share of the valid cells of a balance or ratio map that lie below its centre: where demand exceeds supply. */
export function deficitShare(map: ReportMap | undefined): number | undefined {
  if (!map) return undefined;
  const centre = map.centre ?? 0;
  let valid = 0;
  let below = 0;
  for (let i = 0; i < map.cells.length; i++) {
    if (!isValid(map.cells[i])) continue;
    valid++;
    if (map.cells[i] < centre) below++;
  }
  return valid > 0 ? below / valid : undefined;
}
