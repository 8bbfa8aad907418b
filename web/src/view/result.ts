/** Puts the result of a run on the page: the finding, key figures, totals, maps, comparison, device, and files to keep. */
import { drawing, type ReportMap, renderReport } from '../../../src/index.ts';
import { QUANTITIES, SERVICES } from '../analysis.ts';
import { downloadMap, offer } from '../download.ts';
import { reportData, totalsCsv } from '../report-data.ts';
import type { RunResult } from '../run.ts';
import type { PagePool } from '../worker-pool.ts';
import { checkSection } from './check-section.ts';
import { deviceSection } from './device-section.ts';
import { keepEdges } from './edges.ts';
import { mapPanel } from './map-panel.ts';

const {
  findingOf,
  formatAmount,
  formatNumber,
  formatSeconds,
  html,
  keyFigures,
  serviceTotals,
  studyArea,
  totalsSection,
  totalUnit,
  trusted,
} = drawing;

declare const ECOFLUX_VERSION: string;

export function showResult(result: RunResult, pool: PagePool): void {
  const data = reportData(result, ECOFLUX_VERSION);
  const totals = serviceTotals(data);
  const { grid, years } = result.region;
  const download = (map: ReportMap) => downloadMap(map, grid, pool);
  const note = ({ year, service, quantity, unit }: ReportMap) => {
    const row = data.totals.find((one) => one.year === year && one.service === service && one.quantity === quantity);
    return row && formatAmount(row.sum, totalUnit(unit));
  };
  const panels = (service: string) =>
    QUANTITIES.map((quantity) => {
      const maps = data.maps.filter((map) => map.service === service && map.quantity === quantity);
      return mapPanel(maps, { id: `${service}-${quantity}`, title: maps[0].title, note }, download);
    });

  const area = studyArea(data);
  const seconds = result.seconds.run;
  const failed = result.checks?.filter(({ passed }) => !passed).length ?? 0;
  byId('title').textContent = data.title;
  byId('finding').textContent = findingOf(data, totals).join(' ');
  byId('facts').innerHTML =
    html`${area !== undefined && html`<li><b>${formatNumber(Math.round(area / 1e6))} km²</b> study area</li>`}
<li><b>${grid.width} × ${grid.height}</b> cells of ${formatNumber(grid.cellWidth)} m</li><li><b>${years.join(', ')}</b></li>
<li><b>${formatSeconds(seconds)}</b> for both models on ${result.device.name}</li>
${result.checks && html`<li><b><span class="${failed ? 'bad' : 'good'}">${failed ? '✗' : '✓'}</span> ${result.checks.length - failed} of ${result.checks.length}</b> comparisons passed</li>`}`.markup;

  const cover = data.maps.filter(({ quantity }) => quantity === 'lulc');
  const totalsPart = totalsSection(totals);
  const results = byId('results');
  results.replaceChildren(
    block(keyFigures(totals, data.maps)),
    files(result, data),
    part('totals', totalsPart.title, totalsPart.body),
    part('land-cover', 'Land cover', undefined, [mapPanel(cover, { id: 'lulc' }, download)]),
    ...SERVICES.map(({ code, name, amountWords }) => {
      const { title } = result.analysis.steps.find(({ service }) => service === code)!.model;
      const words = html`<p class="models">Supply: ${title.toLowerCase()}. Demand: ${amountWords}. All years share one colour scale, from the 2nd to the 98th percentile of their cells.</p>`;
      return part(`service-${code}`, name, words, panels(code));
    }),
    part('comparison', 'Comparison with the reference', checkSection(result)),
    part('device', 'Device and timings', deviceSection(result)),
  );
  byId('steps').hidden = true;
  showPlace(results);
  showContents(results);
  byId('footer').textContent =
    `ecoflux ${ECOFLUX_VERSION}. The region is invented; no real place is shown. Computed in this page, nothing was sent anywhere.`;
  keepEdges(results);
}

function files(result: RunResult, data: ReturnType<typeof reportData>): HTMLElement {
  const element = block(
    html`<div class="files"><button type="button" class="button quiet" id="save-report">Save the report</button><button type="button" class="button quiet" id="save-totals">Save totals.csv</button></div>`,
  );
  const name = `region-${result.settings.seed}`;
  element.querySelector<HTMLElement>('#save-totals')!.onclick = () =>
    offer('totals.csv', new Blob([totalsCsv(data.totals)], { type: 'text/csv' }));
  element.querySelector<HTMLElement>('#save-report')!.onclick = async () =>
    offer(`${name}-report.html`, new Blob([await renderReport(data)], { type: 'text/html' }));
  return element;
}

function part(
  id: string,
  title: string,
  body: drawing.Markup | undefined,
  panels: readonly HTMLElement[] = [],
): HTMLElement {
  const section = document.createElement('section');
  section.className = 'part';
  section.id = id;
  section.innerHTML = html`<h2>${title}</h2>${body}`.markup;
  section.append(...panels);
  return section;
}

function block({ markup }: drawing.Markup): HTMLElement {
  const template = document.createElement('template');
  template.innerHTML = trusted(markup).markup;
  return template.content.firstElementChild as HTMLElement;
}

/** The newest land cover beside the title. */
function showPlace(results: HTMLElement): void {
  const drawn = [...results.querySelectorAll<HTMLCanvasElement>('#land-cover canvas')].at(-1)!;
  const place = byId('place');
  const copy = document.createElement('canvas');
  copy.width = drawn.width;
  copy.height = drawn.height;
  copy.getContext('2d')!.drawImage(drawn, 0, 0);
  place.replaceChildren(copy);
  place.hidden = false;
}

function showContents(results: HTMLElement): void {
  const parts = [...results.querySelectorAll<HTMLElement>('.part'), ...['flow', 'hot-spots', 'own-data'].map(byId)];
  const item = (id: string, title: string) => html`<li><a href="#${id}">${title}</a></li>`;
  const list = byId('contents');
  list.innerHTML =
    html`${item('summary', 'Summary')}${parts.map((section) => item(section.id, section.querySelector('h2')!.textContent!))}`.markup;
  const links = new Map([...list.querySelectorAll('a')].map((link) => [link.hash.slice(1), link]));
  reading?.disconnect();
  // The part in the upper third of the window is the one that is read.
  reading = new IntersectionObserver(
    (entries) => {
      const shown = entries.find(({ isIntersecting }) => isIntersecting);
      if (shown) for (const [id, link] of links) link.setAttribute('aria-current', String(id === shown.target.id));
    },
    { rootMargin: '-30% 0px -69% 0px' },
  );
  for (const section of [byId('summary'), ...parts]) reading.observe(section);
}

let reading: IntersectionObserver | undefined;

function byId(id: string): HTMLElement {
  return document.getElementById(id)!;
}
