/**
 * The same work only once: operators and stages of a graph that read the same fields with the same parameters become one node. Terrain is filled
 * and its directions are found once, however many models and years ask for it. Pure.
 */
import type { Graph, GraphNode, SolveNode, StageNode } from './graph.ts';
import { mapValues } from './map-values.ts';

export interface SharedGraph {
  readonly graph: Graph;
  /** What a field of the graph that was given is called in this one. */
  readonly fieldOf: (field: string) => string;
  /** The same for a stage or operator: what it found stands under the name of the one that ran. */
  readonly nodeOf: (name: string) => string;
}

/** Results are the same; a node that was shared keeps the name of the first. Stages with tables are left alone: those are of one model. */
export function shareNodes(graph: Graph): SharedGraph {
  const renamed = new Map<string, string>();
  const fieldOf = (field: string) => renamed.get(field) ?? field;
  const ran = new Map<string, string>();
  const nodes = new Map<string, GraphNode>();
  const known = new Map<string, string>();
  const fields = new Map(graph.fields);
  for (const given of graph.nodes) {
    const node = given.kind === 'merge' ? given : { ...given, reads: mapValues(given.reads, fieldOf) };
    const key = keyOf(node);
    const first = key === undefined ? undefined : known.get(key);
    if (first === undefined) {
      if (key !== undefined) known.set(key, node.name);
      nodes.set(node.name, node);
      continue;
    }
    ran.set(node.name, first);
    const before = nodes.get(first) as SolveNode | StageNode;
    const writes: Record<string, string> = { ...before.writes };
    for (const [plane, field] of Object.entries((node as SolveNode | StageNode).writes)) {
      if (plane in writes) {
        renamed.set(field, writes[plane]);
        fields.delete(field);
      } else writes[plane] = field;
    }
    nodes.set(first, { ...before, writes });
  }
  const sinks = new Set([...graph.sinks].map(fieldOf));
  const nodeOf = (name: string) => ran.get(name) ?? name;
  return { graph: { ...graph, fields, nodes: [...nodes.values()], sinks }, fieldOf, nodeOf };
}

/** Undefined for what is not shared. Reductions and merges have names that others know. */
function keyOf(node: GraphNode): string | undefined {
  if (node.kind === 'solve') return JSON.stringify([node.solver, node.reads, node.params]);
  if (node.kind !== 'local' && node.kind !== 'focal') return undefined;
  if (Object.keys(node.tables).length > 0) return undefined;
  return JSON.stringify([node.shader, node.entry, node.halo, node.reads, node.params]);
}
