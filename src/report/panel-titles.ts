/** What panels of maps are called, and in which order they stand. */
import type { ReportMap } from './data.ts';

/** By quantity, or by step and quantity where a step gives the word a meaning of its own; in the order of the page. */
const TITLES: Readonly<Record<string, string>> = {
  supply: 'Supply',
  demand: 'Demand',
  balance_static: 'Balance: supply minus demand',
  ratio: 'Supply–demand ratio',
  lulc: 'Land cover',
  role: 'Suppliers, ways and users',
  balance_dynamic: 'Balance after the flow',
  risk: 'Risk classes',
  sti: 'Supply trend (STI)',
  dti: 'Demand trend (DTI)',
  sdi: 'Supply–demand index (SDI)',
  sdti: 'Supply–demand trend (SDTI)',
  outflow: 'Sent out (ESF_out)',
  'hotspots/supply': 'Hot spots of supply',
  'hotspots/demand': 'Hot spots of demand',
  'hotspots/ratio': 'Hot spots of the supply–demand ratio',
  bundle: 'Bundles',
};
const ORDER = Object.keys(TITLES);

/** Title of the panel that holds these maps; undefined where neither the quantity nor the maps have one in common. */
export function panelTitle(maps: readonly ReportMap[]): string | undefined {
  return TITLES[known(maps[0])] ?? sharedTitle(maps);
}

/** Rank of a map's panel among the panels of its group; those without a place of their own come last. */
export function quantityOrder(map: ReportMap): number {
  const place = ORDER.indexOf(known(map));
  return place < 0 ? ORDER.length : place;
}

function known({ step, quantity }: ReportMap): string {
  const own = `${step}/${quantity}`;
  return own in TITLES ? own : quantity;
}

/** The title that all maps have once their year is taken off. */
function sharedTitle(maps: readonly ReportMap[]): string | undefined {
  const titles = new Set(
    maps.map(({ title, year }) =>
      year === undefined ? title : title.replace(new RegExp(`[\\s,(]*\\b${year}\\b\\)?`), '').trim(),
    ),
  );
  const [title] = titles;
  return titles.size === 1 && title ? title : undefined;
}
