/** The two visits of a tile, for workers: what its basins spill into, and its cells raised to the levels that came of it. */
import { NODATA } from '../../core/cells.ts';
import type { TaskTable } from '../../core/tasks.ts';
import { basinsOf, type PaddedTile } from './basins.ts';
import { type EdgeList, spillsOf } from './spill-graph.ts';

/** Cells along a side of a tile: the node that each spills into, and its height. −1 where there is no cell. */
export interface Side {
  readonly nodes: Int32Array;
  readonly heights: Float32Array;
}

export type SideName = 'north' | 'south' | 'west' | 'east';

export interface TileSpills {
  /** Nodes of the tile that others have to know: 1 … terminals. 0 is the outside. */
  readonly terminals: number;
  /** Ways between them. */
  readonly links: { readonly a: Int32Array; readonly b: Int32Array; readonly weight: Float32Array };
  readonly sides: Readonly<Record<SideName, Side>>;
  /** Of each basin its lowest cell, the node it spills into and the height of that way. */
  readonly pits: Uint32Array<ArrayBuffer>;
  readonly nodes: Int32Array<ArrayBuffer>;
  readonly heights: Float32Array<ArrayBuffer>;
}

export interface RaiseInput {
  readonly cells: Float32Array;
  readonly width: number;
  readonly height: number;
  /** Cells, and the level of the water that stands over each. */
  readonly pits: Uint32Array;
  readonly levels: Float32Array;
}

export const fillTasks: TaskTable = {
  fill_basins: async (tile: PaddedTile) => {
    const output = tileSpills(tile);
    return { output, transfer: [output.pits.buffer, output.nodes.buffer, output.heights.buffer] };
  },
  fill_raise: async ({ cells, width, pits, levels }: RaiseInput) => {
    raise(cells, width, pits, levels);
    return { output: cells, transfer: [cells.buffer as ArrayBuffer] };
  },
};

/** Basins that reach the side of the tile, where others adjoin, are its nodes; those inside spill into them. Changes the cells. */
export function tileSpills(tile: PaddedTile): TileSpills {
  const { labels, pits, edges } = basinsOf(tile);
  const { width, height, cells } = tile;
  const pitch = width + 2;
  const node = new Int32Array(pits.length + 1); // of basins at the sides
  const isTerminal = new Uint8Array(pits.length + 1);
  isTerminal[0] = 1;
  let terminals = 0;
  const side = (length: number, cellAt: (k: number) => number): Side => {
    const nodes = new Int32Array(length);
    const heights = new Float32Array(length);
    for (let k = 0; k < length; k++) {
      const i = cellAt(k);
      const label = labels[i];
      if (!isTerminal[label]) {
        isTerminal[label] = 1;
        node[label] = ++terminals;
      }
      nodes[k] = cells[i] === NODATA ? -1 : node[label];
      heights[k] = cells[i];
    }
    return { nodes, heights };
  };
  const sides = {
    north: side(width, (k) => pitch + 1 + k),
    south: side(width, (k) => height * pitch + 1 + k),
    west: side(height, (k) => (k + 1) * pitch + 1),
    east: side(height, (k) => (k + 1) * pitch + width),
  };
  const { terminal, height: heights, links } = spillsOf(edges, pits.length + 1, isTerminal);
  return {
    terminals,
    links: { ...trimmed(links, (basin) => node[basin]) },
    sides,
    pits: pits as Uint32Array<ArrayBuffer>,
    nodes: terminal.subarray(1).map((basin) => node[basin]) as Int32Array<ArrayBuffer>,
    heights: heights.slice(1),
  };
}

function trimmed({ a, b, weight, size }: EdgeList, node: (basin: number) => number): TileSpills['links'] {
  return { a: a.slice(0, size).map(node), b: b.slice(0, size).map(node), weight: weight.slice(0, size) };
}

/** Water rises from each lowest cell over all that is connected with it below its level. In place; other cells keep their bits. */
export function raise(cells: Float32Array, width: number, pits: Uint32Array, levels: Float32Array): void {
  const stack: number[] = [];
  for (let basin = 0; basin < pits.length; basin++) {
    const level = levels[basin];
    if (!(cells[pits[basin]] < level)) continue;
    cells[pits[basin]] = level;
    stack.push(pits[basin]);
    while (stack.length > 0) {
      const i = stack.pop()!;
      const x = i % width;
      const from = x > 0 ? -1 : 0;
      const to = x < width - 1 ? 1 : 0;
      // Below the level of a lake there is no nodata: a cell beside it would have drained the lake.
      for (let row = i < width ? i : i - width; row <= i + width; row += width) {
        if (row >= cells.length) break;
        for (let n = row + from; n <= row + to; n++)
          if (cells[n] < level) {
            cells[n] = level;
            stack.push(n);
          }
      }
    }
  }
}
