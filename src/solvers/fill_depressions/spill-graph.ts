/**
 * The spill graph: basins and the lowest ways over the ridges between them. From the lowest ridge up, basins merge; what meets a basin whose level
 * is settled elsewhere (a terminal) spills into it at the height of that ridge.
 */

/** Undirected edges with a weight. Most repetitions of a pair are dropped on the way in, keeping the lowest: cells along a ridge repeat theirs. */
export class EdgeList {
  a = new Int32Array(1024);
  b = new Int32Array(1024);
  weight = new Float32Array(1024);
  size = 0;
  /** Where a pair was put last, by a hash of it. */
  readonly #last = new Int32Array(4096);

  add(a: number, b: number, weight: number): void {
    const from = a < b ? a : b;
    const to = a < b ? b : a;
    const hash = (Math.imul(from, 0x9e3779b1) ^ Math.imul(to, 0x85ebca6b)) >>> 20;
    const last = this.#last[hash];
    if (last < this.size && this.a[last] === from && this.b[last] === to) {
      if (weight < this.weight[last]) this.weight[last] = weight;
      return;
    }
    if (this.size === this.a.length) this.#widen();
    this.a[this.size] = from;
    this.b[this.size] = to;
    this.weight[this.size] = weight;
    this.#last[hash] = this.size++;
  }

  #widen(): void {
    const wider = 2 * this.size;
    const { a, b, weight } = this;
    this.a = new Int32Array(wider);
    this.b = new Int32Array(wider);
    this.weight = new Float32Array(wider);
    this.a.set(a);
    this.b.set(b);
    this.weight.set(weight);
  }
}

export interface Spills {
  /** Of each node, the terminal it spills into at last; a terminal itself. */
  readonly terminal: Int32Array;
  /** And the lowest height at which water gets there; −Infinity of a terminal. */
  readonly height: Float32Array;
  /** The lowest ways between terminals: those that are needed to know the lowest way between any two. */
  readonly links: EdgeList;
}

/**
 * `terminals` has 1 for nodes whose level is found elsewhere. Every node must be connected with one of them. Node 0, the outside, is preferred
 * where there is a choice.
 */
export function spillsOf(edges: EdgeList, nodes: number, terminals: Uint8Array): Spills {
  const parent = new Int32Array(nodes);
  const terminal = new Int32Array(nodes).fill(-1);
  const height = new Float32Array(nodes).fill(Number.NEGATIVE_INFINITY);
  const settled = new Int32Array(nodes); // of a root: its terminal, −1 of a component without one
  const ring = new Int32Array(nodes); // the members of a component without a terminal, one after the other
  for (let node = 0; node < nodes; node++) {
    parent[node] = ring[node] = node;
    settled[node] = terminals[node] ? node : -1;
    if (terminals[node]) terminal[node] = node;
  }
  const links = new EdgeList();
  const { a, b, weight } = edges;
  for (const edge of byWeight(edges)) {
    let from = rootOf(parent, a[edge]);
    let to = rootOf(parent, b[edge]);
    if (from === to) continue;
    if (settled[from] < 0) [from, to] = [to, from];
    const way = settled[from];
    const other = settled[to];
    parent[to] = from;
    if (way < 0) {
      const next = ring[from];
      ring[from] = ring[to];
      ring[to] = next;
    } else if (other < 0) {
      let member = to;
      do {
        terminal[member] = way;
        height[member] = weight[edge];
        member = ring[member];
      } while (member !== to);
    } else {
      links.add(way, other, weight[edge]);
      if (other < way) settled[from] = other;
    }
  }
  return { terminal, height, links };
}

function rootOf(parent: Int32Array, node: number): number {
  let at = node;
  while (parent[at] !== at) {
    parent[at] = parent[parent[at]];
    at = parent[at];
  }
  return at;
}

/** Edges from the lowest up: three rounds of counting sort on keys that order like the weights do. */
function byWeight({ weight, size }: EdgeList): Uint32Array {
  const bits = new Int32Array(weight.buffer, 0, size);
  let keys = new Uint32Array(size);
  let order = new Uint32Array(size);
  const counts = new Uint32Array(3 * 2048);
  for (let i = 0; i < size; i++) {
    const key = (bits[i] ^ ((bits[i] >> 31) | 0x80000000)) >>> 0;
    keys[i] = key;
    order[i] = i;
    counts[key & 2047]++;
    counts[2048 + ((key >>> 11) & 2047)]++;
    counts[4096 + (key >>> 22)]++;
  }
  let otherKeys = new Uint32Array(size);
  let otherOrder = new Uint32Array(size);
  for (let round = 0; round < 3; round++) {
    const places = counts.subarray(2048 * round, 2048 * (round + 1));
    for (let digit = 0, sum = 0; digit < 2048; digit++) {
      const count = places[digit];
      places[digit] = sum;
      sum += count;
    }
    const shift = 11 * round;
    for (let i = 0; i < size; i++) {
      const place = places[(keys[i] >>> shift) & 2047]++;
      otherKeys[place] = keys[i];
      otherOrder[place] = order[i];
    }
    [keys, otherKeys] = [otherKeys, keys];
    [order, otherOrder] = [otherOrder, order];
  }
  return order;
}
