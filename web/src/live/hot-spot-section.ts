/** The live part of the page on hot and cold spots. */
import type { LiveTools } from './device.ts';
import type { Download } from './flow-result.ts';
import { hotSpotForm } from './hot-spot-form.ts';
import { showHotSpots } from './hot-spot-result.ts';
import { type HotSpotRequest, type HotSpotResult, runHotSpots } from './hot-spot-run.ts';
import { type LivePart, liveSection, offering } from './live-section.ts';
import type { ReadOwn } from './own-rasters.ts';

export function hotSpotSection(section: HTMLElement, tools: LiveTools, readOwn: ReadOwn, download: Download): LivePart {
  const form = hotSpotForm(section.querySelector('form')!, () => asking.changed());
  const asking = liveSection<HotSpotRequest, HotSpotResult>({
    section,
    any: form.any,
    request: form.request,
    missing: 'Choose what is to be looked at.',
    work: (request, signal) => runHotSpots(request, tools, readOwn, signal),
    show: (place, result) => showHotSpots(place, result, download),
  });
  return offering(form, asking);
}
