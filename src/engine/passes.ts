/** Which stages share a visit to a tile: a graph cut into passes. Pure. */
import { EcofluxError } from '../core/errors.ts';
import type { Graph, GraphNode, MergeNode, Param, SolveNode, StageNode } from './graph.ts';

/** Stages that run on a tile while it is resident, in one submit; after all tiles, global operators over what is complete then. */
export interface Pass {
  readonly index: number;
  readonly nodes: readonly StageNode[];
  readonly merges: readonly MergeNode[];
  /** One after the other, when all tiles have been visited. */
  readonly solves: readonly SolveNode[];
  /** Fields that an operator of this pass makes and later ones, or later passes, read. */
  readonly solved: readonly string[];
  /** Cells of padding around each plane. */
  readonly halo: number;
  /** Fields that enter: from sources, or from the store. */
  readonly reads: readonly string[];
  /** Those of `reads` that a focal stage looks at through its window; of the others only the tile itself is needed. */
  readonly windows: readonly string[];
  /** Fields made by the visits that later passes, or operators of this one, read. */
  readonly keeps: readonly string[];
  /** Stored fields that no later pass reads. */
  readonly drops: readonly string[];
  /** Fields that become files in this pass: made here, or sources that are wanted as they are. */
  readonly sinks: readonly string[];
  /** Planes resident during a visit. */
  readonly planes: number;
}

/**
 * A stage joins the earliest visit at which everything it reads is at hand. A window reaches into neighbouring tiles, so what it
 * looks at must be complete: made in an earlier pass. So must a record, which needs every tile.
 * @throws EcofluxError Bug for a stage that reads what nothing before it makes
 */
export function passesOf(graph: Graph): Pass[] {
  const madeIn = new Map<string, number>();
  const foundIn = new Map<string, number>();
  const levels: { nodes: StageNode[]; merges: MergeNode[]; solves: SolveNode[] }[] = [];
  const solved = new Set<string>();
  for (const node of graph.nodes) {
    const level = levelOf(graph, node, { madeIn, solved, foundIn });
    levels[level] ??= { nodes: [], merges: [], solves: [] };
    if (node.kind === 'merge') levels[level].merges.push(node);
    else if (node.kind === 'solve') {
      levels[level].solves.push(node);
      for (const field of Object.values(node.writes)) solved.add(field);
    } else levels[level].nodes.push(node);
    if (node.kind !== 'solve' && node.record) foundIn.set(node.record, level);
    if (node.kind !== 'merge') for (const field of Object.values(node.writes)) madeIn.set(field, level);
  }
  const wantedSources = [...graph.sinks].filter((field) => graph.fields.get(field)!.source);
  if (wantedSources.length > 0) levels[0] ??= { nodes: [], merges: [], solves: [] };
  const lastRead = new Map<string, number>();
  for (const [level, { nodes, solves }] of levels.entries())
    for (const field of [...nodes, ...solves].flatMap(readsOf)) if (madeIn.has(field)) lastRead.set(field, level);
  return levels.map(({ nodes, merges, solves }, index): Pass => {
    const sources = index === 0 ? wantedSources : [];
    const made = new Set(nodes.flatMap((node) => Object.values(node.writes)));
    const reads = new Set([...sources, ...nodes.flatMap(readsOf)].filter((field) => !made.has(field)));
    const toSolve = new Set(solves.flatMap(readsOf));
    const bySolves = solves.flatMap((node) => Object.values(node.writes));
    const wantedLater = (field: string) => (lastRead.get(field) ?? 0) > index || toSolve.has(field);
    const stored = new Set([...reads, ...toSolve, ...made, ...bySolves]);
    return {
      index,
      nodes,
      merges,
      solves,
      solved: bySolves.filter(wantedLater),
      halo: Math.max(0, ...nodes.map(({ halo }) => halo)),
      reads: [...reads],
      windows: [...new Set(nodes.filter(({ halo }) => halo > 0).flatMap(readsOf))],
      keeps: [...made].filter(wantedLater),
      drops: [...stored].filter((field) => lastRead.get(field) === index && (reads.has(field) || toSolve.has(field))),
      sinks: [...[...graph.sinks].filter((field) => made.has(field)), ...sources],
      planes: reads.size + made.size,
    };
  });
}

/** Records that parameters are taken from. */
export function recordsOf(params: Readonly<Record<string, Param>>): string[] {
  return Object.values(params).flatMap((param) => (typeof param === 'number' ? [] : [param.record]));
}

export function readsOf(node: StageNode | SolveNode): string[] {
  return Object.values(node.reads);
}

function levelOf(
  graph: Graph,
  node: GraphNode,
  {
    madeIn,
    solved,
    foundIn,
  }: {
    readonly madeIn: ReadonlyMap<string, number>;
    readonly solved: ReadonlySet<string>;
    readonly foundIn: ReadonlyMap<string, number>;
  },
): number {
  const found = (record: string) => {
    const level = foundIn.get(record);
    if (level === undefined)
      throw new EcofluxError('Bug', `${node.name} needs the record '${record}', which nothing before it finds`);
    return level;
  };
  const records = recordsOf(node.params).map((record) => found(record) + 1);
  if (node.kind === 'merge') return Math.max(0, ...records, ...node.from.map(found));
  const wait = node.kind !== 'solve' && node.halo > 0;
  const fields = readsOf(node).map((field) => {
    const level = madeIn.get(field);
    // A visit cannot wait for an operator of its own pass; another operator comes after it.
    if (level !== undefined) return level + (wait || (node.kind !== 'solve' && solved.has(field)) ? 1 : 0);
    if (graph.fields.get(field)?.source) return 0;
    throw new EcofluxError('Bug', `${node.name} reads the field '${field}', which nothing before it makes`);
  });
  return Math.max(0, ...fields, ...records);
}
