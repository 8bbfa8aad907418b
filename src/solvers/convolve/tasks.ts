/** Blocks of a convolution, and spectra of kernels, in worker threads. */
import type { Task, TaskTable } from '../../core/tasks.ts';
import {
  type BackwardInput,
  bandBackward,
  bandForward,
  bandOfKernel,
  describeBand,
  type ForwardInput,
  type GroupInput,
  groupSpectrum,
  type KernelInput,
  multiplyGroup,
  type RowsInput,
  type SpectrumOfGroup,
} from './band-steps.ts';
import { type BlockInput, convolveBlock } from './block.ts';
import { areWhole, type BlockValues, describeValues } from './block-values.ts';
import { deviceSpectrum, type SpectrumInput } from './device-spectrum.ts';
import { type Kernel, ringSums } from './kernels.ts';
import { addToThin, type ThinInput } from './thin-cells.ts';

export const CONVOLVE_BLOCK = 'convolve_block';
export const CONVOLVE_SPECTRUM = 'convolve_spectrum';
export const CONVOLVE_DESCRIBE = 'convolve_describe';
export const CONVOLVE_RINGS = 'convolve_rings';
export const CONVOLVE_KERNEL_BAND = 'convolve_kernel_band';
export const CONVOLVE_GROUP_SPECTRUM = 'convolve_group_spectrum';
export const CONVOLVE_BAND_DESCRIBE = 'convolve_band_describe';
export const CONVOLVE_BAND_FORWARD = 'convolve_band_forward';
export const CONVOLVE_GROUP = 'convolve_group';
export const CONVOLVE_BAND_BACKWARD = 'convolve_band_backward';
export const CONVOLVE_THIN = 'convolve_thin';

/** Some rings of a kernel. */
export interface RingsInput {
  readonly kernel: Kernel;
  readonly from: number;
  readonly end: number;
}

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

const describe: Task = async ({ values, pitch }: RowsInput) => {
  const output: DescribeOutput = { ...describeValues(values, pitch), values, whole: areWhole(values) };
  return { output, transfer: [values.buffer as ArrayBuffer] };
};

const rings: Task = async ({ kernel, from, end }: RingsInput) => {
  const output = ringSums(kernel, from, end);
  return { output, transfer: [output.buffer] };
};

const kernelBand: Task = async (input: KernelInput) => {
  const output = bandOfKernel(input);
  return { output, transfer: output };
};

const spectrumOfGroup: Task = async (input: SpectrumOfGroup) => {
  const output = groupSpectrum(input);
  return { output, transfer: [output] };
};

const valuesOfBand: Task = async (input: RowsInput) => {
  const output = describeBand(input);
  return { output, transfer: [output.totals.buffer] };
};

const forward: Task = async (input: ForwardInput) => {
  const output = bandForward(input);
  const { last, first } = output.extent ?? {};
  return { output, transfer: [...output.pieces, ...(last && first ? [last.buffer, first.buffer] : [])] };
};

const group: Task = async (input: GroupInput) => {
  const output = multiplyGroup(input);
  return { output, transfer: [...output.pieces.values(), output.spectrum] };
};

const backward: Task = async (input: BackwardInput) => {
  const output = bandBackward(input);
  return { output, transfer: Object.values(output.planes).map(({ buffer }) => buffer) };
};

const thin: Task = async (input: ThinInput) => ({ output: addToThin(input) });

export const convolveTasks: TaskTable = {
  [CONVOLVE_BLOCK]: block,
  [CONVOLVE_SPECTRUM]: spectrum,
  [CONVOLVE_DESCRIBE]: describe,
  [CONVOLVE_RINGS]: rings,
  [CONVOLVE_KERNEL_BAND]: kernelBand,
  [CONVOLVE_GROUP_SPECTRUM]: spectrumOfGroup,
  [CONVOLVE_BAND_DESCRIBE]: valuesOfBand,
  [CONVOLVE_BAND_FORWARD]: forward,
  [CONVOLVE_GROUP]: group,
  [CONVOLVE_BAND_BACKWARD]: backward,
  [CONVOLVE_THIN]: thin,
};
