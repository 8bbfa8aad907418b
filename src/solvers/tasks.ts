/** Tasks of the global operators, for the workers of a pool: one line for each operator that has some. */
import type { TaskTable } from '../core/tasks.ts';
import { convolveTasks } from './convolve/tasks.ts';
import { distanceTasks } from './distance/tasks.ts';
import { distanceToStreamTasks } from './distance_to_stream/tasks.ts';
import { retentionTasks } from './effective_retention/tasks.ts';
import { fillTasks } from './fill_depressions/tasks.ts';
import { accumulationTasks } from './flow_accumulation/tasks.ts';
import { directionTasks } from './flow_direction/tasks.ts';
import { sedimentTasks } from './sediment_deposition/tasks.ts';
import { streamTasks } from './streams/tasks.ts';
import { zonalSumTasks } from './zonal_sum/tasks.ts';

export const solverTasks: TaskTable = {
  ...convolveTasks,
  ...distanceTasks,
  ...zonalSumTasks,
  ...accumulationTasks,
  ...streamTasks,
  ...distanceToStreamTasks,
  ...sedimentTasks,
  ...retentionTasks,
  ...fillTasks,
  ...directionTasks,
};
