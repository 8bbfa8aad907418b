/** The benchmarks by name, for `ecoflux bench`. */
import type { Bench, BenchOptions } from './bench.ts';
import { benchCodec } from './codec.ts';
import { convolutions } from './convolve.ts';
import { distances } from './distance.ts';
import { flows } from './flow.ts';
import { hotspots } from './hotspots.ts';
import { invest, investBench } from './invest.ts';
import { kernels } from './kernels.ts';
import { describeMachine } from './machine.ts';
import { memory } from './memory.ts';
import { saveResult } from './results.ts';
import { routing } from './routing.ts';
import { run } from './run.ts';
import { maps } from './som.ts';
import { stream } from './stream.ts';
import { warp } from './warp.ts';
import { zonal } from './zonal.ts';

const ALL: Readonly<Record<string, Bench>> = {
  kernels,
  codec: benchCodec,
  run,
  memory,
  warp,
  zonal,
  stream,
  distance: distances,
  convolve: convolutions,
  hotspots,
  routing,
  flow: flows,
  som: maps,
  invest,
  sdr: investBench('sdr'),
  ndr: investBench('ndr'),
  habitat: investBench('habitat_quality'),
};

export const BENCHES: Readonly<Record<string, Bench>> = Object.fromEntries(
  Object.entries(ALL).map(([name, bench]) => [name, (options: BenchOptions) => recorded(name, bench, options)]),
);

/** Keeps what was logged and measured where `--save` asks for it; `--note` tells runs of one machine apart: another driver, say. */
async function recorded(name: string, bench: Bench, options: BenchOptions): Promise<Record<string, unknown>> {
  const text: string[] = [];
  const log = (line: string) => {
    text.push(line);
    options.log(line);
  };
  const result = await bench({ ...options, log });
  if (options.save) {
    const machine = await describeMachine(options.platform);
    const title = options.note ? `${name} (${options.note})` : name;
    options.log(`kept in ${await saveResult(machine, title, { text, result })}`);
  }
  return result;
}
