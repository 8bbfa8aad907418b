/** Which maps stand together: a panel is one quantity over the years with one scale; panels form groups by the step that made them and by service. */
import { type ClassEntry, classesOf } from './classes.ts';
import type { ReportData, ReportMap, ReportStep } from './data.ts';
import { cellUnit, humanise } from './format.ts';
import { panelTitle, quantityOrder } from './panel-titles.ts';
import { classKey, classPicture, type PictureKey, quantityKey, quantityPicture } from './picture.ts';
import type { Deflate } from './png.ts';
import { type Scale, scaleOf } from './scale.ts';

export interface Panel {
  /** Of its element, unique in the document; the key of its colours for the script of the page. */
  readonly id: string;
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
  /** Of the step that makes supply, demand and balance, by the code of the service. */
  readonly services: ReadonlyMap<string, readonly Panel[]>;
  readonly composite: readonly Panel[];
  readonly flow: ReadonlyMap<string, readonly Panel[]>;
  readonly risk: ReadonlyMap<string, readonly Panel[]>;
  readonly hotspots: readonly Panel[];
  readonly bundles: readonly Panel[];
  readonly others: readonly Panel[];
}

export async function panelsOf(data: ReportData, deflate: Deflate): Promise<PanelGroups> {
  const of = (step: ReportStep) => data.maps.filter((map) => (map.step ?? 'services') === step);
  const maps = of('services');
  const landCover = maps.filter((map) => map.quantity === 'lulc');
  const composite = maps.filter((map) => isComposite(map) && map.quantity !== 'lulc');
  const others = maps.filter((map) => map.quantity !== 'lulc' && !isComposite(map));
  return {
    landCover: await panelList(landCover, 'map-lulc', deflate),
    services: await byService(data, others, 'service', deflate),
    composite: await panelList(composite, 'composite', deflate),
    flow: await byService(data, of('flow'), 'flow', deflate),
    risk: await byService(data, of('risk'), 'risk', deflate),
    hotspots: await panelList(of('hotspots'), 'hotspots', deflate),
    bundles: await panelList(of('bundles'), 'bundles', deflate),
    others: await panelList(
      [...others, ...of('flow'), ...of('risk')].filter((map) => map.service === undefined),
      'further',
      deflate,
    ),
  };
}

/** All panels of a report, in its order. */
export function allPanels(groups: PanelGroups): Panel[] {
  const { landCover, services, composite, flow, risk, hotspots, bundles, others } = groups;
  const grouped = [services, flow, risk].flatMap((group) => [...group.values()].flat());
  return [...landCover.slice(0, 1), ...grouped, ...composite, ...hotspots, ...bundles, ...others];
}

/** By the code of the service, those of the project first; the ids are `<id>-<service>-<panel>`, both counted. */
async function byService(
  data: ReportData,
  maps: readonly ReportMap[],
  id: string,
  deflate: Deflate,
): Promise<Map<string, readonly Panel[]>> {
  const groups = new Map<string, readonly Panel[]>();
  const codes = new Set([...data.services.map(({ code }) => code), ...maps.flatMap((map) => map.service ?? [])]);
  for (const code of codes) {
    const own = maps.filter((map) => map.service === code);
    if (own.length > 0) groups.set(code, await panelList(withoutTwins(own), `${id}-${groups.size}`, deflate));
  }
  return groups;
}

export function isComposite(map: ReportMap): boolean {
  return map.service === 'composite' || (map.service === undefined && /(^|\/)composite(\/|$)/.test(map.id));
}

/** The ratio of a service is its balance over a constant: the same picture, so it is shown only where there is no balance. */
export function withoutTwins(maps: readonly ReportMap[]): readonly ReportMap[] {
  if (!maps.some((map) => map.quantity === 'balance_static')) return maps;
  return maps.filter((map) => map.quantity !== 'ratio');
}

async function panelList(maps: readonly ReportMap[], id: string, deflate: Deflate): Promise<Panel[]> {
  const byQuantity = new Map<string, ReportMap[]>();
  for (const map of maps) {
    const key = `${map.quantity}\n${map.unit}\n${map.kind}`;
    byQuantity.set(key, [...(byQuantity.get(key) ?? []), map]);
  }
  const ordered = [...byQuantity.values()].sort(([a], [b]) => quantityOrder(a) - quantityOrder(b));
  const panels: Panel[] = [];
  for (const group of ordered) panels.push(await panelOf(group, `${id}-${panels.length}`, deflate));
  return panels;
}

async function panelOf(group: readonly ReportMap[], id: string, deflate: Deflate): Promise<Panel> {
  const maps = [...group].sort((a, b) => (a.year ?? 0) - (b.year ?? 0));
  const { quantity, kind, service } = maps[0];
  const unit = service === undefined ? maps[0].unit : cellUnit(maps[0].unit);
  const shared = { id, quantity, unit, maps, title: panelTitle(maps) ?? humanise(quantity) };
  if (kind === 'classes') {
    const classes = classesOf(maps);
    const pictures = await Promise.all(maps.map((map) => classPicture(map, classes, deflate)));
    return { ...shared, classes, key: classKey(classes), pictures };
  }
  const scale = scaleOf(maps);
  const pictures = await Promise.all(maps.map((map) => quantityPicture(map, scale, deflate)));
  return { ...shared, scale, key: scale && quantityKey(scale, unit), pictures };
}
