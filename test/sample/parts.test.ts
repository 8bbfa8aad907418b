/** The parts that the region is built from, each against an answer found another way. */
import { describe, expect, it } from 'vitest';
import { makeCountry } from '../../src/sample/country.ts';
import { distanceToMarked } from '../../src/sample/distance.ts';
import { accumulate, drain } from '../../src/sample/drainage.ts';
import { makeGround } from '../../src/sample/ground.ts';
import { makeHeap, pop, push } from '../../src/sample/heap.ts';
import { chance, fade, hash, noise } from '../../src/sample/noise.ts';
import { PRESETS } from '../../src/sample/presets.ts';
import { type Ring, tracePolygons } from '../../src/sample/rings.ts';
import { TABLES } from '../../src/sample/tables.ts';
import { N } from '../../src/sample/working-grid.ts';

describe('noise', () => {
  it('is the same numbers everywhere', () => {
    expect([hash(0, 0, 1), hash(3, -7, 1), hash(123456, 99, 42)]).toEqual([2328593439, 2513755239, 79443810]);
    expect(noise(0.25, 0.75, 5)).toBe(-0.31380877895591336);
  });

  it('spreads chances evenly', () => {
    const counts = new Int32Array(10);
    for (let k = 0; k < 100000; k++) counts[Math.floor(10 * chance(k % 400, Math.floor(k / 400), 7))]++;
    for (const count of counts) expect(Math.abs(count - 10000)).toBeLessThan(400);
  });

  it('fades about as e^−x does', () => {
    expect(fade(0)).toBe(1);
    for (const x of [0.1, 0.5, 1, 2, 4]) expect(Math.abs(fade(x) / Math.exp(-x) - 1)).toBeLessThan(0.08);
  });
});

describe('heap', () => {
  it('gives cells back by key, beyond its first capacity too', () => {
    const heap = makeHeap(4);
    const keys = Array.from({ length: 500 }, (_, k) => chance(k, 0, 3));
    for (const [k, key] of keys.entries()) push(heap, key, k);
    const out: number[] = [];
    while (heap.length > 0) out.push(keys[pop(heap)]);
    expect(out).toEqual([...keys].sort((a, b) => a - b));
  });
});

describe('drainage', () => {
  const n = 40;
  const height = Float64Array.from(
    { length: n * n },
    (_, i) => 100 * chance((i % n) >> 2, Math.floor(i / n) >> 2, 9) + chance(i, 1, 9),
  );
  const outlets = Uint8Array.from({ length: n * n }, (_, i) => (i % n === n - 1 ? 1 : 0));
  const drainage = drain(height, n, outlets, 1);

  it('fills to the lowest level from which water gets out', () => {
    // The definition by relaxation: a cell is as high as itself or as the lowest way out past a neighbour.
    const filled = Float64Array.from(height, (z, i) => (outlets[i] ? z : Number.POSITIVE_INFINITY));
    for (let changed = true; changed; ) {
      changed = false;
      for (let i = 0; i < n * n; i++) {
        if (outlets[i]) continue;
        for (let dy = -1; dy <= 1; dy++) {
          for (let dx = -1; dx <= 1; dx++) {
            const [x, y] = [(i % n) + dx, Math.floor(i / n) + dy];
            if (x < 0 || y < 0 || x >= n || y >= n) continue;
            const level = Math.max(height[i], filled[y * n + x]);
            if (level < filled[i]) [filled[i], changed] = [level, true];
          }
        }
      }
    }
    expect(drainage.filled).toEqual(filled);
  });

  it('sends every cell to an outlet, never upwards, and loses no water', () => {
    const place = new Int32Array(n * n);
    drainage.order.forEach((cell, k) => {
      place[cell] = k;
    });
    for (let i = 0; i < n * n; i++) {
      const below = drainage.receiver[i];
      expect(below === -1).toBe(outlets[i] === 1);
      if (below < 0) continue;
      expect(drainage.filled[below]).toBeLessThanOrEqual(drainage.filled[i]);
      expect(place[below]).toBeLessThan(place[i]);
    }
    const amount = accumulate(new Float64Array(n * n).fill(1), drainage);
    expect(amount.reduce((sum, value, i) => sum + (outlets[i] ? value : 0), 0)).toBe(n * n);
  });
});

describe('distance', () => {
  it.each([1, 7, 40])('is the least over all marked cells, %i of them', (marks) => {
    const size = 33;
    const marked = new Uint8Array(size * size);
    for (let k = 0; k < marks; k++) marked[hash(k, marks, 5) % (size * size)] = 1;
    const distance = distanceToMarked(marked, size);
    for (let i = 0; i < size * size; i++) {
      let least = Number.POSITIVE_INFINITY;
      for (let j = 0; j < size * size; j++) {
        if (marked[j])
          least = Math.min(least, Math.hypot((i % size) - (j % size), Math.floor(i / size) - Math.floor(j / size)));
      }
      expect(Math.abs(distance[i] - least)).toBeLessThan(1e-5);
    }
  });
});

describe('polygons', () => {
  it('has holes, islands in holes, and cells apart that touch at a corner', () => {
    const picture = ['1111112', '1000012', '1011012', '1000012', '1111110', '0000030', '3000003'];
    const labels = picture.join('').split('').map(Number);
    const polygons = tracePolygons(labels, 7, 7);
    expect(polygons.get(1)).toHaveLength(2);
    const [outer] = polygons.get(1) ?? [];
    expect(outer).toHaveLength(2);
    expect(outer[1]).toHaveLength(8);
    expect(polygons.get(2)?.map((rings) => rings.map(northUpArea))).toEqual([[4]]);
    expect(polygons.get(3)).toHaveLength(3);
  });

  it('runs shells counter-clockwise and holes clockwise with north up', () => {
    const labels = [1, 1, 1, 1, 0, 1, 1, 1, 1];
    const [[shell, hole]] = tracePolygons(labels, 3, 3).get(1) ?? [];
    expect(northUpArea(shell)).toBe(9);
    expect(northUpArea(hole)).toBe(-1);
    expect(shell).toHaveLength(8);
  });

  it('gives back any labels by the even-odd rule, with areas that add up', () => {
    const [width, height] = [23, 17];
    for (let seed = 0; seed < 20; seed++) {
      const labels = Array.from({ length: width * height }, (_, i) =>
        Math.floor(3 * chance(i % width, Math.floor(i / width), seed)),
      );
      for (const [label, polygons] of tracePolygons(labels, width, height)) {
        let area = 0;
        for (const ring of polygons.flat()) expect(new Set(corners(ring)).size).toBe(ring.length / 2);
        for (const [k, ring] of polygons.flatMap((rings) => rings.map((ring, k) => [k, ring] as const))) {
          expect(Math.sign(northUpArea(ring))).toBe(k === 0 ? 1 : -1);
          area += northUpArea(ring);
        }
        expect(area).toBe(labels.filter((other) => other === label).length);
        for (let i = 0; i < labels.length; i++) {
          const crossings = polygons
            .flat()
            .filter((ring) => odd(ring, (i % width) + 0.5, Math.floor(i / width) + 0.5)).length;
          expect(crossings % 2 === 1).toBe(labels[i] === label);
        }
      }
    }
  });

  function corners(ring: Ring): string[] {
    return Array.from({ length: ring.length / 2 }, (_, k) => `${ring[2 * k]} ${ring[2 * k + 1]}`);
  }

  function northUpArea(ring: Ring): number {
    let sum = 0;
    for (let k = 0; k < ring.length; k += 2) {
      const next = (k + 2) % ring.length;
      sum -= 0.5 * (ring[k] * ring[next + 1] - ring[next] * ring[k + 1]);
    }
    return sum;
  }

  function odd(ring: Ring, x: number, y: number): boolean {
    let inside = false;
    for (let k = 0; k < ring.length; k += 2) {
      const next = (k + 2) % ring.length;
      const [ax, ay, bx, by] = [ring[k], ring[k + 1], ring[next], ring[next + 1]];
      if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
    }
    return inside;
  }
});

describe('rivers', () => {
  const country = makeCountry(PRESETS.anhui, 1, [2003]);
  const ground = makeGround(country, 512);

  it('run through the same country at every size', () => {
    // The centre of a cell of 64 is the corner of four cells of 256.
    const [coarse, fine] = [makeGround(country, 64), makeGround(country, 256)];
    let [difference, count] = [0, 0];
    for (let i = 0; i < 64 * 64; i++) {
      const corner = (4 * Math.floor(i / 64) + 2) * 256 + 4 * (i % 64) + 2;
      if (!coarse.inside[i]) continue;
      const mean = [corner, corner - 1, corner - 256, corner - 257].reduce((sum, k) => sum + fine.height[k] / 4, 0);
      difference += Math.abs(coarse.height[i] - mean);
      count++;
    }
    expect(count / (64 * 64)).toBeCloseTo(0.6, 1);
    expect(difference / count).toBeLessThan(12);
  });

  it('flow downhill along their lines, the great one far', () => {
    for (const { height } of country.waters.rivers) {
      for (let k = 1; k < height.length; k++) expect(height[k]).toBeLessThanOrEqual(height[k - 1]);
    }
    expect(country.waters.rivers.length).toBeGreaterThan(200);
    expect(Math.max(...country.waters.rivers.map(({ width }) => width[width.length - 1]))).toBe(1900);
  });

  it('lie in the painted ground: the height under a river falls with it', () => {
    let [steps, rising] = [0, 0];
    for (const { x, y } of country.waters.rivers) {
      let before = Number.POSITIVE_INFINITY;
      for (let k = 0; k < x.length; k++) {
        const i = Math.min(N - 1, Math.floor(y[k])) * N + Math.min(N - 1, Math.floor(x[k]));
        if (!ground.inside[i]) continue;
        steps++;
        if (ground.height[i] > before + 1) rising++;
        before = ground.height[i];
      }
    }
    expect(steps).toBeGreaterThan(5000);
    expect(rising / steps).toBeLessThan(0.01);
  });

  it('carry their water off: hardly any ground inside lies in a pit', () => {
    const outlets = Uint8Array.from(ground.inside, (cell) => 1 - cell);
    const { filled } = drain(Float64Array.from(ground.height), N, outlets, 1);
    let [deep, all] = [0, 0];
    for (let i = 0; i < N * N; i++) {
      if (!ground.inside[i]) continue;
      all++;
      if (filled[i] - ground.height[i] > 3) deep++;
    }
    expect(deep / all).toBeLessThan(0.03);
  });

  it('leave lakes level', () => {
    let [pairs, uneven] = [0, 0];
    for (let i = 0; i + 1 < N * N; i++) {
      if (ground.water[i] !== 2 || ground.water[i + 1] !== 2) continue;
      pairs++;
      if (Math.abs(ground.height[i] - ground.height[i + 1]) > 0.01) uneven++;
    }
    expect(pairs).toBeGreaterThan(1000);
    expect(uneven / pairs).toBeLessThan(0.02);
  });
});

describe('tables', () => {
  const rows = (name: string) =>
    TABLES[name]
      .trim()
      .split('\n')
      .map((line) => line.split(','));

  it.each(Object.keys(TABLES))('%s is rectangular and, past its words, all numbers', (name) => {
    const [header, ...body] = rows(name);
    for (const row of body) {
      expect(row).toHaveLength(header.length);
      row.forEach((cell, k) => {
        if (!['name', 'threat', 'decay', 'load_type_n', 'load_type_p'].includes(header[k]))
          expect(cell).toMatch(/^\d+(\.\d+)?$/);
      });
    }
    expect(body.length).toBe(name === 'threats.csv' ? 3 : 6);
  });

  it('has a column of sensitivity for every threat, and the columns of the models', () => {
    const threats = rows('threats.csv')
      .slice(1)
      .map(([threat]) => threat);
    expect(rows('sensitivity.csv')[0]).toEqual(['lucode', 'name', 'habitat', ...threats]);
    expect(rows('biophysical.csv')[0].join(' ')).toBe(
      'lucode name kc root_depth lulc_veg usle_c usle_p load_type_n load_n eff_n crit_len_n proportion_subsurface_n load_type_p load_p eff_p crit_len_p shade albedo green_area building_intensity cropland developed naturalness irrigation',
    );
    expect(rows('carbon.csv')[2]).toEqual(['2', 'forest', '37.36', '15.60', '300.70', '3.05']);
  });
});
