/** What a run is made of, for those who do its parts: the visits to tiles (run-tile.ts) and global operators (run-solve.ts). */
import type { CellType } from '../core/cells.ts';
import type { EmptyTiles } from './empty-tiles.ts';
import type { Graph } from './graph.ts';
import type { LiveExecutor } from './live-executor.ts';
import type { Plan } from './plan.ts';
import type { Records } from './records.ts';
import type { RunOptions } from './run-types.ts';
import type { TileFields } from './tile-fields.ts';
import type { TimeSheet } from './time-sheet.ts';

export interface RunParts {
  readonly graph: Graph;
  readonly plan: Plan;
  readonly options: RunOptions;
  readonly types: ReadonlyMap<string, CellType>;
  readonly live: LiveExecutor;
  readonly fields: TileFields;
  readonly records: Records;
  readonly times: TimeSheet;
  readonly empty: EmptyTiles;
  /** Fires with the signal of the caller, and when a part of the run has failed. */
  readonly stop: AbortSignal;
}
