/** Disk, memory, device memory and time of a run, against what there is. */
import { cellCount } from '../../core/grid.ts';
import type { Budget, Plan } from '../../engine/plan.ts';
import type { Platform } from '../platform.ts';
import type { Finding, Resources } from './types.ts';

/** What is left of the cells with a value: 0.61 and 0.62 over all maps of two sample regions of 1024², deflate. */
const COMPRESSED = 0.65;
const PYRAMID = 4 / 3; // a quarter more for each overview
const SMALL_FILES = 10e6; // report, styles, tables

export interface ResourceQuestion {
  readonly plan: Plan;
  readonly budget: Budget;
  readonly outputs: number;
  /** Of the grid's cells, those in the study area: 0 to 1. Nodata compresses to next to nothing. */
  readonly share: number;
  readonly compression: 'deflate' | 'zstd' | 'none';
  readonly out: string;
  readonly platform: Pick<Platform, 'freeSpace'>;
}

/** Free space is undefined where the platform does not know it. */
export async function resourcesOf(question: ResourceQuestion): Promise<{ resources: Resources; findings: Finding[] }> {
  const { plan, budget, outputs, share, compression, out, platform } = question;
  const cells = plan.tiling.width * plan.tiling.height;
  const plane = cells * 4 * PYRAMID * (compression === 'none' ? 1 : COMPRESSED * share);
  const outputBytes = Math.ceil(outputs * plane + SMALL_FILES);
  // Blocks wait beside the folder until each raster is put together, at worst all at the same time.
  const outputPeakBytes = Math.ceil(2 * outputs * plane + SMALL_FILES);
  const { scratchBytes } = plan;
  const [forOutput, forScratch] = [await platform.freeSpace?.(out), await platform.freeSpace?.()];
  const shared = forOutput !== undefined && forOutput.disk === forScratch?.disk;
  const resources: Resources = {
    memoryNeeded: plan.hostBytes,
    memoryBudget: budget.host,
    deviceMemoryNeeded: plan.deviceBytes,
    deviceMemoryBudget: plan.place.kind === 'gpu' ? budget.device : 0,
    outputBytes,
    outputPeakBytes,
    scratchBytes,
    outputFree: forOutput?.bytes,
    scratchFree: forScratch?.bytes,
    passes: plan.passes.length,
    tiles: plan.tiling.count,
    tileWidth: plan.tiling.tileWidth,
    tileHeight: plan.tiling.tileHeight,
    seconds: plan.seconds,
  };
  const needs = shared
    ? [
        {
          what: scratchBytes > 0 ? 'output and scratch files' : 'output',
          place: out,
          need: outputPeakBytes + scratchBytes,
          free: forOutput.bytes,
        },
      ]
    : [
        { what: 'output', place: out, need: outputPeakBytes, free: forOutput?.bytes },
        { what: 'scratch files', place: forScratch?.path, need: scratchBytes, free: forScratch?.bytes },
      ];
  return { resources, findings: [...needs.flatMap((need) => diskFinding(need, compression)), ...tileFindings(plan)] };
}

const TIGHT = 1.5; // values that look like noise do not compress at all

function diskFinding(
  { what, place, need, free }: { what: string; place: string | undefined; need: number; free: number | undefined },
  compression: string,
): Finding[] {
  if (free === undefined || free >= need * TIGHT) return [];
  const cures = [
    ...(what.includes('output') ? ['write to another disk (--out DIR)'] : []),
    ...(what.includes('scratch') ? ['put scratch files on another disk (--scratch DIR), or raise --memory'] : []),
    ...(compression === 'none' ? ['compress the output (output: { compression: deflate })'] : []),
    'make room, or choose a coarser grid',
  ];
  return [
    {
      level: free < need ? 'error' : 'warning',
      code: free < need ? 'OutOfCapacity' : undefined,
      file: place,
      what: free < need ? `there is no room for the ${what}` : `there is little room for the ${what}`,
      found: `${bytesWord(free)} free`,
      expected: `about ${bytesWord(need)}`,
      fix: cures.join('; '),
    },
  ];
}

const SMALL_TILE = 256; // below it the start of each tile costs as much as its cells

function tileFindings({ tiling }: Plan): Finding[] {
  const { tileWidth, tileHeight, count } = tiling;
  if (count === 1 || tileWidth * tileHeight >= SMALL_TILE ** 2 || cellCount(tiling) < 4 * SMALL_TILE ** 2) return [];
  return [
    {
      level: 'warning',
      what: 'the tiles are small, which costs time',
      found: `${tileWidth} × ${tileHeight} cells`,
      fix: 'raise --memory (and --device-memory), or leave --tile away',
    },
  ];
}

export function bytesWord(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${units[power]}`;
}
