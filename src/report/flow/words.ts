/** What flows are in words: what became of supply, how demand was met, how far it went, what has changed. */
import { formatLength, formatShare, listOf, relativeChange } from '../format.ts';
import type { FlowStory } from '../stories.ts';

export const MODES: Readonly<Record<FlowStory['mode'], string>> = {
  in_situ: 'Used where it arises: nothing moves.',
  omnidirectional: 'Moves in all directions to the cells that lack it, the near ones first.',
  directional: 'Moves downhill with the water, cell by cell.',
};

/** An amount of a flow; 0 where the flow has none of it. */
export function amountOf({ totals }: FlowStory, quantity: string): number {
  return totals.find((entry) => entry.quantity === quantity)?.amount ?? 0;
}

/** A part of the supply, or of the demand; NaN where that is 0. */
export function shareOf(story: FlowStory, quantity: string, of: 'supply' | 'demand'): number {
  const whole = amountOf(story, of);
  return whole > 0 ? amountOf(story, quantity) / whole : Number.NaN;
}

/** Share of the demand that is met: where it is, and with what flows in. */
export function metShares(story: FlowStory): { readonly before: number; readonly after: number } {
  return { before: shareOf(story, 'local', 'demand'), after: 1 - shareOf(story, 'unmet', 'demand') };
}

/** On the last year of a service, and on the change since its first. @param stories of one service, by year */
export function flowSentence(stories: readonly FlowStory[]): string {
  const [first, last] = [stories[0], stories[stories.length - 1]];
  if (amountOf(last, 'supply') === 0) return `There was no supply in ${last.year}: no demand was met.`;
  const fates = [
    [shareOf(last, 'local', 'supply'), 'was used where it arose'],
    [shareOf(last, 'delivered', 'supply'), `reached cells that lacked it${distanceOf(last)}`],
    [shareOf(last, 'spill', 'supply'), 'left the study area'],
    [shareOf(last, 'lost', 'supply'), 'was lost on the way'],
    [shareOf(last, 'residual', 'supply'), 'was left over'],
  ] as const;
  const known = fates.filter(([share]) => share >= 0.0005).map(([share, words]) => `${formatShare(share)} ${words}`);
  const supply = `Of the supply of ${last.year}, ${listOf(known)}`;
  return [`${supply}${demandClause(last)}.`, changeSentence(first, last)].filter(Boolean).join(' ');
}

function distanceOf({ meanDistance }: FlowStory): string {
  return meanDistance !== undefined && meanDistance > 0
    ? ` (${formatLength(round(meanDistance))} away in the mean)`
    : '';
}

function round(metres: number): number {
  return Number(metres.toPrecision(2));
}

function demandClause(story: FlowStory): string {
  const { before, after } = metShares(story);
  if (!Number.isFinite(after)) return '; there was no demand';
  if (!(after - before >= 0.0005)) return `; ${formatShare(after)} of demand was met`;
  return `; the flow raised the part of demand that is met from ${formatShare(before)} to ${formatShare(after)}`;
}

function changeSentence(first: FlowStory, last: FlowStory): string {
  if (first === last) return '';
  const [before, after] = [amountOf(first, 'delivered'), amountOf(last, 'delivered')];
  const change = relativeChange(before, after);
  if (!Number.isFinite(change)) return '';
  if (Math.abs(change) < 0.005) return `What is delivered has hardly changed since ${first.year}.`;
  const verb = change > 0 ? 'grown' : 'shrunk';
  return `What is delivered has ${verb} by ${formatShare(Math.abs(change))} since ${first.year}.`;
}
