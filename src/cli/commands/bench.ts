import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { EcofluxError } from '../../core/errors.ts';
import { addCommonOptions, type CommonFlags, positiveInteger } from '../options.ts';
import { inSession, type Session } from '../session.ts';

type Bench = (
  options: Session & {
    readonly log: (line: string) => void;
    readonly size?: number;
    readonly peers?: string;
    readonly save?: boolean;
    readonly note?: string;
  },
) => Promise<Record<string, unknown>>;

/** Benchmarks, each verified before it is timed. They lie in bench/, compiled to dist/bench. */
export function addBench(program: Command): void {
  const command = program
    .command('bench')
    .argument(
      '[name]',
      'one of kernels, codec, run, memory, warp, zonal, stream, distance, convolve, hotspots, flow, som, routing, invest, sdr, ndr, habitat; all of them when left out',
    )
    .description('measure speed, after checking the result');
  addCommonOptions(command)
    .option('--size <cells>', 'cells along an edge of the grids')
    .option('--peers <dir>', 'folder of scripts that do the same job otherwise, to be timed in turns')
    .option('--save', 'keep the results in bench/results')
    .option('--note <text>', 'what tells these results from others of the same machine')
    .action(
      async (
        name: string | undefined,
        flags: CommonFlags & { size?: string; peers?: string; save?: boolean; note?: string },
      ) => {
        process.exitCode = await inSession(flags, async (session) => {
          const benches = await loadBenches();
          const names = name === undefined ? Object.keys(benches) : [name];
          const results: Record<string, unknown> = {};
          for (const each of names) {
            if (!Object.hasOwn(benches, each))
              throw new EcofluxError('InvalidConfiguration', `there is no benchmark '${each}'`, {
                expected: Object.keys(benches).join(', '),
              });
            results[each] = await benches[each]({
              ...session,
              log: session.console.log,
              size: flags.size === undefined ? undefined : positiveInteger('--size', flags.size),
              peers: flags.peers,
              save: flags.save,
              note: flags.note,
            });
          }
          session.console.result('', results);
          return 0;
        });
      },
    );
}

async function loadBenches(): Promise<Readonly<Record<string, Bench>>> {
  const index = new URL('../../bench/index.js', import.meta.url);
  if (!existsSync(fileURLToPath(index)))
    throw new EcofluxError('Unsupported', 'the benchmarks are not part of an installed package', {
      fix: 'run them from a clone of the project',
    });
  return ((await import(index.href)) as { BENCHES: Readonly<Record<string, Bench>> }).BENCHES;
}
