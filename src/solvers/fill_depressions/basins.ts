/**
 * Basins of a tile: every cell belongs to the local minimum that it reaches by going to its lowest neighbour, again and again. Of equal heights the
 * first in row-major order counts as the lowest, so a plateau has few minima. Basin 0 is the outside: cells that touch nodata or the edge.
 */
import { NODATA } from '../../core/cells.ts';
import { IndexList } from '../routing/index-list.ts';
import { EdgeList } from './spill-graph.ts';

/** A plane with one more cell on every side, all of it row by row. */
export interface PaddedTile {
  /** Heights; NODATA outside. */
  readonly cells: Float32Array;
  /** Cells of the tile itself. */
  readonly width: number;
  readonly height: number;
}

export interface Basins {
  /** Of each padded cell: 0 outside, 1 … count, negative in a neighbouring tile. */
  readonly labels: Int32Array;
  /** The lowest cell of basin b at b − 1, in cells of the tile, row by row. */
  readonly pits: Uint32Array;
  /** Between adjoining basins; the lowest height at which one can be left for the other. */
  readonly edges: EdgeList;
}

export function basinsOf(tile: PaddedTile): Basins {
  wallIn(tile);
  const labels = new Int32Array(tile.cells.length);
  const pits = descend(tile, labels);
  follow(tile, labels);
  return { labels, pits, edges: ridges(tile, labels) };
}

/** Cells of other tiles become walls: what lies behind them is found out when tiles are joined. */
function wallIn({ cells, width, height }: PaddedTile): void {
  const pitch = width + 2;
  const wall = (i: number) => {
    if (cells[i] !== NODATA) cells[i] = Number.POSITIVE_INFINITY;
  };
  for (let x = 0; x < pitch; x++) {
    wall(x);
    wall((height + 1) * pitch + x);
  }
  for (let y = 1; y <= height; y++) {
    wall(y * pitch);
    wall(y * pitch + width + 1);
  }
}

/** Labels of minima, and of all other cells the complement of the index of the lowest neighbour. Walls are −1. */
function descend({ cells, width, height }: PaddedTile, labels: Int32Array): Uint32Array {
  const pitch = width + 2;
  const pits = new IndexList();
  // The lowest of each three neighbours in a row, of the row above, here and below.
  const rows = [0, 1, 2].map(() => ({ height: new Float32Array(pitch), index: new Int32Array(pitch) }));
  const lowest = (y: number) => {
    const { height: low, index } = rows[y % 3];
    let i = y * pitch + 1;
    let west = cells[i - 1];
    let here = cells[i];
    for (let x = 1; x <= width; x++, i++) {
      const east = cells[i + 1];
      let best = west;
      let at = i - 1;
      if (here < best) {
        best = here;
        at = i;
      }
      if (east < best) {
        best = east;
        at = i + 1;
      }
      low[x] = best;
      index[x] = at;
      west = here;
      here = east;
    }
  };
  for (let x = 0; x < pitch; x++) {
    if (cells[x] !== NODATA) labels[x] = -1;
    if (cells[(height + 1) * pitch + x] !== NODATA) labels[(height + 1) * pitch + x] = -1;
  }
  lowest(0);
  lowest(1);
  for (let y = 1; y <= height; y++) {
    lowest(y + 1);
    const { height: lowAbove, index: above } = rows[(y - 1) % 3];
    const { height: lowHere, index: here } = rows[y % 3];
    const { height: lowBelow, index: below } = rows[(y + 1) % 3];
    if (cells[y * pitch] !== NODATA) labels[y * pitch] = -1;
    if (cells[y * pitch + width + 1] !== NODATA) labels[y * pitch + width + 1] = -1;
    for (let x = 1, i = y * pitch + 1; x <= width; x++, i++) {
      if (cells[i] === NODATA) continue;
      let best = lowAbove[x];
      let at = above[x];
      if (lowHere[x] < best) {
        best = lowHere[x];
        at = here[x];
      }
      if (lowBelow[x] < best) at = below[x];
      if (at === i) {
        pits.push((y - 1) * width + x - 1);
        labels[i] = pits.size;
      } else labels[i] = ~at;
    }
  }
  return pits.take();
}

/** Every cell gets the label at the end of its way down. */
function follow({ width, height }: PaddedTile, labels: Int32Array): void {
  const pitch = width + 2;
  for (let y = 1; y <= height; y++)
    for (let i = y * pitch + 1, end = i + width; i < end; i++) {
      let label = labels[i];
      if (label >= 0) continue;
      while (label < 0) label = labels[~label];
      for (let at = i, next = labels[at]; next < 0; next = labels[at]) {
        labels[at] = label;
        at = ~next;
      }
    }
}

function ridges({ cells, width, height }: PaddedTile, labels: Int32Array): EdgeList {
  const pitch = width + 2;
  const edges = new EdgeList();
  for (let y = 1; y <= height; y++)
    for (let i = y * pitch + 1, end = i + width; i < end; i++) {
      const label = labels[i];
      const east = labels[i + 1];
      const southWest = labels[i + pitch - 1];
      const south = labels[i + pitch];
      const southEast = labels[i + pitch + 1];
      if (east === label && southWest === label && south === label && southEast === label) continue;
      if (east !== label && east >= 0) join(edges, cells, label, east, i, i + 1);
      if (southWest !== label && southWest >= 0) join(edges, cells, label, southWest, i, i + pitch - 1);
      if (south !== label && south >= 0) join(edges, cells, label, south, i, i + pitch);
      if (southEast !== label && southEast >= 0) join(edges, cells, label, southEast, i, i + pitch + 1);
    }
  return edges;
}

function join(edges: EdgeList, cells: Float32Array, a: number, b: number, i: number, j: number): void {
  edges.add(a, b, ridgeHeight(cells[i], cells[j]));
}

/** The higher of two heights; 0 where it is −0, so that levels have one form. */
export function ridgeHeight(a: number, b: number): number {
  return (a > b ? a : b) + 0;
}
