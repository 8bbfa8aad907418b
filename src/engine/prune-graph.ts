/** Of a graph only what certain files and records need. Pure. */
import type { Graph, GraphNode, Param } from './graph.ts';

/** Keeps the nodes behind `sinks` and `records`, in their order. */
export function pruneGraph(graph: Graph, sinks: ReadonlySet<string>, records: Iterable<string>): Graph {
  const wantedFields = new Set(sinks);
  const wantedRecords = new Set(records);
  const kept: GraphNode[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!isWanted(node, wantedFields, wantedRecords)) continue;
    kept.push(node);
    for (const record of recordsIn(Object.values(node.params))) wantedRecords.add(record);
    if (node.kind === 'merge') for (const record of node.from) wantedRecords.add(record);
    else for (const field of Object.values(node.reads)) wantedFields.add(field);
  }
  const fields = new Map([...graph.fields].filter(([name, { source }]) => wantedFields.has(name) || !source));
  const made = new Set(kept.flatMap((node) => (node.kind === 'merge' ? [] : Object.values(node.writes))));
  for (const [name, { source }] of fields) if (!source && !made.has(name)) fields.delete(name);
  return { ...graph, fields, nodes: kept.reverse(), sinks };
}

function isWanted(node: GraphNode, fields: ReadonlySet<string>, records: ReadonlySet<string>): boolean {
  if (node.kind === 'merge') return records.has(node.record);
  if (node.kind === 'reduce') return records.has(node.record!);
  return Object.values(node.writes).some((field) => fields.has(field));
}

function recordsIn(params: readonly Param[]): string[] {
  return params.flatMap((param) => (typeof param === 'number' ? [] : [param.record]));
}
