/** Invented risk, hot spots and bundles over the region of the fixture: maps of fractals, and stories counted from them. */
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import { RISK_COLOURS, RISK_NAMES } from '../../src/models/risk/classes.ts';
import type { ReportData, ReportMap } from '../../src/report/data.ts';
import { levelOf } from '../../src/report/risk-classes.ts';
import type { ClassShare, ReportZone, RiskStory, RiskTransitions } from '../../src/report/stories.ts';
import { fractal, makeData } from './fixture.ts';
import { counter, cross, makeBundles, makeHotspots, opaque } from './spots-fixture.ts';

export const SERVICES = [
  ['HTR', 'High temperature regulation', 0.16],
  ['NP', 'Nitrogen purification', 0.24],
  ['PP', 'Phosphorus purification', 0.27],
  ['FP', 'Food production', 0.38],
  ['BC', 'Biodiversity conservation', 0.5],
  ['CS', 'Carbon sequestration', 0.6],
  ['TC', 'Travel and culture', 0.66],
  ['SR', 'Soil retention', 0.72],
  ['WY', 'Water yield', 0.86],
] as const;

const PLACES = ['Lian', 'Northgate', 'Oldbridge', 'Sands', 'Weir & Mill', 'Highfield <east>'];

/** A report of the region with everything that these sections show. @param services how many of the nine */
export function makeSteps(size: number, services: number = SERVICES.length): ReportData {
  const base = makeData(size);
  const land = base.maps.find(({ quantity }) => quantity === 'lulc')!;
  const inside = Array.from(land.cells, (code) => code !== NODATA_CODE);
  const zoneAt = (i: number) =>
    1 + ((i % size > size / 2 ? 1 : 0) + 2 * Math.min(2, Math.floor((3 * i) / (size * size))));
  const zones: ReportZone[] = PLACES.map((name, i) => {
    const cells = inside.filter((is, cell) => is && zoneAt(cell) === i + 1).length;
    return { number: i + 1, id: `z${i + 1}`, name, cells, at: [i % 2 ? 0.7 : 0.3, (Math.floor(i / 2) + 0.5) / 3] };
  });
  const cellKm2 = (base.grid.cellWidth / 1000) ** 2;
  const shares = counter(cellKm2);
  const chosen = SERVICES.slice(0, services);
  const plane = (value: (x: number, y: number, i: number) => number) =>
    Float32Array.from(inside, (is, i) => (is ? value((i % size) / size, Math.floor(i / size) / size, i) : NODATA));
  const shared = { width: size, height: size, cellMetres: base.grid.cellWidth, unit: '1' };
  const maps: ReportMap[] = [];
  const risks: RiskStory[] = [];
  const riskTransitions: RiskTransitions[] = [];
  for (const [order, [service, serviceName, level]] of chosen.entries()) {
    const riskOf = (seed: number) =>
      plane((x, y) => {
        const at = level + 1.1 * (fractal(x, y, 20 + order) - 0.5) + 0.5 * (fractal(x, y, seed) - 0.5);
        const place = Math.min(17, Math.max(0, Math.floor(18 * at)));
        return place < 6 ? place - 6 : place - 5;
      });
    const [before, cells] = [riskOf(50 + order), riskOf(70 + order)];
    const named = { service, serviceName, step: 'risk' as const };
    const title = `${serviceName}, risk`;
    const coded = { kind: 'classes' as const, palette: opaque(RISK_COLOURS), classNames: RISK_NAMES };
    maps.push({
      ...shared,
      ...named,
      ...coded,
      id: `risk/${service}`,
      title,
      quantity: 'risk',
      cells,
      file: `risk/${service}.tif`,
    });
    for (const [i, quantity] of ['sti', 'dti', 'sdi', 'sdti', 'outflow'].entries()) {
      const signed = i < 4;
      const values = plane((x, y) => {
        const value = 900 * (fractal(x, y, 100 + 9 * order + i) - 0.52);
        return i === 2 ? Math.min(0, value) : signed ? value : Math.max(0, value);
      });
      maps.push({
        ...shared,
        ...named,
        unit: 'm3/yr',
        id: `risk/${service}/${quantity}`,
        title: quantity,
        quantity,
        kind: 'quantity',
        diverging: signed,
        cells: values,
      });
    }
    const classes = shares(cells);
    const part = (level: 'high' | 'medium' | 'low', from = classes) => {
      const own = from.filter(({ code }) => levelOf(code) === level);
      const sum = (key: 'cells' | 'share' | 'area') => own.reduce((total, entry) => total + (entry[key] ?? 0), 0);
      return { cells: sum('cells'), area: sum('area'), share: sum('share') };
    };
    const mean = (from: readonly ClassShare[]) => from.reduce((sum, { code, share }) => sum + code * share, 0);
    risks.push({
      service,
      serviceName,
      from: 2003,
      to: 2023,
      classes,
      levels: { high: part('high'), medium: part('medium'), low: part('low') },
      meanClass: mean(classes),
      zones: zones.map(({ number }) => {
        const own = shares(cells.filter((_, i) => zoneAt(i) === number));
        const of = (level: 'high' | 'medium' | 'low') => part(level, own).share;
        return {
          zone: number,
          cells: own.reduce((sum, entry) => sum + entry.cells, 0),
          shares: { high: of('high'), medium: of('medium'), low: of('low') },
          meanClass: mean(own),
        };
      }),
    });
    riskTransitions.push({
      service,
      serviceName,
      before: '2003-2013',
      after: '2013-2023',
      transitions: cross(before, cells),
    });
  }
  const { hotspots, hotspotMaps } = makeHotspots(plane, shares, shared);
  const { bundles, map } = makeBundles(
    plane,
    shares,
    maps.filter(({ quantity }) => quantity === 'risk'),
    zones,
    zoneAt,
  );
  return {
    ...base,
    maps: [...base.maps, ...maps, ...hotspotMaps, { ...shared, ...map }],
    zones,
    risks,
    riskTransitions,
    hotspots,
    bundles,
  };
}
