/**
 * A panel of maps: one quantity over the years, drawn on canvases with one colour scale. The same cell is read in all years, with
 * the pointer or with the arrow keys; every map can be downloaded as a GeoTIFF.
 */
import { drawing, type ReportMap } from '../../../src/index.ts';
import { paintClasses, paintQuantity } from './paint.ts';

const { altText, classesOf, colourBar, formatNumber, html, isClass, isValid, prettyUnit, scaleBar, scaleOf, swatches } =
  drawing;

const ABOUT: Readonly<Record<string, string>> = {
  supply: 'What nature provides in each cell.',
  demand: 'What people need in each cell.',
  balance_static: 'Blue where supply exceeds demand, orange where demand exceeds supply.',
};
const ENDS = ['demand exceeds supply', 'supply exceeds demand'] as const;

export interface PanelWords {
  /** Unique in the document. */
  readonly id: string;
  /** Stands above the maps; nothing where the section says it already. */
  readonly title?: string;
  /** Beside the year of a map. */
  readonly note?: (map: ReportMap) => string | undefined;
  /** What the maps are coloured by, where it is not to follow from their cells. */
  readonly classes?: readonly drawing.ClassEntry[];
  readonly scale?: drawing.Scale;
  /** False where what the colours mean stands elsewhere. */
  readonly legend?: boolean;
}

/** @param download called with the map whose file is wanted */
export function mapPanel(
  maps: readonly ReportMap[],
  { id, title: heading, note, ...given }: PanelWords,
  download: (map: ReportMap) => Promise<void>,
): HTMLElement {
  const [{ title, unit, quantity, kind }] = maps;
  const classes = kind === 'classes' ? (given.classes ?? classesOf(maps)) : undefined;
  const scale = classes ? undefined : (given.scale ?? scaleOf(maps));
  const panel: drawing.Panel = { id, title, quantity, unit, maps, classes, scale, pictures: [] };

  const element = document.createElement('section');
  element.className = 'panel';
  element.id = id;
  element.setAttribute('aria-label', title);
  const legend =
    given.legend === false
      ? undefined
      : classes
        ? html`<div class="legend">${swatches(classes)}</div>`
        : scale && colourBar(scale, unit, `ramp-${id}`, quantity === 'balance_static' ? ENDS : undefined);
  element.innerHTML = html`${heading && html`<header><h3>${heading}</h3><p>${ABOUT[quantity]}</p></header>`}
<div class="maps">${maps.map((map) => figure(panel, map, note?.(map)))}</div>${legend}`.markup;

  const figures = [...element.querySelectorAll('figure')];
  for (const [i, map] of maps.entries()) {
    const context = figures[i].querySelector('canvas')!.getContext('2d')!;
    if (classes) context.putImageData(paintClasses(map.cells, classes, map), 0, 0);
    else if (scale) context.putImageData(paintQuantity(map.cells, scale, map), 0, 0);
    const button = figures[i].querySelector('button')!;
    button.onclick = async () => {
      button.disabled = true;
      await download(map).finally(() => {
        button.disabled = false;
      });
    };
  }
  readCells(figures, maps, (map, index) => wordsOf(map, map.cells[index], classes));
  return element;
}

function figure(panel: drawing.Panel, map: ReportMap, note: string | undefined): drawing.Markup {
  return html`<figure class="map"><div class="frame" tabindex="0" role="img" aria-label="${altText(panel, map)} Arrow keys read single cells."><canvas width="${map.width}" height="${map.height}"></canvas><i class="cross"></i></div>
<figcaption><span class="year">${map.year}</span>${note && html`<span class="total">${note}</span>`}${scaleBar(map)}</figcaption>
<div class="under"><p class="readout" aria-live="polite"></p><button type="button" class="link" aria-label="Download ${panel.title.toLowerCase()} ${map.year} as a GeoTIFF">GeoTIFF</button></div></figure>`;
}

function wordsOf({ unit, kind }: ReportMap, value: number, classes: readonly drawing.ClassEntry[] | undefined): string {
  if (kind === 'classes')
    return isClass(value) ? (classes?.find(({ code }) => code === value)?.name ?? `class ${value}`) : 'no data';
  return isValid(value) ? `${formatNumber(value, 4)} ${prettyUnit(unit)}` : 'no data';
}

/** One cell under a mark in all maps of a panel: it follows the pointer and the arrow keys (with Shift ten cells at once). */
function readCells(
  figures: readonly HTMLElement[],
  maps: readonly ReportMap[],
  words: (map: ReportMap, index: number) => string,
): void {
  const { width, height } = maps[0];
  let [column, row] = [width >> 1, height >> 1];
  const show = () => {
    for (const [i, figure] of figures.entries()) {
      const cross = figure.querySelector<HTMLElement>('.cross')!;
      cross.style.cssText = `display:block;left:${(100 * (column + 0.5)) / width}%;top:${(100 * (row + 0.5)) / height}%`;
      figure.querySelector('.readout')!.textContent = words(maps[i], row * width + column);
    }
  };
  const hide = () => {
    for (const figure of figures) {
      figure.querySelector<HTMLElement>('.cross')!.style.display = 'none';
      figure.querySelector('.readout')!.textContent = '';
    }
  };
  const within = (value: number, size: number) => Math.min(size - 1, Math.max(0, Math.floor(value)));
  const STEPS: Readonly<Record<string, readonly [number, number]>> = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
  };
  for (const figure of figures) {
    const frame = figure.querySelector<HTMLElement>('.frame')!;
    frame.addEventListener('pointermove', ({ clientX, clientY }) => {
      const box = frame.getBoundingClientRect();
      column = within(((clientX - box.left) / box.width) * width, width);
      row = within(((clientY - box.top) / box.height) * height, height);
      show();
    });
    frame.addEventListener('pointerleave', hide);
    frame.addEventListener('focus', () => frame.matches(':focus-visible') && show());
    frame.addEventListener('blur', hide);
    frame.addEventListener('keydown', (event) => {
      const step = STEPS[event.key];
      if (!step) return;
      event.preventDefault();
      const cells = event.shiftKey ? 10 : 1;
      column = within(column + step[0] * cells, width);
      row = within(row + step[1] * cells, height);
      show();
    });
  }
}
