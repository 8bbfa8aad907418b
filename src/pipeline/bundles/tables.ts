/** Bundles as tables: the nodes, the quality of each number of bundles, what each bundle is like, and what comes first in it. */

import { type CsvCell, csvText } from '../../io/tables/write-csv.ts';
import { adjacent, nodesOf } from '../../solvers/som/map.ts';
import { uMatrix } from '../../solvers/som/quality.ts';
import type { Samples } from '../../solvers/som/samples.ts';
import type { Bundle, Bundles } from './find-bundles.ts';

export interface BundleTables {
  readonly codebook: string;
  readonly quality: string;
  readonly profile: string;
  readonly priorities: string;
}

/** Features of a bundle, the one that comes first at the head. */
export type Ranking = (bundle: Pick<Bundle, 'means' | 'scaledMeans'>) => number[];

/** `cellArea`: in m²; areas are left out without it. */
export function bundleTables(
  samples: Samples,
  found: Bundles,
  cellArea: number | undefined,
  ranking: Ranking = priorities,
): BundleTables {
  return {
    codebook: csvText(codebookRows(samples, found)),
    quality: csvText(qualityRows(found)),
    profile: csvText(profileRows(samples, found, cellArea)),
    priorities: csvText(priorityRows(samples, found, ranking)),
  };
}

function codebookRows({ features, offset, divisor }: Samples, { map, codes }: Bundles): CsvCell[][] {
  const { codebook, hits, training } = map;
  const { columns } = training.map;
  const distances = uMatrix(training.map, codebook);
  const names = features.map(({ name }) => name);
  const lonely = (node: number) => !hits.some((_, other) => adjacent(training.map, node, other));
  const head = [
    'node',
    'row',
    'column',
    'bundle',
    'cells',
    'u_distance',
    ...names,
    ...names.map((name) => `${name}_unscaled`),
  ];
  const rows = Array.from({ length: nodesOf(training.map) }, (_, node): CsvCell[] => {
    const vector = features.map((_, f) => codebook[node * features.length + f]);
    return [
      node,
      Math.floor(node / columns),
      node % columns,
      codes[node],
      hits[node],
      lonely(node) ? undefined : distances[node],
      ...vector,
      ...vector.map((x, f) => offset[f] + divisor[f] * x),
    ];
  });
  return [head, ...rows];
}

function qualityRows({ curve, turns, chosen }: Bundles): CsvCell[][] {
  const head = [
    'bundles',
    'pseudo_f',
    'non_empty',
    'empty',
    'quantisation_error',
    'topographic_error',
    'first_turn',
    'maximum',
    'chosen',
  ];
  const inertia = curve.some((point) => point.inertia !== undefined) ? ['inertia'] : [];
  const rows = curve.map((point): CsvCell[] => [
    point.bundles,
    point.pseudoF,
    point.nonEmpty,
    point.bundles - point.nonEmpty,
    point.quantisation,
    point.topographic,
    Number(turns?.firstTurn === point.bundles),
    Number(turns?.maximum === point.bundles),
    Number(point === chosen),
    ...inertia.map(() => point.inertia),
  ]);
  return [[...head, ...inertia], ...rows];
}

function profileRows({ features, count }: Samples, { bundles }: Bundles, cellArea: number | undefined): CsvCell[][] {
  const names = features.map(({ name }) => name);
  const area = (cells: number) => (cellArea === undefined ? [] : [(cells * cellArea) / 1e6]);
  return [
    [
      'bundle',
      'cells',
      'share',
      ...(cellArea === undefined ? [] : ['area_km2']),
      ...names,
      ...names.map((name) => `${name}_scaled`),
    ],
    ...bundles.map(({ code, cells, share, means, scaledMeans }) => [
      code,
      cells,
      share,
      ...area(cells),
      ...means,
      ...scaledMeans,
    ]),
    ['all', count, 1, ...area(count), ...features.map(({ mean }) => mean), ...names.map(() => undefined)],
  ];
}

function priorityRows({ features }: Samples, { bundles }: Bundles, ranking: Ranking): CsvCell[][] {
  return [
    ['bundle', 'rank', 'feature', 'mean', 'mean_scaled'],
    ...bundles.flatMap((bundle) =>
      ranking(bundle).map((f, i) => [bundle.code, i + 1, features[f].name, bundle.means[f], bundle.scaledMeans[f]]),
    ),
  ];
}

/** Features by their mean in the bundle, the largest first, of equal ones the first. */
export function priorities({ means }: Pick<Bundle, 'means'>): number[] {
  return [...means.keys()].sort((a, b) => means[b] - means[a] || a - b);
}

/**
 * Features by need, the greatest first: the lowest mean class of risk (source 001, table 2), balance or supply, the highest demand. What has
 * units of its own in each service is compared as it is scaled.
 */
export function rankingOf(quantity: string): Ranking {
  const sign = quantity === 'demand' ? -1 : 1;
  const alike = quantity === 'risk' || quantity === 'ratio';
  return ({ means, scaledMeans }) => {
    const values = alike ? means : scaledMeans;
    return [...values.keys()].sort((a, b) => sign * (values[a] - values[b]) || a - b);
  };
}
