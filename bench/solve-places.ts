/** Where benchmarks run global operators: worker threads, and a device where there is one to be timed; and how a solve is timed. */
import { chooseAdapter } from '#ecoflux/gpu/choose.js';
import { Gpu } from '#ecoflux/gpu/gpu.js';
import { adapterName } from '#ecoflux/gpu/provider.js';
import type { Platform } from '#ecoflux/pipeline/platform.js';
import type { SolveFacts, SolveRequest, Solver } from '#ecoflux/solvers/solver.js';
import type { BenchOptions } from './bench.ts';

export interface SolvePlace {
  readonly name: string;
  solve(solver: Solver, request: SolveRequest): Promise<SolveFacts>;
}

/** A hardware device, or a software one where it was asked for; the caller destroys it. */
export async function openGpu({
  platform,
  device,
  deviceMemory = 8 * 2 ** 30,
}: BenchOptions): Promise<Gpu | undefined> {
  if (device === 'cpu') return undefined;
  const provider = await platform.provider();
  const { adapter, kind } = await chooseAdapter(provider, device);
  if (!provider || !adapter || (kind !== 'hardware' && device !== 'software')) return undefined;
  return Gpu.open(provider, adapter, { deviceMemory });
}

export function solvePlaces({ pool }: Pick<Platform, 'pool'>, gpu: Gpu | undefined): SolvePlace[] {
  const threads: SolvePlace = { name: `${pool.size} threads`, solve: (solver, request) => solver.cpu(request) };
  if (!gpu) return [threads];
  return [
    threads,
    { name: adapterName(gpu.description), solve: (solver, request) => solver.gpu!({ ...request, gpu }) },
  ];
}

/** Seconds of the clock, and of the processor in all threads. */
export async function timedSolve(
  place: SolvePlace,
  solver: Solver,
  request: SolveRequest,
): Promise<{ readonly facts: SolveFacts; readonly seconds: number; readonly cpu: number }> {
  const [started, before] = [performance.now(), process.cpuUsage()];
  const facts = await place.solve(solver, request);
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { facts, seconds, cpu: (user + system) / 1e6 };
}
