/** Blocks of a convolution, and spectra of kernels, in worker threads. */
import type { Task, TaskTable } from '../../core/tasks.ts';
import { type BlockInput, convolveBlock } from './block.ts';
import { areWhole, type BlockValues, describeValues } from './block-values.ts';
import { deviceSpectrum, type SpectrumInput } from './device-spectrum.ts';

export const CONVOLVE_BLOCK = 'convolve_block';
export const CONVOLVE_SPECTRUM = 'convolve_spectrum';
export const CONVOLVE_DESCRIBE = 'convolve_describe';

/** Values come back as they went. */
export interface DescribeOutput extends BlockValues {
  readonly values: Float32Array;
  readonly whole: boolean;
}

const block: Task = async (input: BlockInput) => {
  const output = convolveBlock(input);
  return { output, transfer: Object.values(output).map(({ buffer }) => buffer) };
};

const spectrum: Task = async (input: SpectrumInput) => {
  const output = deviceSpectrum(input);
  return { output, transfer: [output.buffer] };
};

const describe: Task = async (values: Float32Array) => {
  const output: DescribeOutput = { ...describeValues(values), values, whole: areWhole(values) };
  return { output, transfer: [values.buffer as ArrayBuffer] };
};

export const convolveTasks: TaskTable = {
  [CONVOLVE_BLOCK]: block,
  [CONVOLVE_SPECTRUM]: spectrum,
  [CONVOLVE_DESCRIBE]: describe,
};
