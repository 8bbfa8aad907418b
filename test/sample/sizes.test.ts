/** The same place at every size, the same bytes every time, and polygons that are exactly the cells. */
import { describe, expect, it } from 'vitest';
import { isEcofluxError } from '../../src/core/errors.ts';
import { makeRegion, type RegionOptions, regionGrid, regionLayers } from '../../src/sample/region.ts';
import { coverCount, featuresOf, fingerprint, isHole, layerOf, summary } from './support.ts';

// Of seed 1 at 64 × 64. A change of the generator changes it on purpose; a change of machine or engine must not.
const KNOWN = '854fb565';

describe('sample region', () => {
  const shares: number[] = [];
  const small = makeRegion({ size: 64, progress: (_part, share) => shares.push(share) });

  it('is the same bytes for the same seed and size', () => {
    expect(fingerprint(makeRegion({ size: 64 }))).toBe(fingerprint(small));
    expect(fingerprint(small)).toBe(KNOWN);
  });

  it('is another place for another seed', () => {
    const other = makeRegion({ size: 64, seed: 2 });
    expect(fingerprint(other)).not.toBe(fingerprint(small));
    expect(summary(layerOf(other, 'dem')).sum).not.toBe(summary(layerOf(small, 'dem')).sum);
  });

  it.each([16, 64, 257])('of %i cells across covers its boundary and counties exactly', (size) => {
    const region = size === 64 ? small : makeRegion({ size });
    const dem = layerOf(region, 'dem');
    for (const layer of region.layers) expect(summary(layer).nan, layer.name).toBe(0);
    for (const file of ['boundary.geojson', 'counties.geojson']) {
      const count = coverCount(region, featuresOf(region, file));
      let wrong = 0;
      for (let i = 0; i < count.length; i++) if (count[i] !== (isHole(dem, i) ? 0 : 1)) wrong++;
      expect(wrong, file).toBe(0);
    }
    const share = summary(dem).count / dem.cells.length;
    expect(share).toBeGreaterThan(0.45);
    expect(share).toBeLessThan(0.75);
  });

  it.each([16, 100, 512, 1000, 4096])('of %i cells across is near 256 km wide with round cells', (size) => {
    const { cellWidth, cellHeight } = regionGrid({ size });
    expect(cellWidth).toBe(cellHeight);
    expect(Math.abs(size * cellWidth - 256000)).toBeLessThan(0.12 * 256000);
    expect(Number(cellWidth.toPrecision(3))).toBe(cellWidth);
  });

  it('gives counties a code, a name and the GDP per head of their own cells', () => {
    const counties = featuresOf(small, 'counties.geojson');
    expect(counties.length).toBeGreaterThanOrEqual(12);
    expect(counties.length).toBeLessThanOrEqual(25);
    expect(new Set(counties.map(({ properties }) => properties.code)).size).toBe(counties.length);
    expect(new Set(counties.map(({ properties }) => properties.name)).size).toBe(counties.length);
    const [people, output] = [layerOf(small, 'population', 2013).cells, layerOf(small, 'gdp', 2013).cells];
    const sums = counties.map(() => ({ people: 0, output: 0 }));
    coverCount(small, counties, (k, i) => {
      sums[k].people += people[i];
      sums[k].output += output[i];
    });
    counties.forEach(({ properties }, k) => {
      expect(properties.gdp_per_capita_2013).toBe(Math.round((1e4 * sums[k].output) / sums[k].people));
      expect(properties.gdp_per_capita_2023).toBeGreaterThan(properties.gdp_per_capita_2003);
    });
  });

  it('has statistics of food for every region on the map, of a size that fields can bear', () => {
    const [regions, cover] = [layerOf(small, 'regions').cells, layerOf(small, 'lulc', 2003).cells];
    const fields = new Map<number, number>(); // hectares, cells of 4 km
    regions.forEach((region, i) => {
      if (!isHole(layerOf(small, 'regions'), i))
        fields.set(region, (fields.get(region) ?? 0) + (cover[i] === 1 ? 1600 : 0));
    });
    const rows = small.texts['food_2003.csv'].trim().split('\n').slice(1);
    expect(rows.map((row) => Number(row.split(',')[0]))).toEqual([...fields.keys()].sort((x, y) => x - y));
    for (const row of rows) {
      const [region, , tonnes] = row.split(',');
      const hectares = fields.get(Number(region))!;
      expect(hectares, row).toBeGreaterThan(0);
      expect(Number(tonnes) / hectares, row).toBeGreaterThan(1.5);
      expect(Number(tonnes) / hectares, row).toBeLessThan(6);
    }
  });

  it('cuts most of the study area into watersheds that do not overlap', () => {
    const dem = layerOf(small, 'dem');
    const count = coverCount(small, featuresOf(small, 'watersheds.geojson'));
    let [covered, wrong] = [0, 0];
    for (let i = 0; i < count.length; i++) {
      if (count[i] > 1 || (count[i] === 1 && isHole(dem, i))) wrong++;
      covered += count[i];
    }
    expect(wrong).toBe(0);
    expect(covered / summary(dem).count).toBeGreaterThan(0.7);
  });

  it.each(['yangtze-delta', 'xiamen-zhangzhou-quanzhou'] as const)('has a coast in the preset %s', (preset) => {
    const region = makeRegion({ size: 64, preset });
    const dem = layerOf(region, 'dem');
    const { count, min } = summary(dem);
    expect(min).toBeGreaterThan(0);
    expect(count / dem.cells.length).toBeGreaterThan(0.3);
    expect(count / dem.cells.length).toBeLessThan(0.75);
    // Rows end in the east at the shore, on the level of the sea.
    const ends: number[] = [];
    for (let row = 0; row < 64; row++) {
      const last = dem.cells.subarray(64 * row, 64 * row + 64).findLastIndex((_, k) => !isHole(dem, 64 * row + k));
      if (last >= 0) ends.push(dem.cells[64 * row + last]);
    }
    ends.sort((a, b) => a - b);
    expect(ends[Math.floor(ends.length / 2)]).toBeLessThan(40);
  });

  it('takes other years, and keeps what was built', () => {
    const region = makeRegion({ size: 64, years: [2000, 2010, 2020, 2035] });
    expect(region.layers.filter(({ name }) => name === 'lulc').map(({ year }) => year)).toEqual([
      2000, 2010, 2020, 2035,
    ]);
    expect(featuresOf(region, 'counties.geojson')[0].properties.gdp_per_capita_2035).toBeGreaterThan(0);
  });

  it('reports its progress from 0 to nearly 1 and stops when told to', () => {
    expect(shares[0]).toBe(0);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBeGreaterThan(0.9);
    expect(shares.at(-1)).toBeLessThan(1);
    const abort = new AbortController();
    const steps = regionLayers({ size: 16, signal: abort.signal });
    expect(steps.next().value).toMatchObject({ name: 'lulc', year: 2003 });
    abort.abort();
    expect(() => [...steps]).toThrow(/interrupted/);
  });

  const impossible: [RegionOptions, RegExp][] = [
    [{ size: 15 }, /found 15, expected a whole number of cells from 16/],
    [{ size: 100.5 }, /found 100.5/],
    [{ years: [] }, /found none/],
    [{ years: [2013, 2003] }, /whole and rising.*found 2013, 2003/],
    [{ preset: 'atlantis' as 'anhui' }, /found atlantis, expected anhui/],
  ];
  it.each(impossible)('refuses %j', (options, message) => {
    let caught: unknown;
    try {
      makeRegion(options);
    } catch (error) {
      caught = error;
    }
    expect(isEcofluxError(caught, 'InvalidConfiguration')).toBe(true);
    expect((caught as Error).message).toMatch(message);
  });
});

describe('whoever takes a layer', () => {
  it('may do with its cells what they like', () => {
    const kept = makeRegion({ size: 64 });
    const steps = regionLayers({ size: 64 });
    const taken: unknown[] = [];
    let step = steps.next();
    for (; !step.done; step = steps.next()) {
      taken.push(step.value.cells.slice());
      structuredClone(undefined, { transfer: [step.value.cells.buffer as ArrayBuffer] });
    }
    expect(taken).toEqual(kept.layers.map(({ cells }) => cells));
    expect(step.value).toEqual(kept.texts);
  });
});
