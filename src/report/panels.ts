/** Which maps stand together: a panel is one quantity over the years with one scale; panels form groups by service. */
import { type ClassEntry, classesOf } from './classes.ts';
import type { ReportData, ReportMap } from './data.ts';
import { cellUnit, humanise } from './format.ts';
import { classKey, classPicture, type PictureKey, quantityKey, quantityPicture } from './picture.ts';
import type { Deflate } from './png.ts';
import { type Scale, scaleOf } from './scale.ts';

export interface Panel {
  readonly title: string;
  readonly quantity: string;
  readonly unit: string;
  /** By year. */
  readonly maps: readonly ReportMap[];
  /** Of quantities; undefined where no cell is valid. */
  readonly scale?: Scale;
  /** Of class maps. */
  readonly classes?: readonly ClassEntry[];
  readonly key?: PictureKey;
  /** Addresses of the images, one a map. */
  readonly pictures: readonly string[];
}

export interface PanelGroups {
  readonly landCover: readonly Panel[];
  readonly services: ReadonlyMap<string, readonly Panel[]>;
  readonly composite: readonly Panel[];
  readonly others: readonly Panel[];
}

const ORDER = ['supply', 'demand', 'balance_static', 'ratio'];
const TITLES: Readonly<Record<string, string>> = {
  supply: 'Supply',
  demand: 'Demand',
  balance_static: 'Balance: supply minus demand',
  ratio: 'Supply–demand ratio',
  lulc: 'Land cover',
};

export async function panelsOf(data: ReportData, deflate: Deflate): Promise<PanelGroups> {
  const landCover = data.maps.filter((map) => map.quantity === 'lulc');
  const composite = data.maps.filter(isComposite);
  const grouped = new Set([...landCover, ...composite]);
  const services = new Map<string, readonly Panel[]>();
  const codes = new Set([...data.services.map(({ code }) => code), ...data.maps.flatMap((map) => map.service ?? [])]);
  for (const code of codes) {
    const maps = data.maps.filter((map) => map.service === code && !grouped.has(map));
    if (maps.length === 0) continue;
    services.set(code, await panelList(withoutTwins(maps), deflate));
    for (const map of maps) grouped.add(map);
  }
  return {
    landCover: await panelList(landCover, deflate),
    services,
    composite: await panelList(composite, deflate),
    others: await panelList(
      data.maps.filter((map) => !grouped.has(map)),
      deflate,
    ),
  };
}

export function isComposite(map: ReportMap): boolean {
  return map.service === 'composite' || (map.service === undefined && /(^|\/)composite(\/|$)/.test(map.id));
}

/** The ratio of a service is its balance over a constant: the same picture, so it is shown only where there is no balance. */
export function withoutTwins(maps: readonly ReportMap[]): readonly ReportMap[] {
  if (!maps.some((map) => map.quantity === 'balance_static')) return maps;
  return maps.filter((map) => map.quantity !== 'ratio');
}

async function panelList(maps: readonly ReportMap[], deflate: Deflate): Promise<Panel[]> {
  const byQuantity = new Map<string, ReportMap[]>();
  for (const map of maps) {
    const key = `${map.quantity}\n${map.unit}\n${map.kind}`;
    byQuantity.set(key, [...(byQuantity.get(key) ?? []), map]);
  }
  const panels: Panel[] = [];
  for (const group of byQuantity.values()) panels.push(await panelOf(group, deflate));
  const rank = ({ quantity }: Panel) => (ORDER.includes(quantity) ? ORDER.indexOf(quantity) : ORDER.length);
  return panels.sort((a, b) => rank(a) - rank(b));
}

/** The title that all maps have once their year is taken off. */
function sharedTitle(maps: readonly ReportMap[]): string | undefined {
  const titles = new Set(
    maps.map(({ title, year }) => title.replace(new RegExp(`[\\s,(]*\\b${year}\\b\\)?`), '').trim()),
  );
  const [title] = titles;
  return titles.size === 1 && title ? title : undefined;
}

async function panelOf(group: readonly ReportMap[], deflate: Deflate): Promise<Panel> {
  const maps = [...group].sort((a, b) => (a.year ?? 0) - (b.year ?? 0));
  const { quantity, kind, service } = maps[0];
  const unit = service === undefined ? maps[0].unit : cellUnit(maps[0].unit);
  const shared = { quantity, unit, maps, title: TITLES[quantity] ?? sharedTitle(maps) ?? humanise(quantity) };
  if (kind === 'classes') {
    const classes = classesOf(maps);
    const pictures = await Promise.all(maps.map((map) => classPicture(map, classes, deflate)));
    return { ...shared, classes, key: classKey(classes), pictures };
  }
  const scale = scaleOf(maps);
  const pictures = await Promise.all(maps.map((map) => quantityPicture(map, scale, deflate)));
  return { ...shared, scale, key: scale && quantityKey(scale, unit), pictures };
}
