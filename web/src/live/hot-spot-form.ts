/** The form of the live hot spots: what gathers, within what distance, and how sure it has to be. */
import { drawing, type Grid } from '../../../src/index.ts';
import type { OwnFile } from '../own/files.ts';
import type { DeviceChoice } from './device.ts';
import { GATHERS, type HotSpotRequest, type HotSpotSource } from './hot-spot-run.ts';
import { cellMetres, lengthInWords, lengthsOn, nearestLength } from './lengths.ts';
import type { SampleData } from './sample.ts';
import { slider } from './slider.ts';

const { html } = drawing;

export const GATHER_WORDS = { supply: 'supply', demand: 'demand', ratio: 'supply per demand' } as const;

/** Of the longer side of the grid: the radius at first. */
const START = 1 / 50;
/** Shapes of which the slider says how large they are. */
const WITH_RADIUS = ['disc', 'square', 'diamond'];

export interface HotSpotForm {
  offer(sample: SampleData | undefined, files: readonly OwnFile[]): void;
  /** Whether there is anything to choose from. */
  any(): boolean;
  /** Undefined where something has to be chosen first. */
  request(): HotSpotRequest | undefined;
}

export function hotSpotForm(form: HTMLFormElement, changed: () => void): HotSpotForm {
  const gathers = form.querySelector<HTMLSelectElement>('#hot-spots-of')!;
  const size = form.querySelector<HTMLElement>('#hot-spots-size')!;
  const radius = slider<number>(form.querySelector('#hot-spots-radius')!, lengthInWords);
  let sample: SampleData | undefined;
  let files: readonly OwnFile[] = [];
  let grid: Grid | undefined;

  const value = (name: string) => String(new FormData(form).get(name));

  function showQuantities(): void {
    const before = gathers.value;
    const years = [...(sample?.years ?? [])].reverse();
    const option = (code: string, name: string, year: number, of: keyof typeof GATHER_WORDS) =>
      html`<option value="sample/${code}/${year}/${of}">${name}: ${GATHER_WORDS[of]}, ${year}</option>`;
    const rasters = files.filter(({ kind }) => kind === 'raster');
    const samples = sample?.services.map(
      ({ code, name }) =>
        html`<optgroup label="${name}">${GATHERS.map((of) => years.map((year) => option(code, name, year, of)))}</optgroup>`,
    );
    const own =
      rasters.length > 0 &&
      html`<optgroup label="Your own rasters">${rasters.map(({ name }) => html`<option value="own/${name}">${name}</option>`)}</optgroup>`;
    // Of the sample one may be taken for the first; of files nobody knows which is meant.
    const choose = !sample && own && html`<option value="">choose a raster</option>`;
    gathers.innerHTML = html`${choose}${samples}${own}`.markup;
    gathers.value = before;
    if (gathers.selectedIndex < 0) gathers.selectedIndex = 0;
  }

  function adapt(): void {
    size.hidden = !WITH_RADIUS.includes(value('shape'));
    const source = sourceOf();
    const now = source?.kind === 'own' ? fileOf(source.name)?.raster?.grid : sample?.grid;
    if (
      !now ||
      (grid && now.width === grid.width && now.height === grid.height && cellMetres(now) === cellMetres(grid))
    )
      return;
    grid = now;
    const lengths = lengthsOn(grid);
    const start = START * (cellMetres(grid) ?? 1) * Math.max(grid.width, grid.height);
    radius.offer(lengths, nearestLength(lengths, start));
  }

  const fileOf = (name: string) => files.find((file) => file.name === name);

  function sourceOf(): HotSpotSource | undefined {
    const [kind, ...rest] = gathers.value.split('/');
    if (kind === 'own') return { kind, files, name: rest.join('/') };
    if (kind !== 'sample' || !sample) return undefined;
    const [service, year, of] = rest;
    return { kind, sample, service, year: Number(year), of: of as keyof typeof GATHER_WORDS };
  }

  form.addEventListener('input', () => {
    adapt();
    changed();
  });

  return {
    offer(nextSample, nextFiles) {
      [sample, files] = [nextSample, nextFiles];
      showQuantities();
      adapt();
    },
    any: () => gathers.options.length > 0,
    request() {
      const source = sourceOf();
      if (!source) return undefined;
      const shape = value('shape');
      return {
        source,
        shape,
        // Without lengths the run says what it lacks.
        radius: WITH_RADIUS.includes(shape) ? (radius.value() ?? Number.NaN) : undefined,
        correction: value('correction') as HotSpotRequest['correction'],
        device: value('hot-spots-device') as DeviceChoice,
      };
    },
  };
}
