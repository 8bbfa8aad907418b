/** What workers do for Gi* with a tile or a block. */
import type { Task, TaskTable } from '../../core/tasks.ts';
import { momentsOfPart } from '../neighbourhood/moments.ts';
import { type ScoresInput, type SumsInput, scoreBlock, sumBlock } from './block.ts';
import { type DeviceScoresInput, scoresFromDevice, type WordsInput, wordsOf } from './device-words.ts';
import { binsOf, type Thresholds } from './levels.ts';
import { type ExactSizes, sizesWithin } from './tally.ts';

export const RASTER_MOMENTS = 'raster_moments';
export const GETIS_SUMS = 'getis_sums';
export const GETIS_SCORES = 'getis_scores';
export const GETIS_WORDS = 'getis_words';
export const GETIS_DEVICE_SCORES = 'getis_device_scores';
export const GETIS_SIZES = 'getis_sizes';
export const GETIS_BINS = 'getis_bins';

export interface SizesInput {
  readonly z: Float32Array;
  readonly classes: readonly number[];
}
export type SizesOutput = readonly (readonly [index: number, sizes: ExactSizes])[];

export interface BinsInput {
  readonly z: Float32Array;
  readonly thresholds: Thresholds;
}

const moments: Task = async (values: Float32Array) => ({ output: momentsOfPart(values) });

const sums: Task = async (input: SumsInput) => answer(sumBlock(input));

const scores: Task = async (input: ScoresInput) => answer(scoreBlock(input));

const words: Task = async (input: WordsInput) => answer(wordsOf(input));

const deviceScores: Task = async (input: DeviceScoresInput) => answer(scoresFromDevice(input));

const sizes: Task = async ({ z, classes }: SizesInput) => {
  const output: SizesOutput = classes.map((index) => [index, [...sizesWithin(z, index)]]);
  return { output };
};

const bins: Task = async ({ z, thresholds }: BinsInput) => {
  const output = binsOf(z, thresholds);
  return { output, transfer: [output.buffer as ArrayBuffer] };
};

function answer(output: object) {
  const transfer = Object.values(output).flatMap((part) =>
    ArrayBuffer.isView(part) ? [part.buffer as ArrayBuffer] : [],
  );
  return { output, transfer };
}

export const getisOrdTasks: TaskTable = {
  [RASTER_MOMENTS]: moments,
  [GETIS_SUMS]: sums,
  [GETIS_SCORES]: scores,
  [GETIS_WORDS]: words,
  [GETIS_DEVICE_SCORES]: deviceScores,
  [GETIS_SIZES]: sizes,
  [GETIS_BINS]: bins,
};
