/** Invented risk, hot spots and bundles over the region of the fixture: maps of fractals, and stories counted from them. */
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import { LEVEL_COLOURS, LEVEL_NAMES } from '../../src/models/hotspots/levels.ts';
import { RISK_COLOURS, RISK_NAMES } from '../../src/models/risk/classes.ts';
import { classColour } from '../../src/report/colours.ts';
import type { ReportData, ReportMap, Rgba } from '../../src/report/data.ts';
import { levelOf } from '../../src/report/risk-classes.ts';
import type {
  BundleStory,
  ClassShare,
  HotspotStory,
  ReportZone,
  RiskStory,
  RiskTransitions,
  Transitions,
} from '../../src/report/stories.ts';
import { fractal, makeData } from './fixture.ts';

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
const YEARS = [2003, 2013, 2023];

/** A report of the region with everything that these sections show. @param services how many of the nine */
export function makeSteps(size: number, services = SERVICES.length): ReportData {
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

type Plane = (value: (x: number, y: number, i: number) => number) => Float32Array;
type Shares = (cells: Float32Array) => ClassShare[];

function makeHotspots(
  plane: Plane,
  shares: Shares,
  shared: Pick<ReportMap, 'width' | 'height' | 'cellMetres' | 'unit'>,
) {
  const hotspots: HotspotStory[] = [];
  const hotspotMaps: ReportMap[] = [];
  for (const [order, of] of (['supply', 'demand', 'ratio'] as const).entries()) {
    let before: Float32Array | undefined;
    for (const [i, year] of YEARS.entries()) {
      const cells = plane((x, y) => {
        const z = 26 * (fractal(x, y, 200 + order, 4) - 0.5 + 0.12 * (fractal(x, y, 210 + i, 4) - 0.5));
        const bin = [2.576, 1.96, 1.645].findIndex((critical) => Math.abs(z) >= critical);
        return bin < 0 ? 0 : Math.sign(z) * (3 - bin);
      });
      const found = shares(cells);
      const bins = [-3, -2, -1, 0, 1, 2, 3].map(
        (code) => found.find((entry) => entry.code === code) ?? { code, cells: 0, area: 0, share: 0 },
      );
      const since = before && { year: YEARS[i - 1], transitions: cross(before, cells) };
      hotspots.push({ year, of, window: 'disc of 5 km', correction: 'fdr', bins, since });
      hotspotMaps.push({
        ...shared,
        id: `hotspots/${year}/${of}`,
        title: of,
        year,
        step: 'hotspots',
        service: 'composite',
        quantity: of,
        kind: 'classes',
        palette: opaque(LEVEL_COLOURS),
        classNames: LEVEL_NAMES,
        cells,
      });
      before = cells;
    }
  }
  return { hotspots, hotspotMaps };
}

function makeBundles(
  plane: Plane,
  shares: Shares,
  risks: readonly ReportMap[],
  zones: readonly ReportZone[],
  zoneAt: (i: number) => number,
) {
  const cells = plane((x, y, i) => {
    const risk = (k: number) => risks[k % risks.length].cells[i];
    return (
      1 + Math.min(5, Math.max(0, Math.floor((risk(0) + risk(4) + risk(8) + 8) / 7 + 1.2 * fractal(x, y, 300, 4))))
    );
  });
  const features = risks.map(({ service = '', serviceName = '' }) => ({ service, serviceName }));
  const meanOf = (wanted: (i: number) => boolean) =>
    risks.map((map) => {
      const values = Array.from(map.cells).filter((value, i) => value > -100 && wanted(i));
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    });
  const overall = meanOf(() => true);
  const found = shares(cells);
  const bundles: BundleStory = {
    of: 'risk 2003-2023',
    features,
    overall,
    curve: Array.from({ length: 29 }, (_, i) => {
      const bundles = i + 2;
      const pseudoF =
        bundles === 19 ? Number.NaN : 31000 * (1 / (1 + Math.abs(bundles - 6) / 8)) + (bundles === 9 ? 9500 : 0);
      return {
        bundles,
        pseudoF,
        nonEmpty: bundles > 16 ? bundles - 2 : bundles,
        quantisation: 3 / bundles,
        topographic: 0.01 * bundles,
      };
    }),
    firstTurn: 6,
    maximum: 9,
    chosen: 6,
    bundles: found.map(({ code, cells: count, share, area }) => {
      const means = meanOf((i) => cells[i] === code);
      const [r, g, b] = classColour(code - 1);
      return {
        code,
        colour: [r, g, b] as const,
        cells: count,
        share,
        area,
        means,
        scaledMeans: means.map((mean, f) => (mean - overall[f]) / 4),
        priorities: means.map((_, f) => f).sort((a, b) => means[a] - means[b]),
      };
    }),
    zones: zones.map(({ number, cells: count }) => {
      const own = shares(cells.filter((_, i) => zoneAt(i) === number));
      return {
        zone: number,
        cells: count,
        shares: found.map(({ code }) => own.find((entry) => entry.code === code)?.share ?? 0),
      };
    }),
  };
  const codes = bundles.bundles.map(({ code, colour }) => [code, [...colour, 255] as unknown as Rgba] as const);
  const map = {
    id: 'bundles/bundle',
    title: 'Bundles',
    step: 'bundles' as const,
    quantity: 'bundle',
    kind: 'classes' as const,
    cells,
    palette: Object.fromEntries(codes),
    classNames: Object.fromEntries(codes.map(([code]) => [code, `bundle ${code}`])),
    file: 'bundles/bundle.tif',
  };
  return { bundles, map };
}

function counter(cellKm2: number): Shares {
  return (cells) => {
    const counts = new Map<number, number>();
    let valid = 0;
    for (const code of cells) {
      if (code === Math.fround(NODATA)) continue;
      counts.set(code, (counts.get(code) ?? 0) + 1);
      valid++;
    }
    return [...counts]
      .sort(([a], [b]) => a - b)
      .map(([code, count]) => ({ code, cells: count, area: count * cellKm2, share: count / valid }));
  };
}

function cross(before: Float32Array, after: Float32Array): Transitions {
  const valid = (code: number) => code !== Math.fround(NODATA);
  const codes = [...new Set([...before, ...after])].filter(valid).sort((a, b) => a - b);
  const cells = codes.map(() => new Array<number>(codes.length).fill(0));
  before.forEach((code, i) => {
    if (valid(code) && valid(after[i])) cells[codes.indexOf(code)][codes.indexOf(after[i])]++;
  });
  return { codes, cells };
}

function opaque(colours: Readonly<Record<number, readonly [number, number, number]>>): Record<number, Rgba> {
  return Object.fromEntries(Object.entries(colours).map(([code, [r, g, b]]) => [code, [r, g, b, 255] as const]));
}
