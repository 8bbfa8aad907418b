/** How the means of a bundle are told: classes of risk, where longer petals mean more of it, or any other quantity, scaled, against the mean of all cells. */
import { colourOf } from './colours.ts';
import { formatFixed, formatNumber } from './format.ts';
import { heat } from './heat.ts';
import type { Markup } from './markup.ts';
import { BEST_CLASS, LEVEL_WORDS, levelOfMean, WORST_CLASS } from './risk-classes.ts';
import type { RoseScale } from './rose.ts';
import type { BundleStory } from './stories.ts';

export type Bundle = BundleStory['bundles'][number];

/** By feature. */
export type Means = Pick<Bundle, 'means' | 'scaledMeans'>;

const ABOVE = colourOf('balance', 0.82);
const BELOW = colourOf('balance', 0.2);

export interface Profile {
  readonly isRisk: boolean;
  readonly scale: RoseScale;
  /** Of the feature of a bundle: what its petal is as long as, its words, its colour, a cell for it in a table. */
  readonly value: (bundle: Means, feature: number) => number;
  readonly text: (bundle: Means, feature: number) => string;
  readonly colour: (bundle: Means, feature: number) => readonly number[];
  readonly cell: (bundle: Means, feature: number) => Markup;
}

export function profileOf(story: BundleStory): Profile {
  return /^risk\b/.test(story.of) ? riskProfile() : scaledProfile(story);
}

/** Source 001, figure 8: the mean class of each service; −6 at the rim. Circles where medium risk begins and ends. */
function riskProfile(): Profile {
  const value = ({ means }: Means, feature: number) => means[feature];
  const text = (bundle: Means, feature: number) => formatFixed(value(bundle, feature), 1);
  const colour = (bundle: Means, feature: number) => LEVEL_WORDS[levelOfMean(value(bundle, feature)) ?? 'low'].colour;
  return {
    isRisk: true,
    scale: { centre: BEST_CLASS, rim: WORST_CLASS, rings: [6.5, 0] },
    value,
    text,
    colour,
    cell: (bundle, feature) => heat(text(bundle, feature), colour(bundle, feature), strengthOf(value(bundle, feature))),
  };
}

/** The stronger, the further from the level beside it; medium risk is pale throughout. */
function strengthOf(mean: number): number {
  if (mean < 0) return 0.35 + 0.65 * Math.min(1, mean / WORST_CLASS);
  return mean < 6.5 ? 0.55 : 0.25 + 0.55 * Math.min(1, (mean - 6.5) / (BEST_CLASS - 6.5));
}

function scaledProfile({ bundles }: BundleStory): Profile {
  const all = bundles.flatMap(({ scaledMeans }) => scaledMeans).filter(Number.isFinite);
  const [lowest, highest] = [Math.min(0, ...all), Math.max(0, ...all)];
  const furthest = Math.max(-lowest, highest, Number.MIN_VALUE);
  const value = ({ scaledMeans }: Means, feature: number) => scaledMeans[feature];
  const text = ({ means }: Means, feature: number) => formatNumber(means[feature], 3);
  const colour = (bundle: Means, feature: number) => (value(bundle, feature) < 0 ? BELOW : ABOVE);
  return {
    isRisk: false,
    scale: { centre: lowest, rim: highest, rings: [0] },
    value,
    text,
    colour,
    cell: (bundle, feature) =>
      heat(text(bundle, feature), colour(bundle, feature), (0.8 * Math.abs(value(bundle, feature))) / furthest),
  };
}
