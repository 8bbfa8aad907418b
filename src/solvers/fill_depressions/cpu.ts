/**
 * Filling out of core, with two visits of each tile (Barnes 2016): what its basins spill into, the levels of all from the graph of the whole grid,
 * and the cells raised to them. Levels are heights of cells, so nothing depends on tiles or on the order of visits.
 */
import type { Tiling } from '../../core/tiles.ts';
import { grow, tileAt } from '../../core/tiles.ts';
import { eachTile } from '../each-tile.ts';
import type { SolveFacts, SolveRequest } from '../solver.ts';
import { TileStates } from '../tile-states.ts';
import { ridgeHeight } from './basins.ts';
import { EdgeList, spillsOf } from './spill-graph.ts';
import type { RaiseInput, Side, SideName, TileSpills } from './tasks.ts';

export async function solve(request: SolveRequest): Promise<SolveFacts> {
  const { tiling, pool, signal, memory, openScratch, progress } = request;
  const { dem } = request.inputs;
  const { filled } = request.outputs;
  const tiles = Array.from({ length: tiling.count }, (_, tile) => tile);
  const states = new TileStates(memory, openScratch);
  try {
    const graph = new Graph(tiling);
    let done = 0;
    const advance = () => progress?.(++done, 2 * tiling.count);
    await eachTile(tiles, request, async (tile) => {
      const { width, height, ...place } = tileAt(tiling, tile);
      const cells = (await dem.read(grow({ width, height, ...place }, 1))) as Float32Array;
      const spills: TileSpills = await pool.run('fill_basins', { cells, width, height }, { signal });
      graph.add(tile, spills);
      await states.put(tile, [spills.pits.buffer, spills.nodes.buffer, spills.heights.buffer]);
      advance();
    });
    const { edges, nodes } = graph.joined();
    const levels = levelsOf(edges, nodes);
    let raisedTiles = 0;
    await eachTile(tiles, request, async (tile) => {
      const window = tileAt(tiling, tile);
      let cells = (await dem.read(window)) as Float32Array;
      const lakes = lakesOf(await states.take(tile), levels, graph.first(tile));
      if (lakes.pits.length > 0) {
        raisedTiles++;
        const input: RaiseInput = { cells, width: window.width, height: window.height, ...lakes };
        cells = await pool.run('fill_raise', input, { signal });
      }
      await filled.write(window, cells);
      advance();
    });
    return { nodes, edges: edges.size, raised_tiles: raisedTiles };
  } finally {
    await states.close();
  }
}

/** The spill graph of the whole grid, put together from tiles. */
class Graph {
  readonly #tiling: Tiling;
  readonly #edges = new EdgeList();
  readonly #first: Int32Array;
  readonly #sides: TileSpills['sides'][];
  #nodes = 1;

  constructor(tiling: Tiling) {
    this.#tiling = tiling;
    this.#first = new Int32Array(tiling.count);
    this.#sides = new Array(tiling.count);
  }

  /** What is added to a node of the tile, the outside apart, to have that of the grid. */
  first(tile: number): number {
    return this.#first[tile];
  }

  add(tile: number, { terminals, links, sides }: TileSpills): void {
    const first = this.#nodes - 1;
    this.#first[tile] = first;
    this.#nodes += terminals;
    this.#sides[tile] = sides;
    const node = (local: number) => (local === 0 ? 0 : first + local);
    for (let i = 0; i < links.weight.length; i++) this.#edges.add(node(links.a[i]), node(links.b[i]), links.weight[i]);
  }

  /** With the edges between cells of adjoining tiles. */
  joined(): { readonly edges: EdgeList; readonly nodes: number } {
    const { columns, rows } = this.#tiling;
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const tile = row * columns + column;
        if (column + 1 < columns) this.#sidesMeet(tile, 'east', tile + 1, 'west');
        if (row + 1 < rows) this.#sidesMeet(tile, 'south', tile + columns, 'north');
        if (row + 1 < rows && column + 1 < columns) this.#cornersMeet(tile, -1, tile + columns + 1, 0);
        if (row + 1 < rows && column > 0) this.#cornersMeet(tile, 0, tile + columns - 1, -1);
      }
    this.#sides.length = 0;
    return { edges: this.#edges, nodes: this.#nodes };
  }

  #sidesMeet(a: number, nameA: SideName, b: number, nameB: SideName): void {
    const sideA = this.#sides[a][nameA];
    const sideB = this.#sides[b][nameB];
    const length = sideA.nodes.length;
    for (let k = 0; k < length; k++)
      for (let other = Math.max(k - 1, 0); other <= k + 1 && other < length; other++)
        this.#meet(a, sideA, k, b, sideB, other);
  }

  /** The first or last (−1) cell of the southern side of one with that of the northern side of the other. */
  #cornersMeet(a: number, endA: number, b: number, endB: number): void {
    const { south } = this.#sides[a];
    const { north } = this.#sides[b];
    this.#meet(a, south, endA && south.nodes.length - 1, b, north, endB && north.nodes.length - 1);
  }

  #meet(a: number, sideA: Side, k: number, b: number, sideB: Side, other: number): void {
    const from = sideA.nodes[k];
    const to = sideB.nodes[other];
    if (from < 0 || to < 0 || (from === 0 && to === 0)) return;
    const height = ridgeHeight(sideA.heights[k], sideB.heights[other]);
    this.#edges.add(from && from + this.#first[a], to && to + this.#first[b], height);
  }
}

/** The height at which each node spills to the outside, node 0; that of the outside is −Infinity. */
function levelsOf(edges: EdgeList, nodes: number): Float32Array {
  const outside = new Uint8Array(nodes);
  outside[0] = 1;
  return spillsOf(edges, nodes, outside).height;
}

/** The lowest cells of a tile over which water may stand, with its level. */
function lakesOf(state: ArrayBuffer[], levels: Float32Array, first: number): Pick<RaiseInput, 'pits' | 'levels'> {
  const pits = new Uint32Array(state[0]);
  const nodes = new Int32Array(state[1]);
  const heights = new Float32Array(state[2]);
  let count = 0;
  for (let basin = 0; basin < pits.length; basin++) {
    const node = nodes[basin];
    const level = Math.max(heights[basin], node === 0 ? heights[basin] : levels[node + first]);
    if (level === Number.NEGATIVE_INFINITY) continue;
    pits[count] = pits[basin];
    heights[count++] = level;
  }
  return { pits: pits.slice(0, count), levels: heights.slice(0, count) };
}
