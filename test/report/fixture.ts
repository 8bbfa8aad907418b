/** A small invented run: three years, two services, fractal-looking maps of a round region with nodata outside. */
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import type { ReportData, ReportMap, TotalsRow } from '../../src/report/data.ts';

export const YEARS = [2003, 2013, 2023];

const PALETTE = {
  1: [238, 214, 132, 255],
  2: [46, 112, 76, 255],
  3: [160, 198, 110, 255],
  4: [78, 144, 200, 255],
  5: [178, 62, 74, 255],
  6: [200, 190, 174, 255],
} as const;
const CLASS_NAMES = { 1: 'cropland', 2: 'forest', 3: 'grassland', 4: 'water', 5: 'built-up', 6: 'unused' };

/** Value noise in 0..1: octaves of smoothed random lattices. */
export function fractal(x: number, y: number, seed: number, octaves = 7): number {
  let sum = 0;
  let weight = 0;
  for (let octave = 0, size = 3, gain = 1; octave < octaves; octave++, size *= 2, gain *= 0.55) {
    const [u, v] = [x * size, y * size];
    const [i, j] = [Math.floor(u), Math.floor(v)];
    const [fx, fy] = [smooth(u - i), smooth(v - j)];
    const at = (p: number, q: number) => random(p, q, seed * 31 + octave);
    const top = at(i, j) + fx * (at(i + 1, j) - at(i, j));
    const bottom = at(i, j + 1) + fx * (at(i + 1, j + 1) - at(i, j + 1));
    sum += gain * (top + fy * (bottom - top));
    weight += gain;
  }
  return sum / weight;
}

export function makeData(size: number, years: readonly number[] = YEARS): ReportData {
  const maps: ReportMap[] = [];
  const totals: TotalsRow[] = [];
  for (const year of years) {
    const growth = (year - 2003) / 20;
    const lulc = new Uint32Array(size * size).fill(NODATA_CODE);
    const planes = Object.fromEntries(
      ['WY/supply', 'WY/demand', 'CS/supply', 'CS/demand', 'all/supply', 'all/demand', 'all/ratio'].map((name) => [
        name,
        new Float32Array(size * size).fill(NODATA),
      ]),
    );
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const [x, y] = [column / size, row / size];
        if (Math.hypot(x - 0.5, (y - 0.5) * 1.15) > 0.38 + 0.16 * fractal(x, y, 9, 5)) continue;
        const cell = row * size + column;
        const [height, wet, people] = [fractal(x, y, 1), fractal(x, y, 2), fractal(x, y, 3)];
        const town = people > 0.66 - 0.06 * growth;
        lulc[cell] = town ? 5 : height < 0.32 ? 4 : height > 0.62 ? 2 : wet > 0.56 ? 3 : height > 0.595 ? 6 : 1;
        planes['WY/supply'][cell] = 3000 + 9000 * wet * wet + 2500 * height + (town ? 2500 : 0) - 600 * growth;
        planes['WY/demand'][cell] = Math.exp(14 * people + (town ? 1.2 : 0) + 0.4 * growth);
        planes['CS/supply'][cell] = [0, 133, 357, 221, 85, 84, 58][lulc[cell]] + 12 * wet;
        planes['CS/demand'][cell] = planes['WY/demand'][cell] * 0.0055;
        planes['all/supply'][cell] = 0.5 * wet + 0.5 * height;
        planes['all/demand'][cell] = Math.min(1, planes['WY/demand'][cell] / 40000);
        planes['all/ratio'][cell] = planes['all/supply'][cell] / planes['all/demand'][cell];
      }
    }
    const shared = { year, width: size, height: size, cellMetres: (100 * 512) / size };
    maps.push({
      ...shared,
      id: `${year}/lulc`,
      service: 'land_cover',
      serviceName: 'Land cover',
      title: 'Land cover',
      quantity: 'lulc',
      unit: '1',
      kind: 'classes',
      cells: lulc,
      palette: PALETTE,
      classNames: CLASS_NAMES,
    });
    for (const [service, serviceName, unit] of [
      ['WY', 'Water yield', 'm3/yr'],
      ['CS', 'Carbon sequestration', 'tC'],
    ]) {
      const [supply, demand] = [planes[`${service}/supply`], planes[`${service}/demand`]];
      const balance = supply.map((value, i) => (value > NODATA / 2 ? value - demand[i] : NODATA));
      const ratio = balance.map((value) => (value > NODATA / 2 ? value / 40000 : NODATA));
      for (const [quantity, cells] of Object.entries({ supply, demand, balance_static: balance, ratio })) {
        const diverging = quantity === 'balance_static' || quantity === 'ratio';
        const own = quantity === 'ratio' ? '1' : unit;
        const id = `${year}/${service}/${quantity}`;
        maps.push({
          ...shared,
          id,
          title: quantity,
          service,
          serviceName,
          quantity,
          unit: own,
          kind: 'quantity',
          diverging,
          cells,
          file: `${id}.tif`,
        });
        totals.push({ year, service, quantity, unit: own, ...statistics(cells) });
      }
    }
    for (const quantity of ['supply', 'demand', 'ratio']) {
      const cells = planes[`all/${quantity}`];
      totals.push({ year, service: 'composite', quantity, unit: '1', ...statistics(cells) });
      maps.push({
        ...shared,
        id: `${year}/composite/${quantity}`,
        title: `Composite ${quantity}`,
        service: 'composite',
        serviceName: 'All services',
        quantity,
        unit: '1',
        kind: 'quantity',
        diverging: quantity === 'ratio',
        centre: quantity === 'ratio' ? 1 : undefined,
        cells,
        file: `${year}/composite/${quantity}.tif`,
      });
    }
  }
  return { ...describedRun(size), years, maps, totals };
}

function describedRun(size: number): Omit<ReportData, 'years' | 'maps' | 'totals'> {
  const cell = (100 * 512) / size;
  return {
    title: 'Lian River basin, 2003–2023',
    created: '2026-11-21T19:45:12.000Z',
    version: '0.1.0',
    grid: {
      width: size,
      height: size,
      west: 500000,
      north: 3600000,
      cellWidth: cell,
      cellHeight: cell,
      crs: { epsg: 32650, name: 'WGS 84 / UTM zone 50N', kind: 'projected', metresPerUnit: 1 },
    },
    services: [
      {
        code: 'WY',
        name: 'Water yield',
        category: 'provisioning',
        flow: 'directional',
        unit: 'm3/yr',
        supplyModel: 'annual_water_yield',
        demandModel: 'per_capita',
      },
      {
        code: 'CS',
        name: 'Carbon sequestration',
        category: 'regulating',
        flow: 'omnidirectional',
        unit: 'tC',
        supplyModel: 'carbon',
        demandModel: 'per_capita',
      },
    ],
    verification: ['annual_water_yield', 'carbon', 'per_capita', 'balance'].flatMap((stage, i) =>
      ['supply', 'demand'].map((output, j) => ({
        stage,
        output,
        cells: 168342,
        maxAbsolute: 1.2e-3 * (i + 1),
        maxRelative: 2.4e-7 * (j + 1),
        worst: { column: 211, row: 37, device: 812.40234, reference: 812.40219 },
        nodataDisagreements: 0,
        tolerance: { rtol: 1e-5, atol: 1e-6 },
        passed: true,
      })),
    ),
    parameters: [
      {
        where: 'WY supply: annual_water_yield',
        name: 'seasonality_constant',
        value: '15',
        unit: '1',
        about: 'Zhang coefficient Z',
        defaulted: true,
      },
      {
        where: 'WY demand: per_capita',
        name: 'amount',
        value: '350',
        unit: 'm3/yr',
        about: 'water used by one person in a year',
        defaulted: false,
      },
      {
        where: 'CS demand: per_capita',
        name: 'amount',
        value: '1.909',
        unit: 'tC/yr',
        about: 'emissions of one person in a year (7 t CO₂)',
        defaulted: false,
      },
      {
        where: 'CS demand: per_capita',
        name: 'over',
        value: '1',
        unit: 'yr',
        about: 'years of emissions set against the stock',
        defaulted: false,
      },
      { where: 'composite', name: 'weights', value: 'equal', about: 'weights of the services', defaulted: true },
    ],
    inputs: ['lulc', 'precipitation', 'et0', 'soil_depth', 'pawc', 'population'].map((layer, i) => ({
      layer,
      file: `data/${layer}_2003.tif`,
      sha256: 'b1946ac92492d2347c6235b4d2611184e3a0c9f2c6b1b5a1c0b7f1d0a9e8d7c6',
      unit: ['1', 'mm/yr', 'mm/yr', 'mm', '1', 'people/km2'][i],
      alignment: i % 2 ? 'resampled from 500 m, bilinear' : 'on the grid already',
    })),
    equations: [
      {
        model: 'annual_water_yield',
        title: 'Annual water yield',
        equations: [
          '(1)  Y = (1 − AET/P) · P',
          '(2)  AET/P = 1 + PET/P − (1 + (PET/P)^ω)^(1/ω)',
          '(3)  ω = Z · AWC/P + 1.25',
        ],
        sources: ['Fu 1981', 'Zhang et al. 2004', 'InVEST: annual water yield'],
      },
      {
        model: 'carbon',
        title: 'Carbon stock',
        equations: ['(1)  C = C_above + C_below + C_soil + C_dead'],
        sources: ['InVEST: carbon storage and sequestration'],
      },
      {
        model: 'per_capita',
        title: 'Demand of people',
        equations: ['(1)  D = amount · population density · area of the cell'],
        sources: ['Source 002, equations 11 and 12'],
      },
    ],
    device: {
      name: 'llvmpipe (LLVM 19.1.7, 256 bits)',
      kind: 'software',
      driver: 'Mesa 25.0.7',
      sentence:
        'Computed with WebGPU on a software driver (llvmpipe): the same shaders as on a graphics card, run by the processor.',
    },
    timings: [
      { name: 'read and align', seconds: 1.92 },
      { name: 'annual_water_yield', seconds: 0.81 },
      { name: 'carbon', seconds: 0.34 },
      { name: 'demand and balance', seconds: 0.47 },
      { name: 'composite', seconds: 0.26 },
      { name: 'write rasters', seconds: 2.75 },
      { name: 'verify', seconds: 3.1 },
    ],
    log: ['lulc_2003.tif: on the grid already', 'precip_2003.tif: resampled from 500 m, bilinear'],
  };
}

export function statistics(cells: Float32Array): Pick<TotalsRow, 'cells' | 'sum' | 'mean' | 'min' | 'max'> {
  const valid = cells.filter((value) => value > NODATA / 2);
  const sum = valid.reduce((total, value) => total + value, 0);
  const fold = (pick: (a: number, b: number) => number) => valid.reduce((a, b) => pick(a, b), valid[0]);
  return { cells: valid.length, sum, mean: sum / valid.length, min: fold(Math.min), max: fold(Math.max) };
}

function random(x: number, y: number, seed: number): number {
  let h = Math.imul(x, 374761393) ^ Math.imul(y, 668265263) ^ Math.imul(seed, 2246822519);
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

function smooth(t: number): number {
  return t * t * (3 - 2 * t);
}
