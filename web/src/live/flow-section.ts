/** The live part of the page on flow. */
import type { LiveTools } from './device.ts';
import { flowForm } from './flow-form.ts';
import { type Download, showFlow } from './flow-result.ts';
import { type FlowRequest, type FlowResult, runFlow } from './flow-run.ts';
import { type LivePart, liveSection, offering } from './live-section.ts';
import type { ReadOwn } from './own-rasters.ts';

export function flowSection(section: HTMLElement, tools: LiveTools, readOwn: ReadOwn, download: Download): LivePart {
  let shown: { readonly place: HTMLElement; readonly result: FlowResult } | undefined;
  const form = flowForm(
    section.querySelector('form')!,
    () => asking.changed(),
    () => {
      if (shown && section.dataset.state === 'done') showFlow(shown.place, shown.result, form.map(), download);
    },
  );
  const asking = liveSection<FlowRequest, FlowResult>({
    section,
    any: form.any,
    request: form.request,
    missing: 'Choose rasters of supply and demand.',
    work: (request, signal) => runFlow(request, tools, readOwn, signal),
    show(place, result) {
      shown = { place, result };
      return showFlow(place, result, form.map(), download);
    },
  });
  return offering(form, asking);
}
