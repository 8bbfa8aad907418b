/** Tasks of the global operators, for the workers of a pool: one line for each operator that has some. */
import type { TaskTable } from '../core/tasks.ts';
import { convolveTasks } from './convolve/tasks.ts';
import { distanceTasks } from './distance/tasks.ts';
import { distanceToStreamTasks } from './distance_to_stream/tasks.ts';
import { retentionTasks } from './effective_retention/tasks.ts';
import { fillTasks } from './fill_depressions/tasks.ts';
import { accumulationTasks } from './flow_accumulation/tasks.ts';
import { directionTasks } from './flow_direction/tasks.ts';
import { directionalTasks } from './flow_directional/tasks.ts';
import { omnidirectionalTasks } from './flow_omnidirectional/tasks.ts';
import { getisOrdTasks } from './getis_ord/tasks.ts';
import { moranTasks } from './morans_i/tasks.ts';
import { sedimentTasks } from './sediment_deposition/tasks.ts';
import { inspectTasks } from './service-flow/inspect-tiles.ts';
import { somTasks } from './som/tasks.ts';
import { streamTasks } from './streams/tasks.ts';
import { zonalSumTasks } from './zonal_sum/tasks.ts';

export const solverTasks: TaskTable = {
  ...convolveTasks,
  ...getisOrdTasks,
  ...moranTasks,
  ...distanceTasks,
  ...zonalSumTasks,
  ...somTasks,
  ...accumulationTasks,
  ...streamTasks,
  ...distanceToStreamTasks,
  ...sedimentTasks,
  ...retentionTasks,
  ...fillTasks,
  ...directionTasks,
  ...omnidirectionalTasks,
  ...directionalTasks,
  ...inspectTasks,
};
