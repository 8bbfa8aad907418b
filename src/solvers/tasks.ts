/** Tasks of the global operators, for the workers of a pool: one line for each operator that has some. */
import type { TaskTable } from '../core/tasks.ts';

export const solverTasks: TaskTable = {};
