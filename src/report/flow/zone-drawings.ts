/** Arrows and the Sankey diagram side by side, with what the arrows leave out. */
import { formatShare, listOf } from '../format.ts';
import { html, type Markup } from '../markup.ts';
import type { Panel } from '../panels.ts';
import type { ZoneLink } from '../stories.ts';
import { arrowLinks, arrowMap, type Backdrop } from './arrow-map.ts';
import { sankeyChart } from './sankey-chart.ts';
import type { ZoneFlows } from './zone-flows.ts';

/** @param panels of the service, one of whose maps lies behind the arrows */
export function flowsBetweenZones(flows: ZoneFlows, panels: readonly Panel[]): Markup {
  const { year } = flows.story;
  const backdrop = backdropOf(panels, year);
  const arrows = backdrop && arrowMap(flows, backdrop);
  return html`<div class="charts flow-charts">${arrows && html`<figure class="card"><figcaption><b>Main flows between zones, ${year}</b></figcaption>${arrows}<p class="small">${arrowWords(flows)}</p></figure>`}
<figure class="card"><figcaption><b>From zone to zone, ${year}</b><span>shares of all that was sent</span></figcaption>${sankeyChart(flows)}</figure></div>`;
}

function backdropOf(panels: readonly Panel[], year: number): Backdrop | undefined {
  const panel = panels.find(({ quantity }) => quantity === 'role') ?? panels[0];
  const found = panel?.maps.findIndex((map) => map.year === year) ?? -1;
  if (found < 0) return undefined;
  return { address: panel.pictures[found], width: panel.maps[found].width, height: panel.maps[found].height };
}

/** Which part of all flows the arrows are, and what became of the rest. */
function arrowWords(flows: ZoneFlows): string {
  const drawn = new Set(arrowLinks(flows));
  const { links, total } = flows;
  const part = (which: (link: ZoneLink) => boolean) =>
    links.filter(which).reduce((sum, { amount }) => sum + amount, 0) / total;
  const rest = [
    [part(({ as, from, to }) => as === 'used' && from === to), 'goes to other cells of the same zone'],
    [part(({ as }) => as === 'spill'), 'leaves the study area'],
    [part(({ as }) => as === 'lost'), 'is lost on the way'],
    [
      part((link) => link.as === 'used' && link.from !== link.to && !drawn.has(link)),
      'goes between zones in smaller flows, or from and to cells outside of zones',
    ],
  ] as const;
  const words = rest.filter(([share]) => share >= 0.0005).map(([share, what]) => `${formatShare(share)} ${what}`);
  const shown = `The arrows are ${formatShare(part((link) => drawn.has(link)))} of all that was sent`;
  return words.length > 0 ? `${shown}; ${listOf(words)}.` : `${shown}.`;
}
