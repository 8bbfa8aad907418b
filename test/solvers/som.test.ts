/** Batch self-organising maps: the definition against the fixtures, by hand, and in tiles. */
import { describe, expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { mulberry32, sampleRows } from '../../src/solvers/som/initial.ts';
import { kMeans } from '../../src/solvers/som/kmeans.ts';
import { adjacent, chain, nodesOf, type SomMap } from '../../src/solvers/som/map.ts';
import { turnsOf, uMatrix } from '../../src/solvers/som/quality.ts';
import { pseudoFOf, standardised, trainReference } from '../../src/solvers/som/reference.ts';
import { somTasks } from '../../src/solvers/som/tasks.ts';
import { train } from '../../src/solvers/som/train.ts';
import { sigmaAt, type Training } from '../../src/solvers/som/training.ts';
import { shuffledPool } from '../support/solve.ts';
import { largestDifference, samplesOf, threeClouds, trainingOf } from '../support/som.ts';
import { bandsOf, describeWithStatistics, rowsOf, statisticsJson } from '../support/statistics.ts';

const CASES = ['rect_pca', 'hex_pca', 'rect_sample', 'hex_sample', 'chain6'];

describeWithStatistics('the definition against the fixtures', () => {
  test.each(CASES)('%s', async (name) => {
    const fixture = statisticsJson(`som/${name}.json`);
    const { planes, width, height } = await bandsOf('som/features.tif');
    const { cells, ...raw } = rowsOf(planes);
    const training = trainingOf(fixture);
    const found = trainReference(standardised(raw), training);
    expect(cells.length).toBe(fixture.n);
    expect(largestDifference(found.initial, fixture.init_codebook.flat())).toBeLessThan(1e-9);
    expect(largestDifference(found.codebook, fixture.codebook.flat())).toBeLessThan(1e-9);
    expect(largestDifference(found.quantisationBefore, fixture.qe_before_each_epoch)).toBeLessThan(1e-10);
    expect([...found.hits]).toEqual(fixture.hits.flat());
    expect(found.quality.quantisation).toBeCloseTo(fixture.qe, 11);
    expect(found.quality.topographic).toBeCloseTo(fixture.te, 12);
    expect(found.quality.pseudoF / fixture.calinski_harabasz).toBeCloseTo(1, 11);
    expect(largestDifference(uMatrix(training.map, found.codebook), fixture.umatrix.flat())).toBeLessThan(1e-9);
    const { planes: bmu } = await bandsOf(`som/${name}_bmu.tif`);
    const labels = new Float64Array(width * height).fill(-1);
    for (const [i, cell] of cells.entries()) labels[cell] = found.labels[i];
    expect([...labels]).toEqual([...bmu[0]].map((code) => (code < 0 ? -1 : code)));
  });

  test('the sweep over the number of nodes, and where its curve turns', async () => {
    const fixture = statisticsJson('som/k_sweep.json');
    const rows = standardised(rowsOf((await bandsOf('som/features.tif')).planes));
    const numbers: number[] = fixture.k;
    const curve = numbers.map((k, i) => {
      const sigma = [Math.max(k / 4, 0.5), fixture.sigma1] as const;
      const { epochs, cooling, init } = fixture;
      const { quality } = trainReference(rows, { map: chain(k), epochs, sigma, cooling, init, seed: 0 });
      expect(quality.pseudoF / fixture.pseudo_f[i]).toBeCloseTo(1, 9);
      expect(quality.quantisation).toBeCloseTo(fixture.qe[i], 9);
      expect(quality.nonEmpty).toBe(fixture.nonempty[i]);
      return quality.pseudoF;
    });
    expect(turnsOf(numbers, curve)).toEqual({ firstTurn: fixture.first_peak_k, maximum: fixture.global_max_k });
  });

  test('the second stage: k-means on the codebook of a large map', async () => {
    const fixture = statisticsJson('som/two_stage.json');
    const rows = standardised(rowsOf((await bandsOf('som/features.tif')).planes));
    const { codebook, hits, labels } = trainReference(rows, trainingOf(fixture));
    expect(largestDifference(codebook, fixture.codebook.flat())).toBeLessThan(1e-9);
    expect([...hits]).toEqual(fixture.hits);
    const curve: number[] = [];
    for (const { k, node_labels, inertia, pseudo_f } of fixture.kmeans) {
      const classes = kMeans(codebook, hits, k);
      expect([...classes.labels]).toEqual(node_labels);
      expect(classes.inertia / inertia).toBeCloseTo(1, 10);
      curve.push(
        pseudoFOf(
          rows,
          Array.from(labels, (node) => classes.labels[node]),
        ),
      );
      expect(curve[curve.length - 1] / pseudo_f).toBeCloseTo(1, 10);
    }
    const numbers = fixture.kmeans.map(({ k }: { k: number }) => k);
    expect(turnsOf(numbers, curve).firstTurn).toBe(fixture.first_peak_k);
  });

  test('the random numbers and the rows that they draw', () => {
    const manifest = statisticsJson('som/manifest.json');
    const random = mulberry32(42);
    expect(Array.from({ length: 5 }, random)).toEqual(manifest.prng_mulberry32_seed42_first5);
    expect(sampleRows(100, 5, 42)).toEqual(manifest.sample_rows_n100_k5_seed42);
  });
});

describe('the map', () => {
  test('rectangular nodes have 8 neighbours, hexagonal ones 6, at the border fewer', () => {
    const degree = (map: SomMap, node: number) =>
      Array.from({ length: nodesOf(map) }, (_, j) => adjacent(map, node, j)).filter(Boolean).length;
    const grid = { rows: 5, columns: 5 };
    expect([12, 0, 2].map((node) => degree({ ...grid, topology: 'rectangular' }, node))).toEqual([8, 3, 5]);
    // Row 0 is not shifted: its corner has two neighbours on the left and three on the right.
    expect([12, 0, 4, 5].map((node) => degree({ ...grid, topology: 'hexagonal' }, node))).toEqual([6, 2, 3, 5]);
  });

  test('the width of the neighbourhood', () => {
    const training = { epochs: 5, sigma: [4, 1], cooling: 'linear' } as unknown as Training;
    expect([0, 1, 2, 3, 4].map((epoch) => sigmaAt(training, epoch))).toEqual([4, 3.25, 2.5, 1.75, 1]);
    expect(sigmaAt({ ...training, cooling: 'exponential' }, 2)).toBeCloseTo(2, 14);
    expect(sigmaAt({ ...training, epochs: 1 }, 0)).toBe(4);
  });

  test('where a curve turns first, and where it is highest', () => {
    const turns = (...curve: number[]) => turnsOf([2, 3, 4, 5], curve);
    expect(turns(5, 4, 3, 9)).toEqual({ firstTurn: 2, maximum: 5 });
    expect(turns(1, 4, 3, 9)).toEqual({ firstTurn: 3, maximum: 5 });
    expect(turns(1, 2, 3, 4)).toEqual({ firstTurn: 5, maximum: 5 });
    expect(turns(1, 2, 2, 1)).toEqual({ firstTurn: 4, maximum: 3 });
    expect(turns(Number.NaN, 2, 1, 3)).toEqual({ firstTurn: 3, maximum: 5 });
  });
});

describeWithStatistics('in tiles, against the fixtures', () => {
  const { tol_f32: tolerance } = statisticsJson('som/manifest.json');

  test.each(CASES)('%s', async (name) => {
    const fixture = statisticsJson(`som/${name}.json`);
    const samples = await samplesOf({ ...(await bandsOf('som/features.tif')), tile: 16 });
    const [found] = await train(samples, [trainingOf(fixture)]);
    expect(samples.count).toBe(fixture.n);
    // Far inside of the manifest's 0.002: whole numbers err by 2^-31 of the largest.
    expect(largestDifference(found.codebook, fixture.codebook.flat())).toBeLessThan(1e-7);
    expect([...found.hits]).toEqual(fixture.hits.flat());
    expect(Math.abs(found.quality.quantisation / fixture.qe - 1)).toBeLessThan(1e-7);
    expect(found.quality.topographic).toBeCloseTo(fixture.te, 12);
    expect(Math.abs(found.quality.pseudoF / fixture.calinski_harabasz - 1)).toBeLessThan(1e-7);
    expect(tolerance.codebook_abs).toBe(0.002);
    await samples.close();
  });

  test('all maps of the sweep side by side', async () => {
    const fixture = statisticsJson('som/k_sweep.json');
    const samples = await samplesOf({ ...(await bandsOf('som/features.tif')), tile: 23 });
    const { epochs, cooling, init, sigma1 } = fixture;
    const trained = await train(
      samples,
      fixture.k.map((k: number) => ({
        map: chain(k),
        epochs,
        sigma: [Math.max(k / 4, 0.5), sigma1],
        cooling,
        init,
        seed: 0,
      })),
    );
    const curve = trained.map(({ quality }) => quality.pseudoF);
    for (const [i, { quality }] of trained.entries()) {
      expect(Math.abs(curve[i] / fixture.pseudo_f[i] - 1)).toBeLessThan(tolerance.pseudo_f_rel / 1000);
      expect(Math.abs(quality.quantisation / fixture.qe[i] - 1)).toBeLessThan(tolerance.qe_rel / 1000);
      expect(quality.nonEmpty).toBe(fixture.nonempty[i]);
    }
    expect(turnsOf(fixture.k, curve)).toEqual({ firstTurn: fixture.first_peak_k, maximum: fixture.global_max_k });
    await samples.close();
  });
});

describe('in tiles', () => {
  const training: Training = {
    map: { rows: 3, columns: 4, topology: 'hexagonal' },
    epochs: 6,
    sigma: [2, 0.5],
    cooling: 'linear',
    init: 'sample',
    seed: 5,
  };
  const planes = threeClouds(61, 47, 4, 9).map((plane, f) =>
    plane.map((x, i) => ((i * 7 + f) % 29 === 0 ? NODATA : x * 10 ** (2 * f) + f)),
  );

  test.each(['pca', 'sample'] as const)('the same bits for any tiles, order and memory: %s', async (init) => {
    const outcome = async (more: object) => {
      const samples = await samplesOf({ planes, width: 61, height: 47, ...more });
      const trained = await train(samples, [
        { ...training, init },
        { ...training, map: chain(3), init },
      ]);
      await samples.close();
      return trained.map(({ codebook, hits, quality }) => ({ codebook, hits, quality }));
    };
    const whole = await outcome({ tile: 512 });
    expect(new Set(whole[0].codebook).size).toBe(48);
    expect(await outcome({ tile: 7, pool: shuffledPool(somTasks, 3) })).toEqual(whole);
    expect(await outcome({ tile: 20, memory: 2000, pool: shuffledPool(somTasks, 4) })).toEqual(whole);
  });

  test('as the definition, with large offsets and features of different size', async () => {
    const samples = await samplesOf({ planes, width: 61, height: 47, tile: 10 });
    const [found] = await train(samples, [training]);
    const { cells, ...rows } = rowsOf(planes);
    expect(samples.count).toBe(cells.length);
    const expected = trainReference(standardised(rows), training);
    expect(largestDifference(found.codebook, expected.codebook)).toBeLessThan(1e-7);
    expect([...found.hits]).toEqual([...expected.hits]);
    expect(found.quality.pseudoF / expected.quality.pseudoF).toBeCloseTo(1, 7);
    await samples.close();
  });

  test('rows are found by their number in row-major order', async () => {
    const samples = await samplesOf({ planes, width: 61, height: 47, tile: 9 });
    const { cells } = rowsOf(planes);
    const wanted = [0, 17, 60, 61, 500, cells.length - 1];
    const found = await samples.pick(wanted);
    for (const [i, row] of wanted.entries())
      for (let f = 0; f < 4; f++) {
        const raw = found[4 * i + f] * samples.divisor[f] + samples.offset[f];
        expect(Math.abs(raw - planes[f][cells[row]])).toBeLessThan(1e-7 * samples.features[f].deviation);
      }
    await samples.close();
  });

  test('three clouds are three bundles', async () => {
    const samples = await samplesOf({ planes: threeClouds(30, 30, 4, 6), width: 30, height: 30 });
    const numbers = [2, 3, 4, 5, 6];
    const trained = await train(
      samples,
      numbers.map((k) => ({
        ...training,
        map: chain(k),
        epochs: 20,
        sigma: [Math.max(k / 4, 0.5), 0.25],
        init: 'pca',
      })),
    );
    expect(
      turnsOf(
        numbers,
        trained.map(({ quality }) => quality.pseudoF),
      ),
    ).toEqual({ firstTurn: 3, maximum: 3 });
    expect([...trained[1].hits]).toEqual([300, 300, 300]);
    await samples.close();
  });

  test('rows that are all at their nodes: no distance is left, and pseudo-F has no bound', async () => {
    const steps = Float32Array.from({ length: 90 }, (_, i) => [0, 3, 7][i % 3]);
    const samples = await samplesOf({ planes: [steps], width: 9, height: 10 });
    const [found] = await train(samples, [{ ...training, map: chain(3), sigma: [0.5, 0.01], epochs: 20, init: 'pca' }]);
    expect([...found.hits]).toEqual([30, 30, 30]);
    expect(found.quality.pseudoF).toBe(Infinity);
    expect(found.quality.quantisation).toBeLessThan(1e-8);
    await samples.close();
  });

  test('what cannot be trained', async () => {
    const even = new Float32Array(100).fill(4);
    const ramp = Float32Array.from({ length: 100 }, (_, i) => i);
    const none = new Float32Array(100).fill(NODATA);
    const size = { width: 10, height: 10 };
    await expect(samplesOf({ planes: [ramp, even], ...size })).rejects.toThrow(/same in every cell: f2.*f2 = 4/);
    await expect(samplesOf({ planes: [ramp, none], ...size })).rejects.toThrow(/no cell has a value in every feature/);
    const samples = await samplesOf({ planes: [ramp, even], ...size, scaling: 'none' });
    await expect(train(samples, [{ ...training, map: chain(101) }])).rejects.toThrow(
      /fewer cells than nodes.*100 cells/,
    );
    await samples.close();
  });
});
