/** The part of an analysis that some of its files need. */
import { rangeOf } from '../../engine/found-params.ts';
import type { Graph } from '../../engine/graph.ts';
import { pruneGraph } from '../../engine/prune-graph.ts';
import type { AnalysisOutput } from '../analysis-output.ts';
import type { Watched } from '../doubtful-values.ts';

/** What these files and their totals need, with the ranges of watched layers that it reads. */
export function onlyFor(graph: Graph, outputs: readonly AnalysisOutput[], watched: readonly Watched[]): Graph {
  const sinks = new Set(outputs.map(({ field }) => field));
  const totals = outputs.flatMap(({ totals }) => (typeof totals === 'object' ? [totals.range, totals.sum] : []));
  const { nodes } = pruneGraph(graph, sinks, totals);
  const read = new Set(nodes.flatMap((node) => (node.kind === 'merge' ? [] : Object.values(node.reads))));
  const ranges = watched.filter(({ field }) => read.has(field)).map(({ field }) => rangeOf(field));
  return pruneGraph(graph, sinks, [...totals, ...ranges]);
}
