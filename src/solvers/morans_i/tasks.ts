/** What workers do for Moran's I with a tile or a block. */
import { NODATA } from '../../core/cells.ts';
import type { Task, TaskTable } from '../../core/tasks.ts';
import { momentsOfPart } from '../neighbourhood/moments.ts';
import { type MoranInput, moranBlock } from './block.ts';

export const MORAN_MOMENTS = 'moran_moments';
export const MORAN_BLOCK = 'moran_block';

/** Cells of a tile of each raster. */
export interface MomentsInput {
  readonly values: Float32Array;
  readonly other?: Float32Array;
}

const moments: Task = async ({ values, other }: MomentsInput) => {
  if (other)
    for (let i = 0; i < values.length; i++)
      if (values[i] === NODATA || other[i] === NODATA) values[i] = other[i] = NODATA;
  return { output: [values, ...(other ? [other] : [])].map(momentsOfPart) };
};

const block: Task = async (input: MoranInput) => {
  const output = moranBlock(input);
  return { output, transfer: [output.local.buffer, output.quadrant.buffer] as ArrayBuffer[] };
};

export const moranTasks: TaskTable = { [MORAN_MOMENTS]: moments, [MORAN_BLOCK]: block };
