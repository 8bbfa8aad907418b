/** What came of the user's own files: key numbers, a map of each output, and the files to keep. */
import { drawing } from '../../../src/index.ts';
import { offer } from '../download.ts';
import { keepEdges } from '../view/edges.ts';
import { mapPanel } from '../view/map-panel.ts';
import type { OwnMap, OwnResult } from './run.ts';

const { formatNumber, formatSeconds, html, prettyUnit, table } = drawing;

/** What amounts per area add up to: the unit of the sum, and how much of it a m² with the value 1 has. */
const SUMS: Readonly<Record<string, readonly [unit: string, perSquareMetre: number]>> = {
  'mm/yr': ['m3/yr', 1e-3],
  'tC/ha': ['tC', 1e-4],
  't/(ha yr)': ['t/yr', 1e-4],
  't/ha/yr': ['t/yr', 1e-4],
  'kg/(ha yr)': ['kg/yr', 1e-4],
  'kg/ha/yr': ['kg/yr', 1e-4],
  'currency/ha': ['currency', 1e-4],
};

export function showOwnResult(place: HTMLElement, result: OwnResult): void {
  const { process, maps, device, seconds, log, provenance } = result;
  const summary = document.createElement('div');
  summary.innerHTML =
    html`<h3>${process.title}</h3><p class="models">${formatSeconds(seconds)}. ${device}</p>${numbers(maps)}
<div class="files">${maps.map(({ map }) => html`<button type="button" class="button quiet" data-save="${map.id}">Save ${map.id}.tif</button>`)}<button type="button" class="button quiet" data-save="run">Save run.json</button></div>
<details><summary>Log (${log.length} lines)</summary><pre>${log.join('\n')}</pre></details>`.markup;
  for (const button of summary.querySelectorAll<HTMLElement>('[data-save]')) {
    const one = maps.find(({ map }) => map.id === button.dataset.save);
    button.onclick = () => (one ? saveMap(one) : save('run.json', provenance, 'application/json'));
  }
  const panels = maps.map((one) =>
    mapPanel([one.map], { id: `own-${one.map.id}`, title: one.map.title }, async () => saveMap(one)),
  );
  const beside = document.createElement('div');
  beside.className = 'panels';
  beside.append(...panels);
  place.replaceChildren(summary, beside);
  keepEdges(place);
}

function saveMap({ map, bytes }: OwnMap): void {
  save(`${map.id}.tif`, bytes, 'image/tiff');
}

function save(name: string, bytes: Uint8Array, type: string): void {
  offer(name, new Blob([bytes as Uint8Array<ArrayBuffer>], { type }));
}

function numbers(maps: readonly OwnMap[]): drawing.Markup {
  const number = (value: number | undefined) => (value === undefined ? '–' : formatNumber(value, 6));
  return html`<div class="scroll" id="own-numbers">${table({
    caption: 'Results',
    columns: [
      { head: 'Output' },
      { head: 'Unit' },
      ...['Cells', 'Area, km²', 'Mean', 'Lowest', 'Highest', 'Total'].map((head) => ({ head, numeric: true })),
    ],
    rows: maps.map(({ map, valid, range, area }) => {
      const [unit, factor] = SUMS[map.unit] ?? [];
      const total = range && area && factor ? range.mean * area * factor : undefined;
      return [
        html`<code>${map.id}</code>`,
        prettyUnit(map.unit),
        html`<span data-cells="${valid}">${formatNumber(valid, 12)}</span>`,
        number(area && area / 1e6),
        html`<span data-mean="${range?.mean}">${number(range?.mean)}</span>`,
        number(range?.min),
        number(range?.max),
        total === undefined ? '–' : html`${number(total)} ${prettyUnit(unit!)}`,
      ];
    }),
  })}</div>`;
}
