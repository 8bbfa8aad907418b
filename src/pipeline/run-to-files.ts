/** Runs a plan whose results become rasters: a writer for each, all finished or none. Shared by projects and single processes. */
import { allOf } from '../core/all-of.ts';
import type { Graph } from '../engine/graph.ts';
import type { OpenDevice } from '../engine/open-device.ts';
import { type Budget, type Plan, planGraph } from '../engine/plan.ts';
import { type FieldReader, type FieldWriter, type RunProgress, type RunSummary, runPlan } from '../engine/run.ts';
import { DEVICE_MEMORY } from '../gpu/gpu.ts';
import {
  createRasterWriter,
  type RasterDescription,
  type RasterWriter,
  type WriterJournal,
  type WrittenRaster,
} from '../io/raster-writer.ts';
import type { ZoneTally } from '../io/zonal/zone-tally.ts';
import { WrittenBlocks, withNeed } from './disk-need.ts';
import { type Journal, openJournal, type RunFacts } from './journal.ts';
import type { OutputFolder, Platform } from './platform.ts';
import { digest } from './run-facts.ts';

export interface OutputFile {
  /** Name without .tif. */
  readonly id: string;
  readonly field: string;
  readonly description: RasterDescription;
  /** Sees the cells that this run writes, before they are. */
  readonly tally?: ZoneTally;
}

export interface ToFiles {
  readonly graph: Graph;
  readonly plan: Plan;
  readonly budget: Budget;
  readonly device: OpenDevice;
  readonly readers: ReadonlyMap<string, FieldReader>;
  readonly outputs: readonly OutputFile[];
  readonly folder: OutputFolder;
  readonly platform: Platform;
  /** What the files depend on beside device, versions and outputs: without them the run cannot be resumed. */
  readonly facts?: RunFacts;
  readonly signal?: AbortSignal;
  readonly log?: (line: string) => void;
  readonly progress?: (progress: RunProgress) => void;
}

export interface MemoryWish {
  readonly memory?: number;
  readonly deviceMemory?: number;
  readonly tile?: number;
}

/** What allocator and heap keep beside the planes that are planned, as a share of the memory beyond `PLAIN` bytes: measured on 10⁸ cells and more. */
const BESIDE = 0.38;
const PLAIN = 512 * 2 ** 20;

/** Bytes of host and device memory, with the defaults of what the user did not say. */
export function memoryOf(platform: Platform, { memory, deviceMemory = DEVICE_MEMORY, tile }: MemoryWish): Budget {
  const all = memory ?? platform.defaultMemory;
  return { host: all - Math.ceil(BESIDE * Math.max(0, all - PLAIN)), device: deviceMemory, tile };
}

/** Half of each budget of a software device: what it takes, the host has not. */
export function budgetFor({ kind }: Pick<OpenDevice, 'kind'>, budget: Budget): Budget {
  if (kind !== 'software') return budget;
  return { ...budget, host: budget.host / 2, device: Math.min(budget.device, budget.host / 2) };
}

/**
 * `plan` as it was run: one that is continued keeps its tiles. Of a folder with a journal, what is done is kept when the run is interrupted.
 * @throws EcofluxError; then the folder is still the caller's to abort or to leave
 */
export async function runToFiles(
  given: ToFiles,
): Promise<{ summary: RunSummary; written: ReadonlyMap<string, WrittenRaster>; plan: Plan }> {
  const { graph, budget, device, readers, outputs, folder, platform, facts, ...options } = given;
  const { tileWidth, tileHeight } = given.plan.tiling;
  const journal =
    folder.journal && facts
      ? await openJournal(folder.journal, folder.path, await factsOf(given, facts), [tileWidth, tileHeight])
      : undefined;
  const plan = journal?.resumed ? planAsBefore(given, journal.tile) : given.plan;
  if (journal?.resumed) options.log?.(`Continues the run that was interrupted in ${folder.path}.`);
  const done = outputs.filter((_, i) => journal?.finished(i));
  if (journal) await folder.tidy?.(done.flatMap(({ id }) => [`${id}.tif`, `${id}.tif.aux.xml`]));
  const writers = new Map<string, RasterWriter>();
  const found = new Map<string, WrittenRaster>();
  const blocks = new WrittenBlocks(outputs.map(({ description }) => description));
  try {
    for (const [i, { id, description }] of outputs.entries()) {
      const finished = journal?.finished(i);
      if (finished) found.set(id, finished);
      else {
        const target = await folder.target(`${id}.tif`);
        const { pool } = platform;
        const { signal } = options;
        writers.set(
          id,
          await createRasterWriter(target, description, {
            pool,
            signal,
            journal: journal && counted(journal.writer(i), blocks),
          }),
        );
      }
    }
    const summary = await runPlan(graph, plan, {
      executor: device.executor,
      replaceExecutor: device.replace,
      readers,
      writers: byField(outputs, writers),
      budget,
      openScratch: platform.openScratch,
      pool: platform.pool,
      journal: journal?.run,
      ...options,
    });
    await allOf([...writers].map(async ([id, writer]) => found.set(id, await writer.finish())));
    return { summary, written: new Map(outputs.map(({ id }) => [id, found.get(id)!])), plan };
  } catch (error) {
    await Promise.all([...writers.values()].map((writer) => writer.abort()));
    await journal?.flush().catch(() => undefined); // of two errors the first is the one to hear
    throw withNeed(error, plan.scratchBytes, blocks);
  }
}

function counted(journal: WriterJournal, blocks: WrittenBlocks): WriterJournal {
  for (const { size } of journal.blocks.values()) blocks.add(size);
  return {
    ...journal,
    keep(index, block) {
      blocks.add(block.size);
      journal.keep(index, block);
    },
  };
}

/** What the caller knows of the run, and what every run has. */
async function factsOf({ device, outputs, platform }: ToFiles, facts: RunFacts): Promise<RunFacts> {
  const versions = Object.entries(platform.versions).map(([name, version]) => [`the version of ${name}`, version]);
  const described = outputs.map(({ id, field, description }) => ({ id, field, ...description }));
  return {
    ...Object.fromEntries(versions),
    // In float64 it does not matter on how many threads.
    'the device': device.kind === 'cpu' ? 'CPU' : device.executor.name,
    'the outputs': await digest(JSON.stringify(described)),
    ...facts,
  };
}

function planAsBefore({ graph, plan, budget, platform }: ToFiles, [width, height]: Journal['tile']): Plan {
  const { tileWidth, tileHeight } = plan.tiling;
  if (tileWidth === width && tileHeight === height) return plan;
  return planGraph(graph, plan.place, { ...budget, tile: { width, height } }, { cores: platform.pool.size });
}

/** One field may be more than one file: the supply of two services. */
function byField(outputs: readonly OutputFile[], writers: ReadonlyMap<string, RasterWriter>): Map<string, FieldWriter> {
  const targets = new Map<string, FullWriter[]>();
  for (const { id, field, tally } of outputs) {
    const writer = writers.get(id); // absent where an earlier run has finished the file
    const target = writer && tally ? tallied(writer, tally) : writer;
    targets.set(field, [...(targets.get(field) ?? []), ...(target ? [target] : [])]);
  }
  return new Map([...targets].map(([field, all]) => [field, all.length === 1 ? all[0] : toAll(all)]));
}

type FullWriter = Required<FieldWriter>;

function tallied(writer: FullWriter, tally: ZoneTally): FullWriter {
  return {
    write(window, plane) {
      tally.add(window, plane);
      return writer.write(window, plane);
    },
    skip(window) {
      tally.skip(window);
      return writer.skip(window);
    },
    has: (window) => writer.has(window),
  };
}

function toAll(writers: readonly FullWriter[]): FieldWriter {
  return {
    async write(window, plane) {
      for (const [i, writer] of writers.entries())
        await writer.write(window, i + 1 < writers.length ? plane.slice() : plane);
    },
    async skip(window) {
      for (const writer of writers) await writer.skip(window);
    },
    has: (window) => writers.every((writer) => writer.has(window)),
  };
}
