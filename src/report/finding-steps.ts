/** What risk and bundles have to say in the finding: which services are at risk, whether that has changed, what the bundles need. */
import type { ReportData } from './data.ts';
import { formatFixed, formatShare, inSentence, listOf } from './format.ts';
import { levelOfMean, levelSentence } from './risk-classes.ts';
import type { BundleStory, RiskStory } from './stories.ts';

/** From this share of the area on, a service is named among those at high risk. */
const WIDELY = 0.5;

/** Sentences; none where a run knows of neither. */
export function stepSentences({ risks = [], bundles }: Pick<ReportData, 'risks' | 'bundles'>): string[] {
  return [riskFinding(risks), bundles && bundleFinding(bundles)].filter((sentence) => sentence !== undefined);
}

/** "Risk is highest for high temperature regulation: 74 % of the area is at high risk, mostly deficit deepening." */
export function riskFinding(stories: readonly RiskStory[]): string | undefined {
  const known = stories.filter(({ meanClass }) => Number.isFinite(meanClass));
  if (known.length === 0) return undefined;
  const sorted = [...known].sort((a, b) => b.levels.high.share - a.levels.high.share || a.meanClass - b.meanClass);
  const [worst, ...rest] = sorted;
  const where = `${formatShare(worst.levels.high.share)} of the area is at ${levelSentence(worst, 'high')}`;
  if (worst.levels.high.share < 0.0005) return 'No service leaves any of the area at high risk.';
  const name = inSentence(worst.serviceName);
  if (rest.length === 0) return `For ${name}, ${where}.`;
  const wide = rest.filter(({ levels }) => levels.high.share >= WIDELY);
  const others = wide.map(
    ({ serviceName, levels }) => `${inSentence(serviceName)} (${formatShare(levels.high.share)})`,
  );
  const more = others.length > 0 ? ` For ${listOf(others)} it is more than half, too.` : '';
  return `Risk is highest for ${name}: ${where}.${more}`;
}

/** "The area falls into 6 bundles of like risk; in the largest, bundle 3 with 41 % of it, risk is highest for high temperature regulation (mean class −4.0)." */
export function bundleFinding({ bundles, features, of }: BundleStory): string | undefined {
  if (bundles.length < 2) return undefined;
  const largest = bundles.reduce((best, bundle) => (bundle.share > best.share ? bundle : best));
  const first = largest.priorities[0];
  const begin = `The area falls into ${bundles.length} bundles of like ${of.split(' ')[0].replaceAll('_', ' ')}`;
  const which = `the largest, bundle ${largest.code}`;
  if (!of.startsWith('risk') || first === undefined || levelOfMean(largest.means[first]) !== 'high')
    return `${begin}; ${which}, takes ${formatShare(largest.share)} of it.`;
  const name = inSentence(features[first].serviceName);
  return `${begin}; in ${which} with ${formatShare(largest.share)} of it, risk is highest for ${name} (mean class ${formatFixed(largest.means[first], 1)}).`;
}
