/** The sample region at its usual size: an invented place must still be a plausible one. */
import { describe, expect, it } from 'vitest';
import { makeRegion } from '../../src/sample/region.ts';
import { classShare, featuresOf, isHole, layerOf, summary } from './support.ts';

const region = makeRegion();
const YEARS = [2003, 2013, 2023];
const PER_YEAR = ['lulc', 'temperature', 'precipitation', 'ndvi', 'population', 'gdp'];
const FIXED = [...['dem', 'regions', 'et0', 'soil_depth', 'pawc', 'erosivity', 'erodibility', 'access'], 'attractions'];

describe('sample region of 512 × 512', () => {
  it('has every layer that the models look for, once, on its grid', () => {
    const names = region.layers.map(({ name, year }) => `${name} ${year ?? ''}`);
    expect(names.sort()).toEqual(
      [
        ...PER_YEAR.flatMap((name) => YEARS.map((year) => `${name} ${year}`)),
        ...FIXED.map((name) => `${name} `),
      ].sort(),
    );
    for (const { cells } of region.layers) expect(cells.length).toBe(512 * 512);
    expect(region.grid).toMatchObject({
      width: 512,
      height: 512,
      cellWidth: 500,
      cellHeight: 500,
      crs: { epsg: 32650 },
    });
    expect(Object.keys(region.texts).sort()).toEqual(
      ['attractions', 'boundary', 'counties', 'watersheds']
        .map((name) => `${name}.geojson`)
        .concat(['biophysical', 'carbon', 'sensitivity', 'threats'].map((name) => `${name}.csv`))
        .concat(YEARS.map((year) => `food_${year}.csv`))
        .sort(),
    );
  });

  // Unit, least and largest value that such a place may have.
  const ranges: [string, string, number, number][] = [
    ['dem', 'm', 0, 2200],
    ['precipitation', 'mm/yr', 650, 2100],
    ['et0', 'mm/yr', 650, 1250],
    ['temperature', 'degC', 15, 33],
    ['soil_depth', 'mm', 150, 2200],
    ['pawc', '1', 0.05, 0.28],
    ['erosivity', 'MJ mm/(ha h yr)', 2500, 14000],
    ['erodibility', 't ha h/(ha MJ mm)', 0.008, 0.065],
    ['access', 'm', 0, 60000],
    ['attractions', '1', 0, 20],
    ['ndvi', '1', -0.2, 1],
    ['population', 'people/km2', 0, 45000],
    ['gdp', '10^4 CNY/km2', 0, 900000],
  ];
  it.each(ranges)('%s is in %s within its range, and varies', (name, unit, low, high) => {
    for (const layer of region.layers.filter((other) => other.name === name)) {
      const { min, max, nan } = summary(layer);
      expect(layer.unit).toBe(unit);
      expect(nan).toBe(0);
      expect(min).toBeGreaterThanOrEqual(low);
      expect(max).toBeLessThanOrEqual(high);
      expect(max - min).toBeGreaterThan(0.2 * max);
    }
  });

  it('shows every class in a plausible share in every year', () => {
    const shares: [number, number, number][] = [
      [1, 0.4, 0.72],
      [2, 0.14, 0.4],
      [3, 0.02, 0.12],
      [4, 0.025, 0.09],
      [5, 0.03, 0.14],
      [6, 0.001, 0.02],
    ];
    for (const year of YEARS) {
      for (const [code, low, high] of shares) {
        const share = classShare(layerOf(region, 'lulc', year), code);
        expect.soft(share, `class ${code} in ${year}`).toBeGreaterThan(low);
        expect.soft(share, `class ${code} in ${year}`).toBeLessThan(high);
      }
    }
  });

  it('takes up 45 to 75 % of its extent and leaves a rim of nodata', () => {
    const dem = layerOf(region, 'dem');
    const share = summary(dem).count / dem.cells.length;
    expect(share).toBeGreaterThan(0.45);
    expect(share).toBeLessThan(0.75);
    for (let k = 0; k < 512; k++)
      for (const i of [k, 511 * 512 + k, k * 512, k * 512 + 511]) expect(isHole(dem, i)).toBe(true);
  });

  it('is nodata outside the study area in every layer, and inside only in the small gaps of rain and soil', () => {
    const outside = layerOf(region, 'lulc', 2003);
    const inside = summary(outside).count;
    for (const layer of region.layers) {
      let gaps = 0;
      let beyond = 0;
      for (let i = 0; i < layer.cells.length; i++) {
        if (isHole(outside, i)) beyond += isHole(layer, i) ? 0 : 1;
        else if (isHole(layer, i)) gaps++;
      }
      expect(beyond, layer.name).toBe(0);
      const gappy = ['precipitation', 'soil_depth', 'pawc'].includes(layer.name);
      if (gappy) expect(gaps, layer.name).toBeGreaterThan(0);
      expect(gaps, layer.name).toBeLessThanOrEqual(gappy ? 0.002 * inside : 0);
    }
  });

  it('builds on what was built, gains people, and grows richer several times over', () => {
    for (const [before, after] of [
      [2003, 2013],
      [2013, 2023],
    ]) {
      const from = layerOf(region, 'lulc', before).cells;
      const to = layerOf(region, 'lulc', after).cells;
      let lost = 0;
      let water = 0;
      for (let i = 0; i < from.length; i++) {
        if (from[i] === 5 && to[i] !== 5) lost++;
        if ((from[i] === 4) !== (to[i] === 4)) water++;
      }
      expect(lost).toBe(0);
      expect(water).toBe(0);
      expect(classShare(layerOf(region, 'lulc', after), 5)).toBeGreaterThan(
        1.1 * classShare(layerOf(region, 'lulc', before), 5),
      );
      expect(summary(layerOf(region, 'population', after)).sum).toBeGreaterThan(
        1.02 * summary(layerOf(region, 'population', before)).sum,
      );
      expect(summary(layerOf(region, 'gdp', after)).sum).toBeGreaterThan(
        2 * summary(layerOf(region, 'gdp', before)).sum,
      );
    }
  });

  it('loses people in the open country while towns grow', () => {
    const cover = layerOf(region, 'lulc', 2023).cells;
    const ratio = (code: number) => {
      let [before, after] = [0, 0];
      const [early, late] = [layerOf(region, 'population', 2003).cells, layerOf(region, 'population', 2023).cells];
      for (let i = 0; i < cover.length; i++)
        if (cover[i] === code) [before, after] = [before + early[i], after + late[i]];
      return after / before;
    };
    expect(ratio(5)).toBeGreaterThan(1.3);
    expect(ratio(2)).toBeLessThan(1.05);
  });

  it('puts forest on high and steep ground and fields on the plain', () => {
    const dem = layerOf(region, 'dem').cells;
    const cover = layerOf(region, 'lulc', 2003).cells;
    const mean = (code: number) => {
      let [sum, count] = [0, 0];
      for (let i = 0; i < cover.length; i++) if (cover[i] === code) [sum, count] = [sum + dem[i], count + 1];
      return sum / count;
    };
    expect(mean(2)).toBeGreaterThan(4 * mean(1));
    expect(mean(3)).toBeGreaterThan(mean(1));
    expect(mean(5)).toBeLessThan(0.5 * mean(2));
  });

  it('is wetter in the south, and wetter in 2003 than in 2013', () => {
    const band = (year: number, from: number, to: number) => {
      const layer = layerOf(region, 'precipitation', year);
      let [sum, count] = [0, 0];
      for (let i = from * 512; i < to * 512; i++)
        if (!isHole(layer, i)) [sum, count] = [sum + layer.cells[i], count + 1];
      return sum / count;
    };
    expect(band(2003, 360, 470)).toBeGreaterThan(1.15 * band(2003, 40, 150));
    expect(band(2003, 0, 512)).toBeGreaterThan(1.1 * band(2013, 0, 512));
  });

  it('has sights with names and weights on the map', () => {
    const sights = featuresOf(region, 'attractions.geojson');
    expect(sights.length).toBeGreaterThan(15);
    expect(new Set(sights.map(({ properties }) => properties.name)).size).toBe(sights.length);
    for (const { properties, geometry } of sights) {
      const [x, y] = geometry.coordinates as number[];
      const i = Math.floor((region.grid.north - y) / 500) * 512 + Math.floor((x - region.grid.west) / 500);
      expect(isHole(layerOf(region, 'dem'), i)).toBe(false);
      expect(properties.weight).toBeGreaterThanOrEqual(1);
    }
  });
});
