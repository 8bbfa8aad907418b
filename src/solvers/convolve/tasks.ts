/** Blocks of a convolution, and spectra of kernels, in worker threads. */
import type { Task, TaskTable } from '../../core/tasks.ts';
import { type BlockInput, convolveBlock } from './block.ts';
import { deviceSpectrum, type SpectrumInput } from './device-spectrum.ts';

export const CONVOLVE_BLOCK = 'convolve_block';
export const CONVOLVE_SPECTRUM = 'convolve_spectrum';

const block: Task = async (input: BlockInput) => {
  const output = convolveBlock(input);
  return { output, transfer: Object.values(output).map(({ buffer }) => buffer) };
};

const spectrum: Task = async (input: SpectrumInput) => {
  const output = deviceSpectrum(input);
  return { output, transfer: [output.buffer] };
};

export const convolveTasks: TaskTable = { [CONVOLVE_BLOCK]: block, [CONVOLVE_SPECTRUM]: spectrum };
