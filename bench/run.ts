/**
 * Annual water yield from five GeoTIFFs to three, against a script of numpy and GDAL that does the same: first the results are compared,
 * then both are timed in turns. With the compression of that script (deflate at level 6, predictor 3, no overviews), and with our own defaults.
 */
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EcofluxError } from '#ecoflux/core/errors.js';
import type { DeviceChoice } from '#ecoflux/gpu/choose.js';
import type { Bench, BenchOptions } from './bench.ts';
import { compareRasters } from './compare-rasters.ts';
import { type YieldInputs, yieldInputs } from './inputs.ts';
import { describeMachine, machineLine } from './machine.ts';
import { measureRun, type RunMeasure, type RunRequest } from './measured-run.ts';
import { findPeer, measurePeer, type Peer, type PeerMeasure } from './peer.ts';
import { formatSpread, spreadOf, tableLines } from './timing.ts';

const SIZE = 4096;
const ROUNDS = 5;
/** The script computes in float32 without guarding 1 + phi − (1 + phi^w)^(1/w) against cancellation: a few units of 2^-22, times some 2000 mm. */
const TOLERANCE = {
  fractp: { rtol: 0, atol: 5e-6 },
  aet: { rtol: 0, atol: 0.01 },
  wyield: { rtol: 0, atol: 0.01 },
} as const;

interface Contestant {
  readonly name: string;
  readonly device: DeviceChoice;
  readonly writing: RunRequest['writing'];
}

export const run: Bench = async (options) => {
  const { platform, log, size = SIZE, signal } = options;
  const machine = await describeMachine(platform);
  const peer = findPeer(options.peers ?? process.env.ECOFLUX_PEERS, 'awy.py', log);
  log(`annual water yield, ${size} × ${size} cells; ${machineLine(machine)}${peer ? `; ${peer.versions}` : ''}`);
  const inputs = await yieldInputs(size, options);
  const out = join(options.scratch ?? tmpdir(), `ecoflux-bench-out-${process.pid}`);
  try {
    const contestants = contestantsOf(options, machine.adapters);
    const differences = peer ? await verify(peer, contestants, inputs, out, options) : undefined;
    const ours = new Map<string, RunMeasure[]>();
    const theirs: PeerMeasure[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      for (const { name, device, writing } of contestants)
        ours.set(name, [
          ...(ours.get(name) ?? []),
          await measureRun(requestOf(options, inputs, join(out, 'ours'), device, writing), signal),
        ]);
      if (peer) theirs.push(await measurePeer(peer, [inputs.folder, join(out, 'theirs')], signal));
    }
    const results = [...ours].map(([name, measures]) => ({ name, ...summary(measures, theirs) }));
    const theirSeconds = theirs.length > 0 ? spreadOf(theirs.map(({ seconds }) => seconds)) : undefined;
    const theirCpu = theirs.length > 0 ? spreadOf(theirs.map(({ cpuSeconds }) => cpuSeconds)) : undefined;
    const head = ['run', 's: min (mean ± dev)', 'processor s', 'Mcells/s', 'times faster', 'peak MB', 'MB out'];
    const rows = results.map(({ name, seconds, cpuSeconds, ratio, peakMB, bytes }) => [
      name,
      formatSpread(seconds, 2),
      cpuSeconds.min.toFixed(1),
      (size ** 2 / seconds.min / 1e6).toFixed(2),
      ratio?.toFixed(2) ?? '',
      peakMB.toFixed(0),
      (bytes / 1e6).toFixed(1),
    ]);
    if (theirSeconds && theirCpu)
      rows.push([
        'numpy and GDAL',
        formatSpread(theirSeconds, 2),
        theirCpu.min.toFixed(1),
        (size ** 2 / theirSeconds.min / 1e6).toFixed(2),
        '1',
        Math.max(...theirs.map(({ peakMB }) => peakMB)).toFixed(0),
        '',
      ]);
    for (const line of tableLines([head, ...rows])) log(line);
    log('');
    for (const line of tableLines([
      ['share of the workers’ and main thread’s time', 'decode', 'upload', 'kernel', 'readback', 'encode', 'idle'],
      ...results.map(({ name, shares }) => [
        name,
        ...Object.values(shares).map((share) => `${(100 * share).toFixed(0)} %`),
      ]),
    ]))
      log(line);
    return {
      size,
      machine,
      peer: peer && { versions: peer.versions, seconds: theirSeconds, cpuSeconds: theirCpu },
      differences,
      runs: results,
    };
  } finally {
    await rm(out, { recursive: true, force: true });
  }
};

/** Every kind of device there is, or the one asked for; each as the peer writes, the first also as we do by default. */
function contestantsOf({ device }: BenchOptions, adapters: readonly string[]): Contestant[] {
  const software = adapters.some((name) => name.endsWith('(software)'));
  const hardware = adapters.some((name) => !name.endsWith('(software)'));
  const all: DeviceChoice[] = [
    ...(hardware ? ['gpu' as const] : []),
    ...(software ? ['software' as const] : []),
    'cpu',
  ];
  const devices = device === 'auto' ? all : [device];
  return [
    ...devices.map((each) => ({
      name: `${each}, zlib level 6`,
      device: each,
      writing: { level: 6, overviews: false },
    })),
    ...devices.map((each) => ({ name: `${each}, our level`, device: each, writing: { overviews: false } })),
    { name: `${device}, our defaults`, device, writing: {} },
  ];
}

function requestOf(
  { memory, scratch, tile }: BenchOptions,
  inputs: YieldInputs,
  out: string,
  device: DeviceChoice,
  writing: RunRequest['writing'],
): RunRequest {
  return { inputs, out, device, memory, scratch, tile, writing };
}

/** Largest difference of each output between ours and the peer's. */
async function verify(
  peer: Peer,
  contestants: readonly Contestant[],
  inputs: YieldInputs,
  out: string,
  options: BenchOptions,
): Promise<Record<string, number>> {
  const differences: Record<string, number> = {};
  await measurePeer(peer, [inputs.folder, join(out, 'theirs')], options.signal);
  for (const device of new Set(contestants.map((each) => each.device))) {
    await measureRun(requestOf(options, inputs, join(out, 'ours'), device, { overviews: false }), options.signal);
    for (const [output, tolerance] of Object.entries(TOLERANCE)) {
      const { cells, maxAbsolute, off } = await compareRasters(
        join(out, 'ours', `${output}.tif`),
        join(out, 'theirs', `${output}.tif`),
        tolerance,
      );
      if (off > 0 || cells === 0)
        throw new EcofluxError('VerificationFailed', `${output} (${device}) differs from that of ${peer.script}`, {
          found: `${off} cells, by ${maxAbsolute} at most`,
          expected: `at most ${tolerance.atol}`,
        });
      differences[output] = Math.max(differences[output] ?? 0, maxAbsolute);
    }
  }
  options.log(
    `verified: ${Object.entries(differences)
      .map(([output, most]) => `${output} within ${most.toPrecision(2)}`)
      .join(', ')}`,
  );
  return differences;
}

function summary(measures: readonly RunMeasure[], theirs: readonly PeerMeasure[]) {
  const seconds = spreadOf(measures.map((measure) => measure.seconds));
  const best = measures.find((measure) => measure.seconds === seconds.min)!;
  const { busy, timings, workers } = best;
  const kernel = timings.stages.length > 0 ? 0 : (busy.run_stages ?? 0);
  const onDevice = timings.stages.reduce((sum, [, nanoseconds]) => sum + nanoseconds / 1e6, 0);
  // A software device uses all cores for its kernels; a hardware one uses none, and the kernels' time is then not part of the whole.
  const whole = workers * best.seconds * 1000;
  const parts = {
    decode: (busy.read_plane ?? 0) + (busy.count_classes ?? 0),
    upload: timings.upload,
    kernel: kernel + onDevice * workers,
    readback: timings.readback,
    encode: (busy.encode_block ?? 0) + (busy.encode_overview ?? 0),
  };
  const used = Object.values(parts).reduce((sum, part) => sum + part, 0);
  const shares = Object.fromEntries(
    Object.entries({ ...parts, idle: Math.max(0, whole - used) }).map(([name, part]) => [name, part / whole]),
  );
  return {
    seconds,
    cpuSeconds: spreadOf(measures.map((measure) => measure.cpuSeconds)),
    /** Of the best of each: what both can do when nothing disturbs them. */
    ratio: theirs.length > 0 ? Math.min(...theirs.map((each) => each.seconds)) / seconds.min : undefined,
    peakMB: Math.max(...measures.map(({ peakMB }) => peakMB)),
    bytes: best.bytes,
    device: best.device,
    shares,
    timings: best.timings,
    busy,
  };
}
