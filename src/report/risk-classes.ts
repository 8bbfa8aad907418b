/** The 18 risk classes as the report speaks of them: six to a level, −6 … −1 and 1 … 12, the higher the better; there is no class 0. */
import { signedFixed } from './format.ts';
import { LEVELS, type RiskLevel, type RiskStory } from './stories.ts';

export interface RiskClass {
  readonly code: number;
  readonly level: RiskLevel;
  /** Where the place is going: "deepening", "easing", …. */
  readonly half: string;
  /** "−6 deepening, supply falls". */
  readonly short: string;
}

export interface LevelWords {
  readonly name: string;
  /** What a cell of the level is in the last year. */
  readonly state: string;
  /** Getting worse, getting better. */
  readonly halves: readonly [string, string];
  readonly colour: readonly [number, number, number];
}

/** The colours are those of the middle of each level's classes. */
export const LEVEL_WORDS: Readonly<Record<RiskLevel, LevelWords>> = {
  high: { name: 'High risk', state: 'deficit', halves: ['deepening', 'easing'], colour: [203, 45, 38] },
  medium: { name: 'Medium risk', state: 'balance', halves: ['to deficit', 'to surplus'], colour: [246, 203, 88] },
  low: { name: 'Low risk', state: 'surplus', halves: ['shrinking', 'growing'], colour: [70, 158, 85] },
};

/** Supply against demand: the first of three worst, the last best. */
const TRENDS = ['supply falls', 'both alike', 'demand falls'];

export const WORST_CLASS = -6;
export const BEST_CLASS = 12;

export const RISK_CLASSES: readonly RiskClass[] = LEVELS.flatMap((level, l) =>
  LEVEL_WORDS[level].halves.flatMap((half, h) =>
    TRENDS.map((trend, t) => {
      const place = 6 * l + 3 * h + t;
      const code = place < 6 ? place - 6 : place - 5;
      return { code, level, half, short: `${signedFixed(code, 0).replace('+', '')} ${half}, ${trend}` };
    }),
  ),
);

export function levelOf(code: number): RiskLevel | undefined {
  return RISK_CLASSES.find((candidate) => candidate.code === code)?.level;
}

/** Level that a mean of classes falls into: below 0 high, as the source reads it; up to halfway between 6 and 7 medium. */
export function levelOfMean(mean: number): RiskLevel | undefined {
  if (!Number.isFinite(mean)) return undefined;
  if (mean < 0) return 'high';
  return mean < 6.5 ? 'medium' : 'low';
}

/** "high risk, mostly deficit deepening"; which way goes unsaid where neither half has twice the other. */
export function levelSentence({ classes }: Pick<RiskStory, 'classes'>, level: RiskLevel): string {
  const { name, state, halves } = LEVEL_WORDS[level];
  const shareOf = (half: string) =>
    RISK_CLASSES.filter((entry) => entry.level === level && entry.half === half)
      .map(({ code }) => classes.find((entry) => entry.code === code)?.share ?? 0)
      .reduce((sum, share) => sum + share, 0);
  const [worse, better] = halves.map(shareOf);
  const words = halves.map((half) => (half.startsWith('to ') ? `heading ${half}` : `${state} ${half}`));
  const risk = name.toLowerCase();
  if (worse >= 2 * better) return `${risk}, ${better === 0 ? 'all of it' : 'mostly'} ${words[0]}`;
  if (better >= 2 * worse) return `${risk}, ${worse === 0 ? 'all of it' : 'mostly'} ${words[1]}`;
  return `${risk}, partly ${words[0]} and partly ${words[1]}`;
}
