/** What is to be trained, from options as a user writes them: chains for numbers of bundles, one map, or a map and the classes of its nodes. */
import { EcofluxError, throwAll } from '../../core/errors.ts';
import { chain, type SomMap, type Topology } from '../../solvers/som/map.ts';
import { SCALINGS, type Scaling } from '../../solvers/som/samples.ts';
import type { Cooling, Initialisation, Training } from '../../solvers/som/training.ts';
import { nearest } from '../nearest.ts';
import { Problems } from '../problems.ts';

/** As written. */
export interface BundleOptions {
  readonly nodes?: string;
  readonly rows?: string;
  readonly columns?: string;
  readonly topology?: string;
  readonly epochs?: string;
  readonly sigma?: string;
  readonly cooling?: string;
  readonly init?: string;
  readonly seed?: string;
  readonly scale?: string;
  readonly two_stage?: string | boolean;
  readonly choose?: string;
}

export type Choice = 'first_turn' | 'maximum';

export interface BundlePlan {
  readonly trainings: readonly Training[];
  /** Numbers of bundles of the chains, or of the classes of the map's nodes; of neither where each node of the map is a bundle. */
  readonly numbers: readonly number[];
  readonly twoStage: boolean;
  readonly scaling: Scaling;
  readonly choose: Choice;
}

const MOST_NODES = 10_000;

/** @throws EcofluxError or ManyErrors InvalidConfiguration */
export function bundlePlan(options: BundleOptions): BundlePlan {
  const problems = new Problems();
  const read = <T>(work: () => T): T | undefined => problems.take(work)[0];
  const { two_stage } = options;
  const second = two_stage !== undefined && two_stage !== false && !/^(no|false)$/i.test(String(two_stage));
  const saidBy = second && !/^(yes|true|)$/i.test(String(two_stage)) ? String(two_stage) : undefined;
  const isMap = options.rows !== undefined || options.columns !== undefined;
  const rows = read(() => (isMap ? whole('rows', options.rows ?? '1', 1, MOST_NODES) : 1)) ?? 1;
  const columns = read(() => (isMap ? whole('columns', options.columns ?? '1', 1, MOST_NODES) : 1)) ?? 1;
  const numbers =
    read(() => {
      if (isMap && !second) {
        if (options.nodes !== undefined)
          throw new EcofluxError('InvalidConfiguration', 'a map of rows and columns has as many nodes as it has', {
            found: `--nodes ${options.nodes} beside --rows and --columns`,
            fix: 'leave one of them out, or ask for classes of the nodes with --two-stage',
          });
        return [];
      }
      if (second && !isMap)
        throw new EcofluxError('InvalidConfiguration', 'two stages need a map whose nodes are classed', {
          fix: 'give --rows and --columns, such as 8 and 8',
        });
      return second && saidBy !== undefined ? range('two_stage', saidBy) : range('nodes', options.nodes ?? '2..30');
    }) ?? [];
  if (rows * columns > MOST_NODES || (second && numbers.some((k) => k > rows * columns)))
    problems.add(
      new EcofluxError('InvalidConfiguration', second ? 'there are more classes than nodes' : 'the map is too large', {
        found: `${rows} × ${columns} nodes`,
        expected: `at most ${MOST_NODES} nodes, and no more classes than these`,
        fix: 'change --rows and --columns',
      }),
    );
  const topology =
    read(() => choice<Topology>('topology', options.topology, ['hexagonal', 'rectangular'])) ?? 'hexagonal';
  const cooling = read(() => choice<Cooling>('cooling', options.cooling, ['exponential', 'linear'])) ?? 'exponential';
  const init = read(() => choice<Initialisation>('init', options.init, ['pca', 'sample'])) ?? 'pca';
  const scaling = read(() => choice<Scaling>('scale', options.scale, SCALINGS)) ?? 'zscore';
  const choose = read(() => choice<Choice>('choose', options.choose, ['first_turn', 'maximum'])) ?? 'first_turn';
  const epochs = read(() => whole('epochs', options.epochs ?? '20', 1, 1e5)) ?? 1;
  const seed = read(() => whole('seed', options.seed ?? '0', 0, 2 ** 32 - 1)) ?? 0;
  const sigma = read(() => sigmaOf(options.sigma));
  throwAll(problems.all);
  const shared = { epochs, cooling, init, seed };
  const map: SomMap = { rows, columns, topology };
  const trainings: Training[] = isMap
    ? [{ ...shared, map, sigma: sigma ?? [Math.max(rows, columns, 2) / 2, 0.5] }]
    : numbers.map((k) => ({ ...shared, map: chain(k), sigma: sigma ?? [Math.max(k / 4, 0.5), 0.25] }));
  return { trainings, numbers, twoStage: second, scaling, choose };
}

function choice<T extends string>(name: string, text: string | undefined, choices: readonly T[]): T {
  if (text === undefined) return choices[0];
  const found = choices.find((each) => each === text.trim().toLowerCase());
  if (found) return found;
  const close = nearest(text, choices);
  throw new EcofluxError('InvalidConfiguration', `--${name} is none of its choices`, {
    found: text,
    expected: choices.join(' or '),
    fix: close ? `write ${close}` : 'choose one of them',
  });
}

function whole(name: string, text: string, low: number, high: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new EcofluxError('InvalidConfiguration', `--${name} is no whole number from ${low} to ${high}`, {
    found: `'${text}'`,
    fix: 'correct the value',
  });
}

/** "7" or "2..30". */
function range(name: string, text: string): number[] {
  const match = /^\s*(\d+)\s*(?:\.\.\s*(\d+))?\s*$/.exec(text);
  const from = Number(match?.[1]);
  const to = Number(match?.[2] ?? from);
  if (match && from >= 2 && to >= from && to <= MOST_NODES)
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  throw new EcofluxError('InvalidConfiguration', `--${name.replace('_', '-')} is no number of bundles`, {
    found: `'${text}'`,
    expected: 'K or MIN..MAX from 2, such as 7 or 2..30',
    fix: 'correct the value',
  });
}

function sigmaOf(text: string | undefined): readonly [number, number] | undefined {
  if (text === undefined) return undefined;
  const [start, end = start, ...more] = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (start > 0 && end > 0 && Number.isFinite(start + end) && more.length === 0) return [start, end];
  throw new EcofluxError('InvalidConfiguration', '--sigma is no pair of widths', {
    found: `'${text}'`,
    expected: 'start,end above 0, such as 3,0.5',
    fix: 'correct the value',
  });
}
