/**
 * Models of InVEST from GeoTIFFs to COGs, as `ecoflux invest` runs them: InVEST's final outputs without its intermediates. Each is verified first
 * on a small grid (verify-invest.ts), then timed in processes of its own, beside what InVEST 3.20 itself reaches.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, BenchOptions } from './bench.ts';
import { argumentsOf, INVEST_CASES, type InvestCase } from './invest-cases.ts';
import { investInputs } from './invest-inputs.ts';
import { describeMachine, machineLine } from './machine.ts';
import { type InvestMeasure, measureInvest } from './measured-invest.ts';
import { formatSpread, type Spread, spreadOf, tableLines } from './timing.ts';
import { verifyCase } from './verify-invest.ts';

const SIZES = [1024, 2048, 4096, 8192];
/** The size of InVEST's own figures. */
const OF_INVEST = 2048;
const VERIFIED = 256;
/** Fewer for the largest. */
const roundsOf = (edge: number) => (edge > 4096 ? 1 : edge > 2048 ? 2 : 3);

interface Result {
  readonly name: string;
  readonly size: number;
  readonly seconds: Spread;
  readonly cpuSeconds: number;
  readonly millionCellsPerSecond: number;
  /** Time per cell against that of the smallest size. */
  readonly growth: number;
  readonly peakMB: number;
  readonly bytes: number;
  readonly device: string;
  /** Milliseconds of the workers by task. */
  readonly busy: Readonly<Record<string, number>>;
  /** Against InVEST 3.20 on 2048². */
  readonly timesInvest: number;
  readonly aim: number;
}

/** All models at the size of InVEST's figures. */
export const invest: Bench = (options) => measureCases(INVEST_CASES, [OF_INVEST], options);

/** One model at several sizes. */
export function investBench(model: string): Bench {
  const cases = INVEST_CASES.filter((each) => each.model === model);
  return (options) => measureCases(cases, SIZES, options);
}

async function measureCases(
  cases: readonly InvestCase[],
  usual: readonly number[],
  options: BenchOptions,
): Promise<Record<string, unknown>> {
  const { log, platform, size, scratch, signal } = options;
  const machine = await describeMachine(platform);
  const sizes = size === undefined ? usual : [size];
  log(`${[...new Set(cases.map(({ model }) => model))].join(', ')}, GeoTIFF to COG; ${machineLine(machine)}`);
  const out = join(scratch ?? tmpdir(), `ecoflux-bench-out-${process.pid}`);
  await mkdir(out, { recursive: true });
  try {
    const edge = Math.min(VERIFIED, ...sizes);
    const small = await investInputs(edge, options);
    const verified: Record<string, unknown> = {};
    for (const each of cases) {
      const found = await verifyCase(each, small, edge, Math.max(...sizes) ** 2, out, options);
      verified[each.name] = found;
      log(
        `verified: ${each.name} on ${edge}², ${found.stages} results of stages as defined in float64; files alike in small tiles and in one`,
      );
    }
    const results: Result[] = [];
    for (const each of sizes) {
      const inputs = await investInputs(each, options);
      const measures = cases.map((): InvestMeasure[] => []);
      for (let round = 0; round < roundsOf(each); round++)
        for (const [i, one] of cases.entries()) measures[i].push(await measure(one, inputs, out, options, signal));
      for (const [i, one] of cases.entries()) {
        const first = results.find(({ name }) => name === one.name);
        results.push(resultOf(one, each, measures[i], first));
      }
    }
    for (const line of tableLines([HEAD, ...results.map(rowOf)])) log(line);
    log(
      `times InVEST: against InVEST 3.20 on ${OF_INVEST}² (a machine like that of the project’s measurements, not measured here), which always writes its intermediates too`,
    );
    for (const each of results) log(busyLine(each));
    for (const device of new Set(results.map((each) => each.device))) log(device);
    return { machine, verified, results };
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

async function measure(
  each: InvestCase,
  inputs: string,
  out: string,
  { device, memory, scratch, tile }: BenchOptions,
  signal: AbortSignal,
): Promise<InvestMeasure> {
  const file = join(out, 'arguments.json');
  await writeFile(file, argumentsOf(each, inputs));
  const { model, order } = each;
  const workspace = join(out, 'workspace');
  const measured = await measureInvest({ model, file, workspace, order, device, memory, scratch, tile }, signal);
  await rm(workspace, { recursive: true, force: true });
  return measured;
}

const HEAD = [
  'model',
  'cells',
  's: min (mean ± dev)',
  'processor s',
  'Mcells/s',
  'growth',
  'peak MB',
  'MB out',
  'times InVEST',
  'aim',
];

function rowOf(each: Result): string[] {
  return [
    each.name,
    `${each.size}²`,
    formatSpread(each.seconds, 2),
    each.cpuSeconds.toFixed(1),
    each.millionCellsPerSecond.toFixed(2),
    each.growth.toFixed(2),
    each.peakMB.toFixed(0),
    (each.bytes / 1e6).toFixed(0),
    each.timesInvest.toFixed(1),
    String(each.aim),
  ];
}

const TASKS_SHOWN = 6;

/** What the workers did most of the time. */
function busyLine({ name, size, busy }: Result): string {
  const tasks = Object.entries(busy).sort(([, a], [, b]) => b - a);
  const shown = tasks
    .slice(0, TASKS_SHOWN)
    .map(([task, milliseconds]) => `${task} ${(milliseconds / 1000).toFixed(2)} s`);
  return `workers of ${name}, ${size}²: ${shown.join(', ')}`;
}

function resultOf(
  { name, invest: theirs, aim }: InvestCase,
  size: number,
  measures: readonly InvestMeasure[],
  first: Result | undefined,
): Result {
  const seconds = spreadOf(measures.map((each) => each.seconds));
  const millionCellsPerSecond = size ** 2 / seconds.min / 1e6;
  const best = measures.find((each) => each.seconds === seconds.min)!;
  return {
    name,
    size,
    seconds,
    cpuSeconds: Math.min(...measures.map((each) => each.cpuSeconds)),
    millionCellsPerSecond,
    growth: (first?.millionCellsPerSecond ?? millionCellsPerSecond) / millionCellsPerSecond,
    peakMB: Math.max(...measures.map((each) => each.peakMB)),
    bytes: best.bytes,
    device: best.device,
    busy: best.busy,
    timesInvest: millionCellsPerSecond / theirs,
    aim,
  };
}
