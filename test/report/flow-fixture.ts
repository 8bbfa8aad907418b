/** Invented flows for the invented run of fixture.ts: zones, maps of roles and of the balance after the flow, amounts that add up. */
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import type { ReportData, ReportMap } from '../../src/report/data.ts';
import type { FlowStory, ReportZone, ZoneLink } from '../../src/report/stories.ts';
import { fractal } from './fixture.ts';

const PLACES: readonly (readonly [string, number, number])[] = [
  ['Upper Lian', 0.3, 0.24],
  ['Ridge County', 0.62, 0.2],
  ['Lian City', 0.5, 0.5],
  ['East Bank Economic Development Zone', 0.76, 0.46],
  ['Reed Plain', 0.28, 0.56],
  ['Lower Lian', 0.45, 0.78],
  ['Harbour', 0.68, 0.74],
];

export const ZONES: readonly ReportZone[] = PLACES.map(([name, x, y], i) => ({
  number: i + 1,
  id: `Z${i + 1}`,
  name,
  cells: 1000 + 10 * i,
  at: [x, y],
}));

const ROLES = {
  classNames: { 0: 'none', 1: 'supplier', 2: 'transit', 3: 'demander', 4: 'unserved demander' },
  palette: {
    0: [240, 240, 234, 255],
    1: [44, 127, 84, 255],
    2: [244, 196, 80, 255],
    3: [60, 110, 190, 255],
    4: [190, 60, 60, 255],
  },
} as const;

/** The run with flows of all its services: water downhill, with losses and spill; all others in all directions. */
export function withFlows(data: ReportData, zones: readonly ReportZone[] = ZONES): ReportData {
  const flows = data.services.flatMap((_, order) => data.years.map((year) => makeStory(data, order, year, zones)));
  return { ...data, zones, flows, maps: [...data.maps, ...flows.flatMap((story) => makeMaps(data, story))] };
}

export function makeStory(data: ReportData, order: number, year: number, zones = ZONES): FlowStory {
  const { code, name, unit } = data.services[order];
  const directional = order === 0;
  const growth = (year - 2003) / 20;
  const supply = 4.1e9 / (1 + order);
  const demand = supply * (0.55 + 0.25 * growth);
  const local = 0.36 * supply;
  const links = linksOf(zones, directional, supply * (0.14 + 0.03 * growth));
  const sum = (as: ZoneLink['as']) =>
    links.filter((link) => link.as === as).reduce((all, { amount }) => all + amount, 0);
  const [used, spill, lost] = [sum('used'), sum('spill'), sum('lost')];
  const residual = supply - local - used - spill - lost;
  const unmet = demand - local - used;
  const rounds = directional ? 0 : 38 + Math.round(10 * growth);
  let left = supply - local;
  const shares = Array.from({ length: rounds }, (_, k) => 0.86 ** k);
  const whole = shares.reduce((all, share) => all + share, 0);
  const row = (quantity: string, amount: number, of: number) => ({ quantity, amount, share: amount / of });
  return {
    year,
    service: code,
    serviceName: name,
    mode: directional ? 'directional' : 'omnidirectional',
    unit,
    totals: [
      row('supply', supply, supply),
      row('demand', demand, demand),
      row('local', local, supply),
      row('delivered', used, supply),
      row('inflow', used, demand),
      row('spill', spill, supply),
      row('lost', lost, supply),
      row('residual', residual, supply),
      row('unmet', unmet, demand),
      row('before', supply - demand, demand),
      row('after', residual - unmet, demand),
    ],
    epochs: shares.map((share, k) => {
      const delivered = (used * share) / whole;
      left -= delivered;
      return { epoch: k + 1, delivered, residual: left };
    }),
    meanDistance: directional ? undefined : 3420 + 500 * growth,
    links: zones.length > 0 ? links : undefined,
    remarks: year === 2003 ? ['12 cells with supply but no demand take no part'] : [],
  };
}

function linksOf(zones: readonly ReportZone[], directional: boolean, scale: number): ZoneLink[] {
  const stations = zones.length > 0 ? zones : ZONES;
  const share = scale * (ZONES.length / stations.length) ** 2;
  const links: ZoneLink[] = [];
  for (const from of stations) {
    for (const to of stations) {
      const far = Math.hypot(from.at[0] - to.at[0], from.at[1] - to.at[1]);
      if (directional && to.at[1] < from.at[1]) continue;
      const draw = fractal(from.at[0] + to.at[1], to.at[0] - from.at[1], 5);
      const amount = share * 0.5 * draw ** 3 * Math.exp(-4 * far);
      if (amount > 0) links.push({ from: from.number, to: to.number, as: 'used', amount });
    }
    if (directional)
      links.push({
        from: from.number,
        to: 7,
        as: 'spill',
        amount: (0.06 * scale * from.at[1] * ZONES.length) / stations.length,
      });
    if (directional)
      links.push({ from: from.number, to: null, as: 'lost', amount: (0.01 * scale * ZONES.length) / stations.length });
  }
  links.push({ from: null, to: stations[0].number, as: 'used', amount: 0.02 * scale });
  return links;
}

function makeMaps(data: ReportData, { year, service, serviceName, unit }: FlowStory): ReportMap[] {
  const balance = data.maps.find(
    (map) => map.year === year && map.service === service && map.quantity === 'balance_static',
  );
  if (!balance) return [];
  const { width, height, cells } = balance;
  const role = new Uint32Array(cells.length).fill(NODATA_CODE);
  const after = new Float32Array(cells.length).fill(NODATA);
  for (let i = 0; i < cells.length; i++) {
    if (cells[i] === Math.fround(NODATA)) continue;
    const way = fractal((i % width) / width, Math.floor(i / width) / height, 11);
    role[i] = cells[i] > 0 ? (way > 0.62 ? 2 : 1) : way > 0.44 ? 3 : 4;
    after[i] = role[i] === 3 ? 0 : cells[i] * (role[i] === 1 ? 0.6 : 1);
  }
  const shared = { step: 'flow', year, service, serviceName, width, height, cellMetres: balance.cellMetres } as const;
  const id = `${year}/${service}`;
  return [
    {
      ...shared,
      ...ROLES,
      id: `${id}/role`,
      title: 'Role',
      quantity: 'role',
      unit: '1',
      kind: 'classes',
      cells: role,
      file: `${id}/role.tif`,
    },
    {
      ...shared,
      id: `${id}/balance_dynamic`,
      title: 'Balance',
      quantity: 'balance_dynamic',
      unit,
      kind: 'quantity',
      diverging: true,
      cells: after,
      file: `${id}/balance_dynamic.tif`,
    },
  ];
}
