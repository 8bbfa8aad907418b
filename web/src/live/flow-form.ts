/** The form of the live flow: what flows, over what ground, how far. */
import { drawing, type Grid } from '../../../src/index.ts';
import { guessFiles, type OwnFile } from '../own/files.ts';
import type { Slot } from '../own/processes.ts';
import { coarserGrids, liveFactor } from './coarser.ts';
import type { DeviceChoice } from './device.ts';
import {
  FLOW,
  FLOW_MAPS,
  type FlowMap,
  type FlowMode,
  type FlowRequest,
  type FlowSource,
  type OwnNames,
} from './flow-run.ts';
import { cellMetres, lengthInWords, lengthsOn, nearestLength } from './lengths.ts';
import type { SampleData } from './sample.ts';
import { slider } from './slider.ts';

const { formatNumber, html } = drawing;

const OWN = 'own';
const NONE = '';
/** Of the longer side of the grid: how far the slider lets a service go at first. */
const START = 1 / 13;
/** Shares of what is sent that are lost in each cell on the way. */
const RETENTIONS = [0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];

/** Places for own rasters, as guesses take them. */
const SLOTS: readonly Slot[] = (['supply', 'demand', 'dem', 'permeability'] as const).map((name) => {
  const { about, optional = false } = FLOW.inputs[name];
  return { name, about, optional, kind: 'raster', columns: [] };
});

/** Names of these places for people. */
const SLOT_NAMES: Readonly<Record<string, string>> = {
  supply: 'Supply',
  demand: 'Demand',
  dem: 'Terrain',
  permeability: 'Permeability',
};

export const MAP_TITLES: Readonly<Record<FlowMap, string>> = {
  balance_dynamic: 'Balance after the flow',
  balance_static: 'Balance before the flow',
  inflow: 'Received',
  outflow: 'Sent',
  transit: 'Passed on',
  deficit: 'Demand that is not met',
  residual: 'Surplus that stays',
};

export interface FlowForm {
  /** Another sample, or other files. */
  offer(sample: SampleData | undefined, files: readonly OwnFile[]): void;
  /** Whether there is anything to choose from. */
  any(): boolean;
  /** Undefined where a raster has to be chosen first. */
  request(): FlowRequest | undefined;
  map(): FlowMap;
}

/** @param changed something else is to be computed; @param turned only another map of it is to be shown */
export function flowForm(form: HTMLFormElement, changed: () => void, turned: () => void): FlowForm {
  const field = <E extends HTMLElement>(name: string) => form.querySelector<E>(`#flow-${name}`)!;
  const [service, barrier, cells, map] = ['service', 'barrier', 'cells', 'map'].map((name) =>
    field<HTMLSelectElement>(name),
  );
  const slots = field('slots');
  const distance = slider<number>(field('distance'), (metres) =>
    metres === Number.POSITIVE_INFINITY ? 'any distance' : `at most ${lengthInWords(metres)}`,
  );
  const retention = slider<number>(field('retention'), (share) =>
    share === 0 ? 'nothing' : `${formatNumber(100 * share)} % of what passes`,
  );
  let sample: SampleData | undefined;
  let files: readonly OwnFile[] = [];
  let grid: Grid | undefined;

  map.innerHTML = html`${FLOW_MAPS.map((name) => html`<option value="${name}">${MAP_TITLES[name]}</option>`)}`.markup;
  retention.offer(RETENTIONS, 0);
  const value = (name: string) => String(new FormData(form).get(name));
  const isOwn = () => service.value === OWN;

  function showServices(): void {
    const before = service.value;
    const years = [...(sample?.years ?? [])].reverse();
    const samples = sample?.services.map(
      ({ code, name }) =>
        html`<optgroup label="${name}">${years.map((year) => html`<option value="${code}/${year}">${name}, ${year}</option>`)}</optgroup>`,
    );
    const rasters = files.filter(({ kind }) => kind === 'raster');
    const own = rasters.length > 0 && html`<option value="${OWN}">Your own rasters</option>`;
    service.innerHTML = html`${samples}${own}`.markup;
    service.value = before;
    if (service.selectedIndex < 0) service.selectedIndex = 0;
    barrier.innerHTML =
      html`<option value="${NONE}">nothing</option>${Object.entries(sample?.classNames ?? {}).map(([code, name]) => html`<option value="${code}">${name}</option>`)}`.markup;
    showSlots();
  }

  function showSlots(): void {
    const rasters = files.filter(({ kind }) => kind === 'raster');
    const guessed = guessFiles(SLOTS, rasters);
    slots.innerHTML = html`${SLOTS.map(({ name, about, optional }) => {
      const choice = (file: string, words: string) =>
        html`<option value="${file}"${(guessed.get(name) ?? NONE) === file && html` selected`}>${words}</option>`;
      const mode = name === 'dem' && html` data-mode="directional"`;
      return html`<div class="field"${mode}><label for="flow-${name}">${SLOT_NAMES[name]}<small>${about}</small></label><select id="flow-${name}" name="${name}">${choice(NONE, optional ? 'none' : 'choose a raster')}${rasters.map((file) => choice(file.name, file.name))}</select></div>`;
    })}`.markup;
  }

  /** What can be chosen with the grid that is there now, and what has no meaning. */
  function adapt(): void {
    slots.hidden = !isOwn();
    barrier.closest<HTMLElement>('.field')!.hidden = isOwn();
    for (const part of form.querySelectorAll<HTMLElement>('[data-mode]'))
      part.hidden = part.dataset.mode !== value('mode');
    const now = gridOf();
    if (!now || (grid && sameSize(now, grid))) return;
    grid = now;
    const grids = coarserGrids(grid);
    cells.innerHTML = html`${grids.map((each) => {
      const side = cellMetres(each.grid);
      const size = `${each.grid.width} × ${each.grid.height}`;
      return html`<option value="${each.factor}">${side === undefined ? size : `${lengthInWords(side)} (${size})`}</option>`;
    })}`.markup;
    cells.value = String(liveFactor(grids));
    offerDistances(false);
  }

  /** From a cell that is computed on, to any distance. */
  function offerDistances(keep: boolean): void {
    const now = gridOf();
    if (!now) return;
    const chosen = coarserGrids(now).find(({ factor }) => factor === Number(cells.value)) ?? { grid: now };
    const lengths = lengthsOn(chosen.grid);
    const before = keep ? distance.value() : undefined;
    const wanted = before ?? START * (cellMetres(now) ?? 1) * Math.max(now.width, now.height);
    const start =
      Number.isFinite(wanted) && lengths.length > 0 ? nearestLength(lengths, wanted) : Number.POSITIVE_INFINITY;
    distance.offer([...lengths, Number.POSITIVE_INFINITY], start);
  }

  function gridOf(): Grid | undefined {
    if (!isOwn()) return sample?.grid;
    const name = value('supply') || value('demand');
    return files.find((file) => file.name === name)?.raster?.grid;
  }

  function sourceOf(): FlowSource | undefined {
    if (isOwn()) {
      const names = Object.fromEntries(
        SLOTS.flatMap(({ name }) => (value(name) === NONE ? [] : [[name, value(name)]])),
      ) as Partial<OwnNames>;
      const { supply, demand } = names;
      return supply && demand ? { kind: 'own', files, names: { ...names, supply, demand } } : undefined;
    }
    if (!sample || service.value === '') return undefined;
    const [code, year] = service.value.split('/');
    const cover = barrier.value === NONE ? undefined : Number(barrier.value);
    return { kind: 'sample', sample, service: code, year: Number(year), barrier: cover };
  }

  form.addEventListener('input', ({ target }) => {
    if (target === map) return turned();
    adapt();
    if (target === cells) offerDistances(true);
    changed();
  });

  return {
    offer(nextSample, nextFiles) {
      [sample, files] = [nextSample, nextFiles];
      showServices();
      adapt();
    },
    any: () => service.options.length > 0,
    map: () => map.value as FlowMap,
    request() {
      const source = sourceOf();
      if (!source) return undefined;
      const metres = distance.value();
      return {
        source,
        mode: value('mode') as FlowMode,
        maxDistance: metres === Number.POSITIVE_INFINITY ? undefined : metres,
        retention: retention.value()!,
        algorithm: value('algorithm'),
        factor: Number(cells.value || 1),
        device: value('flow-device') as DeviceChoice,
      };
    },
  };
}

function sameSize(a: Grid, b: Grid): boolean {
  return a.width === b.width && a.height === b.height && cellMetres(a) === cellMetres(b);
}
