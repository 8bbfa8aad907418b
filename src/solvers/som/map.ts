/** The map of nodes: where they lie, how far apart, which are neighbours (statistics.md section 2). Node k = row · columns + column. */

export type Topology = 'rectangular' | 'hexagonal';

export interface SomMap {
  readonly rows: number;
  readonly columns: number;
  readonly topology: Topology;
}

/** One vector after the other. */
export type Codebook = Float64Array<ArrayBuffer>;

export function nodesOf({ rows, columns }: SomMap): number {
  return rows * columns;
}

/** Nodes side by side. */
export function chain(nodes: number): SomMap {
  return { rows: 1, columns: nodes, topology: 'rectangular' };
}

function position({ columns, topology }: SomMap, node: number): readonly [x: number, y: number] {
  const [row, column] = [Math.floor(node / columns), node % columns];
  return topology === 'rectangular' ? [column, row] : [column + 0.5 * (row % 2), (row * Math.sqrt(3)) / 2];
}

/** Squared Euclidean distance of two nodes on the map; planar, without wrap. */
export function squaredGridDistance(map: SomMap, a: number, b: number): number {
  const [[ax, ay], [bx, by]] = [position(map, a), position(map, b)];
  return (ax - bx) ** 2 + (ay - by) ** 2;
}

/** Rectangular: the 8 around; hexagonal: those at distance 1, 6 at most. */
export function adjacent(map: SomMap, a: number, b: number): boolean {
  const limit = map.topology === 'rectangular' ? 2 : 1;
  return a !== b && squaredGridDistance(map, a, b) <= limit + 1e-9; // √3/2 is rounded; the next distance is far
}

/** 1 where the nodes of row and column are adjacent, by node · nodes + node. */
export function adjacency(map: SomMap): Uint8Array<ArrayBuffer> {
  const nodes = nodesOf(map);
  const out = new Uint8Array(nodes * nodes);
  for (let a = 0; a < nodes; a++) for (let b = 0; b < nodes; b++) out[a * nodes + b] = Number(adjacent(map, a, b));
  return out;
}
