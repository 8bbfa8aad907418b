/** The live parts of the page, flow and hot spots: what is computed again while a slider moves, on the sample region or the user's own rasters. */
import { downloadMap } from '../download.ts';
import type { OwnFile } from '../own/files.ts';
import type { PagePool } from '../worker-pool.ts';
import { liveTools } from './device.ts';
import type { Download } from './flow-result.ts';
import { flowSection } from './flow-section.ts';
import { hotSpotSection } from './hot-spot-section.ts';
import { ownRasterReader } from './own-rasters.ts';
import type { SampleData } from './sample.ts';

export interface LiveParts {
  sample(data: SampleData): void;
  files(files: readonly OwnFile[]): void;
}

export function liveParts(flow: HTMLElement, hotSpots: HTMLElement, pool: PagePool): LiveParts {
  const tools = liveTools(pool);
  const readOwn = ownRasterReader(pool);
  const download: Download = (map, grid) => downloadMap(map, grid, pool);
  const parts = [flowSection(flow, tools, readOwn, download), hotSpotSection(hotSpots, tools, readOwn, download)];
  let sample: SampleData | undefined;
  let files: readonly OwnFile[] = [];
  const offer = () => {
    for (const part of parts) part.offer(sample, files);
  };
  offer();
  return {
    sample(data) {
      sample = data;
      offer();
    },
    files(given) {
      files = given;
      offer();
    },
  };
}
