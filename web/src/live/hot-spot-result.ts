/** Hot and cold spots on the page: the map of bins, and how much of the region each has. */
import { cellArea, drawing, type ReportMap } from '../../../src/index.ts';
import { keepEdges } from '../view/edges.ts';
import { mapPanel } from '../view/map-panel.ts';
import type { Download } from './flow-result.ts';
import { GATHER_WORDS } from './hot-spot-form.ts';
import { BINS, HOT_SPOTS, type HotSpotResult } from './hot-spot-run.ts';
import { cellMetres, lengthInWords } from './lengths.ts';

const { formatNumber, formatSeconds, formatShare, html, table } = drawing;

const { classNames, colours } = HOT_SPOTS.outputs.bin;
const CLASSES = BINS.map((code) => ({
  code,
  name: classNames![code],
  colour: [...colours![code], 255] as unknown as drawing.ClassEntry['colour'],
}));

/** @returns a sentence for the line that says how things stand */
export function showHotSpots(place: HTMLElement, result: HotSpotResult, download: Download): string {
  const { seconds, place: where, grid, counts, cells, blind } = result;
  const share = (bins: readonly number[]) =>
    formatShare(bins.reduce<number>((sum, bin) => sum + counts.get(bin)!, 0) / cells);
  const heading = document.createElement('div');
  heading.innerHTML =
    html`<h3>${titleOf(result)}</h3>${blind > 0 && html`<p class="notice">The window of ${formatShare(blind / cells)} of the cells takes in every valid cell: nothing can be told there, and they count as not significant.</p>`}`.markup;
  const beside = document.createElement('div');
  beside.className = 'live-pair';
  const map = mapOf(result);
  const panel = mapPanel([map], { id: 'hot-spots-bins', title: map.title, classes: CLASSES, legend: false }, (one) =>
    download(one, grid),
  );
  const shares = document.createElement('div');
  shares.innerHTML = tableOf(result).markup;
  beside.append(panel, shares);
  place.replaceChildren(heading, beside);
  keepEdges(place);
  const words = `${share([1, 2, 3])} of the cells are in hot spots, ${share([-1, -2, -3])} in cold spots.`;
  return `${formatSeconds(seconds)} ${where}, ${grid.width} × ${grid.height} cells. ${words}`;
}

function titleOf({ request }: HotSpotResult): string {
  const { source, shape, radius, correction } = request;
  const what =
    source.kind === 'own'
      ? source.name
      : `${source.sample.services.find(({ code }) => code === source.service)!.name}, ${GATHER_WORDS[source.of]} ${source.year}`;
  const window = radius === undefined ? `the cells that touch (${shape})` : `a ${shape} of ${lengthInWords(radius)}`;
  return `${what}: ${window}${correction === 'fdr' ? ', corrected for false discoveries' : ''}`;
}

function mapOf({ request, grid, bins }: HotSpotResult): ReportMap {
  const size = request.radius === undefined ? request.shape : `${request.shape}_${request.radius}m`;
  return {
    id: `hotspots/${size}`,
    title: 'Hot and cold spots',
    quantity: 'bins',
    unit: '1',
    kind: 'classes',
    width: grid.width,
    height: grid.height,
    cells: bins as Float32Array,
    cellMetres: cellMetres(grid) ?? 0,
    classNames,
    palette: Object.fromEntries(CLASSES.map(({ code, colour }) => [code, colour])),
  };
}

function tableOf({ counts, cells, grid }: HotSpotResult): drawing.Markup {
  const square = grid.crs.kind === 'projected' ? cellArea(grid) / 1e6 : undefined;
  return html`<div class="scroll">${table({
    caption: 'Shares of the region',
    columns: [
      { head: 'Bin' },
      { head: 'Share', numeric: true },
      { head: square === undefined ? 'Cells' : 'Area, km²', numeric: true },
    ],
    rows: CLASSES.map(({ code, name, colour: [r, g, b] }) => {
      const count = counts.get(code)!;
      return [
        html`<span class="swatch" style="background:rgb(${r} ${g} ${b})"></span>${name}`,
        html`<span data-bin="${code}" data-cells="${count}">${formatShare(count / cells)}</span>`,
        formatNumber(square === undefined ? count : Math.round(count * square), 12),
      ];
    }),
  })}</div>`;
}
