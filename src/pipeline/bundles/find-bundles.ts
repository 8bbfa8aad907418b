/** Bundles of samples: maps trained as planned, the curve of pseudo-F, the one that is chosen, and what its bundles are. */
import { kMeans } from '../../solvers/som/kmeans.ts';
import { nodesOf } from '../../solvers/som/map.ts';
import { type Turns, turnsOf } from '../../solvers/som/quality.ts';
import type { Samples } from '../../solvers/som/samples.ts';
import {
  classQuality,
  type ExactSums,
  emptySums,
  type Trained,
  type TrainOptions,
  train,
} from '../../solvers/som/train.ts';
import type { BundlePlan } from './plan.ts';

/** One number of bundles. */
export interface CurvePoint {
  readonly bundles: number;
  /** NaN where there are fewer than two classes with cells. */
  readonly pseudoF: number;
  /** Classes that have cells. */
  readonly nonEmpty: number;
  readonly quantisation: number;
  readonly topographic: number;
  /** Of two stages: sum of squared distances of nodes to their centres. */
  readonly inertia?: number;
}

export interface Bundle {
  /** From 1. */
  readonly code: number;
  readonly nodes: readonly number[];
  readonly cells: number;
  /** Of all cells that have a value in every feature. */
  readonly share: number;
  /** Of each feature, in its unit and scaled. */
  readonly means: readonly number[];
  readonly scaledMeans: readonly number[];
}

export interface Bundles {
  readonly curve: readonly CurvePoint[];
  /** Where there is more than one number of bundles. */
  readonly turns?: Turns;
  readonly chosen: CurvePoint;
  /** The map whose nodes are the bundles, or are classed. */
  readonly map: Trained;
  /** Bundle of each node of that map, from 1: its own number, or that of its class. */
  readonly codes: readonly number[];
  /** Those that have cells. */
  readonly bundles: readonly Bundle[];
}

/** @throws EcofluxError InvalidInput where there are fewer cells than nodes */
export async function findBundles(samples: Samples, plan: BundlePlan, options: TrainOptions = {}): Promise<Bundles> {
  const { trainings, numbers, twoStage, choose } = plan;
  const trained = await train(samples, trainings, options);
  const points = twoStage
    ? numbers.map((k) => classed(samples, trained[0], k))
    : trained.map((map) => ({
        map,
        classes: Array.from(map.hits.keys()),
        point: { bundles: nodesOf(map.training.map), ...map.quality },
      }));
  const curve = points.map(({ point }) => point);
  const counts = curve.map(({ bundles }) => bundles);
  const turns =
    curve.length > 1
      ? turnsOf(
          counts,
          curve.map(({ pseudoF }) => pseudoF),
        )
      : undefined;
  const wanted = turns ? (choose === 'maximum' ? turns.maximum : turns.firstTurn) : counts[0];
  const { map, classes, point } = points[counts.indexOf(wanted)];
  const sums = sumsOfClasses(samples, map, classes, point.bundles);
  const filled = [...sums.counts.keys()].filter((c) => sums.counts[c] > 0);
  const codes = classes.map((c) => c + 1);
  return {
    curve,
    turns,
    chosen: point,
    map,
    codes,
    bundles: filled.map((c) => bundleOf(samples, sums, c, codes)),
  };
}

/** The second stage: `k` classes of the nodes. */
function classed(samples: Samples, map: Trained, k: number) {
  const { labels, inertia } = kMeans(map.codebook, map.hits, k);
  const { pseudoF, nonEmpty } = classQuality(samples, sumsOfClasses(samples, map, labels, k));
  return { map, classes: [...labels], point: { bundles: k, ...map.quality, pseudoF, nonEmpty, inertia } };
}

/** Rows of the nodes of each class together. */
function sumsOfClasses(
  { quantum }: Samples,
  { hits, sums }: Trained,
  classes: readonly number[],
  k: number,
): ExactSums {
  const features = quantum.length;
  const out = emptySums(k, features);
  for (const [node, c] of classes.entries()) {
    out.counts[c] += hits[node];
    out.sums.addFrom(c * features, sums, node * features, features);
  }
  return out;
}

function bundleOf(
  { count, features, quantum, offset, divisor }: Samples,
  { counts, sums }: ExactSums,
  c: number,
  codes: readonly number[],
): Bundle {
  const code = c + 1;
  const scaledMeans = features.map((_, f) => (sums.value(c * features.length + f) / counts[c]) * quantum[f]);
  return {
    code,
    nodes: codes.flatMap((own, node) => (own === code ? [node] : [])),
    cells: counts[c],
    share: counts[c] / count,
    means: scaledMeans.map((mean, f) => offset[f] + divisor[f] * mean),
    scaledMeans,
  };
}
