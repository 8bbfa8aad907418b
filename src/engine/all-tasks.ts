/** Every task that a pool's workers run: the float64 reference of a visit; reading, encoding and counting of rasters; zonal statistics and cross tables; global operators. */
import type { TaskTable } from '../core/tasks.ts';
import { ioTasks, openFile } from '../io/tasks.ts';
import { crossTasks } from '../io/zonal/cross-count.ts';
import { zonalTasks } from '../io/zonal/tasks.ts';
import { solverTasks } from '../solvers/tasks.ts';
import { statisticsTasks } from '../statistics/tasks.ts';
import { engineTasks } from './stage-task.ts';

export const TASKS: TaskTable = {
  ...ioTasks,
  ...zonalTasks(openFile),
  ...crossTasks(openFile),
  ...engineTasks,
  ...solverTasks,
  ...statisticsTasks,
};
