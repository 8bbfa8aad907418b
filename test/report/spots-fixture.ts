/** Invented hot spots and bundles: maps of fractals, and stories counted from them. */
import { NODATA } from '../../src/core/cells.ts';
import { LEVEL_COLOURS, LEVEL_NAMES } from '../../src/models/hotspots/levels.ts';
import { classColour } from '../../src/report/colours.ts';
import type { ReportMap, Rgba } from '../../src/report/data.ts';
import type { BundleStory, ClassShare, HotspotStory, ReportZone, Transitions } from '../../src/report/stories.ts';
import { fractal } from './fixture.ts';

const YEARS = [2003, 2013, 2023];

export type Plane = (value: (x: number, y: number, i: number) => number) => Float32Array;
export type Shares = (cells: Float32Array) => ClassShare[];

export function makeHotspots(
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

export function makeBundles(
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

/** Counts classes of a map without nodata; `cellKm2` is the area of a cell. */
export function counter(cellKm2: number): Shares {
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

export function cross(before: Float32Array, after: Float32Array): Transitions {
  const valid = (code: number) => code !== Math.fround(NODATA);
  const codes = [...new Set([...before, ...after])].filter(valid).sort((a, b) => a - b);
  const cells = codes.map(() => new Array<number>(codes.length).fill(0));
  before.forEach((code, i) => {
    if (valid(code) && valid(after[i])) cells[codes.indexOf(code)][codes.indexOf(after[i])]++;
  });
  return { codes, cells };
}

export function opaque(colours: Readonly<Record<number, readonly [number, number, number]>>): Record<number, Rgba> {
  return Object.fromEntries(Object.entries(colours).map(([code, [r, g, b]]) => [code, [r, g, b, 255] as const]));
}
