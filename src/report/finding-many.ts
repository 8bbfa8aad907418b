/** The finding where services are many: which have enough, which have not, and what has changed most, instead of a sentence for each. */

import { formatShare, formatTimes, inSentence, relativeChange } from './format.ts';
import type { ServiceTotals, YearTotals } from './totals.ts';

/** Up to so many services each has a sentence of its own. */
export const MOST_SENTENCES = 4;

/** A service in the last year, by its ratio of supply to demand. */
interface Standing {
  readonly name: string;
  readonly ratio: number;
  readonly years: readonly YearTotals[];
}

/** Sentences on all services whose supply and demand are known in one last year, and those services that they leave out. */
export function sayTogether(totals: readonly ServiceTotals[]): {
  readonly sentences: readonly string[];
  readonly rest: readonly ServiceTotals[];
} {
  const last = Math.max(...totals.flatMap(({ years }) => years.map(({ year }) => year)));
  const standings = new Map<ServiceTotals, Standing>();
  for (const total of totals) {
    const { year, supply = 0, demand = 0 } = total.years[total.years.length - 1] ?? {};
    if (year !== last || !(supply > 0) || !(demand > 0)) continue;
    standings.set(total, { name: inSentence(total.service.name), ratio: supply / demand, years: total.years });
  }
  const known = [...standings.values()].sort((a, b) => b.ratio - a.ratio);
  const enough = known.filter(({ ratio }) => ratio >= 1);
  const short = known.filter(({ ratio }) => ratio < 1).sort((a, b) => a.ratio - b.ratio);
  const sentences: string[] = [];
  if (enough.length > 0)
    sentences.push(
      `In ${last} supply exceeded demand for ${enough.length} of ${totals.length} services: ${listed(enough.map(surplus))}.`,
    );
  if (short.length > 0)
    sentences.push(
      enough.length > 0
        ? `It fell short for ${listed(short.map(deficit))}.`
        : `In ${last} supply fell short of demand for ${listed(short.map(deficit))}.`,
    );
  const change = changeOf(known);
  if (change) sentences.push(change);
  return { sentences, rest: totals.filter((total) => !standings.has(total)) };
}

function surplus({ name, ratio }: Standing): string {
  return ratio >= 1.995 ? `${name} (${formatTimes(ratio)}-fold)` : `${name} (by ${formatShare(ratio - 1)})`;
}

function deficit({ name, ratio }: Standing): string {
  return `${name} (${formatShare(ratio)} of demand)`;
}

/** Turns from one side to the other; without one, the surplus that has shrunk most. */
function changeOf(standings: readonly Standing[]): string | undefined {
  const changes = standings.flatMap(({ name, years }) => {
    const known = years.filter(({ balance }) => balance !== undefined);
    if (known.length < 2) return [];
    const [first, last] = [known[0], known[known.length - 1]];
    return [{ name, since: first.year, before: first.balance!, after: last.balance! }];
  });
  const named = (those: typeof changes) => listed(those.map(({ name }) => name));
  const since = changes[0]?.since;
  const lost = changes.filter(({ before, after }) => before > 0 && after < 0);
  const won = changes.filter(({ before, after }) => before < 0 && after > 0);
  if (lost.length > 0 || won.length > 0) {
    const parts = [
      lost.length > 0 ? `surplus has become deficit for ${named(lost)}` : '',
      won.length > 0 ? `deficit has become surplus for ${named(won)}` : '',
    ];
    return `Since ${since} ${parts.filter(Boolean).join(' and ')}.`;
  }
  const shrunk = changes
    .filter(({ before, after }) => before > 0 && after >= 0)
    .map((each) => ({ ...each, share: -relativeChange(each.before, each.after) }))
    .sort((a, b) => b.share - a.share)[0];
  if (!shrunk || shrunk.share < 0.005) return undefined;
  return `Since ${shrunk.since} the surplus of ${shrunk.name} has shrunk most, by ${formatShare(shrunk.share)}.`;
}

function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;
}
