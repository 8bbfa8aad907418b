/** What worker threads do for streams: a visit of a tile, its plane at the end, and the walk over a whole raster in InVEST's order. */
import { NODATA_CODE } from '../../core/cells.ts';
import type { TaskTable } from '../../core/tasks.ts';
import type { Tile, Tiling } from '../../core/tiles.ts';
import { codesOf } from '../routing/share-bits.ts';
import { frameOf, type Letter } from '../routing/tile-frame.ts';
import type { WholeRaster } from '../routing/whole.ts';
import { firstStreamMarks, followStreams, outletsOf, streamPlane } from './follow.ts';
import { streamsInOrder } from './invest-order.ts';

export interface FollowInput {
  readonly tiling: Tiling;
  readonly tile: Tile;
  /** With a ring of one cell. */
  readonly direction: Uint32Array;
  /** On the first visit. */
  readonly reach?: Uint32Array;
  /** On later ones, from the visit before. */
  readonly marks?: Uint8Array;
  readonly arrivals: readonly Letter[];
}

export interface FollowOutput {
  readonly marks: Uint8Array;
  readonly letters: readonly Letter[];
}

export interface FinishInput {
  readonly tiling: Tiling;
  readonly tile: Tile;
  readonly marks: Uint8Array;
}

type OrderedPlanes = Readonly<Record<'direction' | 'reach', Uint32Array>>;

export const streamTasks: TaskTable = {
  async follow_streams({ tiling, tile, direction, reach, marks: before, arrivals }: FollowInput) {
    const frame = frameOf(tiling, tile);
    const marks = before ?? firstStreamMarks(frame, direction, reach!);
    const codes = codesOf(direction);
    const outlets = before ? [] : outletsOf(frame, codes, marks);
    const letters = followStreams(frame, codes, marks, outlets, arrivals);
    const output: FollowOutput = { marks, letters };
    return { output, transfer: [marks.buffer, ...letters.map(({ records }) => records.buffer)] as ArrayBuffer[] };
  },
  async finish_streams({ tiling, tile, marks }: FinishInput) {
    const output = streamPlane(frameOf(tiling, tile), marks);
    return { output, transfer: [output.buffer as ArrayBuffer] };
  },
  async streams_above({ reach }: { readonly reach: Uint32Array }) {
    const output = reach.map((value) => (value === NODATA_CODE ? NODATA_CODE : value === 3 ? 1 : 0));
    return { output, transfer: [output.buffer] };
  },
  async streams_in_order({ planes, shape }: WholeRaster) {
    const { direction, reach } = planes as OrderedPlanes;
    const marks = streamsInOrder({ direction, reach }, shape);
    const output = direction.map((code, cell) => (code === NODATA_CODE ? NODATA_CODE : marks[cell] === 1 ? 1 : 0));
    return { output, transfer: [output.buffer] };
  },
};
