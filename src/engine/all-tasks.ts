/** Every task that a pool's workers run: the float64 reference of a visit; reading, encoding and counting of rasters. */
import type { TaskTable } from '../core/tasks.ts';
import { ioTasks } from '../io/tasks.ts';
import { engineTasks } from './stage-task.ts';

export const TASKS: TaskTable = { ...ioTasks, ...engineTasks };
