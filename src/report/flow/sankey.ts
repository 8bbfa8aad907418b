/** Layout of a Sankey diagram of two columns: origins on the left, ends on the right, heights in proportion to amounts. */

/** Where an amount comes from or goes to. Of one kind, those that are small are gathered into one. */
export interface Station {
  readonly key: string;
  readonly name: string;
  /** Kinds stand in the order in which they are given to the layout. */
  readonly kind: string;
}

export interface SankeyLink {
  readonly from: Station;
  readonly to: Station;
  readonly amount: number;
}

export interface SankeyNode {
  readonly key: string;
  readonly name: string;
  readonly kind: string;
  readonly amount: number;
  readonly top: number;
  readonly height: number;
  /** Middle of its label: beside the node, but no two labels touch. */
  readonly labelAt: number;
  /** How many stations it stands for. */
  readonly members: number;
}

export interface SankeyBand {
  /** Indices of nodes. */
  readonly from: number;
  readonly to: number;
  readonly amount: number;
  /** Upper edges at both ends. */
  readonly leftTop: number;
  readonly rightTop: number;
  readonly thickness: number;
}

export interface Sankey {
  readonly left: readonly SankeyNode[];
  readonly right: readonly SankeyNode[];
  readonly bands: readonly SankeyBand[];
  readonly total: number;
}

export interface SankeyFrame {
  readonly top: number;
  readonly height: number;
  /** Between two nodes, and between the middles of two labels at least. */
  readonly gap: number;
  readonly labelStep: number;
  /** Name of `count` stations of a kind in one. */
  readonly gathered: (kind: string, count: number) => string;
}

/** Of each kind at most so many stations have a node of their own, and none below this share of all. */
const MOST_OF_A_KIND = 10;
const LEAST_SHARE = 0.012;

/** Amounts of 0 and below are left out. @param kinds in the order from the top */
export function sankeyLayout(links: readonly SankeyLink[], kinds: readonly string[], frame: SankeyFrame): Sankey {
  const real = links.filter(({ amount }) => amount > 0);
  const total = real.reduce((sum, { amount }) => sum + amount, 0);
  const origins = gather(real, ({ from }) => from, kinds, total, frame);
  const ends = gather(real, ({ to }) => to, kinds, total, frame);
  const most = Math.max(origins.nodes.length, ends.nodes.length, 1);
  const scale = total > 0 ? (frame.height - (most - 1) * frame.gap) / total : 0;
  const left = placed(origins.nodes, scale, frame);
  const right = placed(ends.nodes, scale, frame);
  return { left, right, total, bands: bandsOf(real, origins.nodeOf, ends.nodeOf, left, right, scale) };
}

type Gathered = Omit<SankeyNode, 'top' | 'height' | 'labelAt'>;

interface Column {
  readonly nodes: readonly Gathered[];
  /** Index of the node by key of a station. */
  readonly nodeOf: ReadonlyMap<string, number>;
}

function gather(
  links: readonly SankeyLink[],
  side: (link: SankeyLink) => Station,
  kinds: readonly string[],
  total: number,
  { gathered }: SankeyFrame,
): Column {
  const stations = new Map<string, Station & { amount: number }>();
  for (const link of links) {
    const station = side(link);
    const known = stations.get(station.key);
    if (known) known.amount += link.amount;
    else stations.set(station.key, { ...station, amount: link.amount });
  }
  const nodes: Gathered[] = [];
  const nodeOf = new Map<string, number>();
  for (const kind of kinds) {
    const own = [...stations.values()].filter((station) => station.kind === kind);
    own.sort((a, b) => b.amount - a.amount || a.key.localeCompare(b.key));
    const large = own.filter(({ amount }, i) => i < MOST_OF_A_KIND && amount >= LEAST_SHARE * total);
    const alone = own.length - large.length < 2 ? own : large;
    for (const { key, name, amount } of alone) {
      nodeOf.set(key, nodes.length);
      nodes.push({ key, name, kind, amount, members: 1 });
    }
    const rest = own.slice(alone.length);
    if (rest.length === 0) continue;
    for (const { key } of rest) nodeOf.set(key, nodes.length);
    const amount = rest.reduce((sum, station) => sum + station.amount, 0);
    nodes.push({ key: `others ${kind}`, name: gathered(kind, rest.length), kind, amount, members: rest.length });
  }
  return { nodes, nodeOf };
}

/** Below one another, the whole column in the middle of the frame. */
function placed(nodes: readonly Gathered[], scale: number, frame: SankeyFrame): SankeyNode[] {
  const heights = nodes.map(({ amount }) => amount * scale);
  const whole = heights.reduce((sum, height) => sum + height, 0) + Math.max(0, nodes.length - 1) * frame.gap;
  let top = frame.top + (frame.height - whole) / 2;
  const tops = heights.map((height) => {
    const here = top;
    top += height + frame.gap;
    return here;
  });
  const labels = apart(
    tops.map((start, i) => start + heights[i] / 2),
    frame,
  );
  return nodes.map((node, i) => ({ ...node, top: tops[i], height: heights[i], labelAt: labels[i] }));
}

/** Moves places down, then back up from the lower edge, until each is a step from the next. */
function apart(places: readonly number[], { top, height, labelStep }: SankeyFrame): number[] {
  const moved = [...places];
  for (let i = 1; i < moved.length; i++) moved[i] = Math.max(moved[i], moved[i - 1] + labelStep);
  let lowest = Math.max(top + height, top + (moved.length - 1) * labelStep);
  for (let i = moved.length - 1; i >= 0; i--) {
    moved[i] = Math.min(moved[i], lowest);
    lowest = moved[i] - labelStep;
  }
  return moved;
}

function bandsOf(
  links: readonly SankeyLink[],
  leftOf: ReadonlyMap<string, number>,
  rightOf: ReadonlyMap<string, number>,
  left: readonly SankeyNode[],
  right: readonly SankeyNode[],
  scale: number,
): SankeyBand[] {
  const amounts = left.map(() => right.map(() => 0));
  for (const { from, to, amount } of links) amounts[leftOf.get(from.key)!][rightOf.get(to.key)!] += amount;
  const filled = right.map(({ top }) => top);
  return left.flatMap(({ top }, from) => {
    let leftTop = top;
    return right.flatMap((_, to): SankeyBand[] => {
      const amount = amounts[from][to];
      if (amount === 0) return [];
      const thickness = amount * scale;
      const band = { from, to, amount, leftTop, rightTop: filled[to], thickness };
      leftTop += thickness;
      filled[to] += thickness;
      return [band];
    });
  });
}
