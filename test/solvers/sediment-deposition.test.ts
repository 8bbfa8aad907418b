/** Sediment deposition: the definition against InVEST and by hand, its balance, and worker tasks against the definition. */
import { describe, expect, test } from 'vitest';
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import { DX, DY, d8Code, shareOf, sumOfShares } from '../../src/solvers/routing/directions.ts';
import { sedimentDeposition } from '../../src/solvers/sediment_deposition/index.ts';
import { describeWithInvest } from '../support/invest.ts';
import {
  difference,
  expectReferenceBits,
  flowRasters,
  investFlow,
  investValues,
  randomPlane,
} from '../support/recursions.ts';

const { reference } = sedimentDeposition;
const RUNS = ['sdr_d8', 'sdr_mfd'];

describe.each(['d8', 'mfd'] as const)('%s', (algorithm) => {
  test.each(flowRasters(algorithm))(
    '$name: tiles, lanes and scratch give the bits of the definition',
    async (raster) => {
      const some = randomPlane(raster, 8, 0, 1, 0);
      // Some streams, where the ratio is 1; some ratios of 0; a few cells without one.
      const sdr = randomPlane(raster, 1, 0, 0.9, 0.003).map((value, cell) => {
        if (value === NODATA) return NODATA;
        return some[cell] < 0.05 ? 1 : some[cell] < 0.1 ? 0 : value;
      });
      await expectReferenceBits({
        solver: sedimentDeposition,
        raster,
        inputs: { sdr, e_prime: randomPlane(raster, 2, 0, 50, 0.001) },
      });
    },
  );
});

describe('by hand', () => {
  const along = (sdr: number[], ePrime: number[], direction = sdr.map(() => d8Code(0))) => {
    const { deposition, flux } = reference(
      { direction: Uint32Array.from(direction), sdr: Float64Array.from(sdr), e_prime: Float64Array.from(ePrime) },
      {},
      { width: sdr.length, height: 1, cellWidth: 1, cellHeight: 1 },
    );
    return { deposition: [...deposition], flux: [...flux] };
  };

  test('what comes from upslope is kept by the rise of the ratio, all of it in streams', () => {
    // r = (0.5 − 0.25) / 0.75 and (1 − 0.5) / 0.5
    const { deposition, flux } = along([0.25, 0.5, 1], [6, 3, 0]);
    expect(deposition).toEqual([0, 6, 3]);
    expect(flux).toEqual([6, 3, 0]);
  });

  test('a ratio of 0 below counts 1; beyond the grid nothing counts; a falling ratio keeps nothing', () => {
    expect(along([0.5, 0], [4, 1]).flux).toEqual([4, 5]); // r of the last: no cell below, q = SDR
    expect(along([0.75, 0.25, 0], [4, 1, 1]).deposition).toEqual([0, 4, 0]);
    expect(along([0.75, 0.5, 0.25], [4, 1, 1]).deposition).toEqual([0, 0, 0]);
  });

  test('cells without a ratio have no deposition, nor what lies below them', () => {
    const { deposition } = along([0.25, NODATA, 0.5, 1], [1, 1, 1, 0]);
    expect(deposition).toEqual([0, NODATA, NODATA, NODATA]);
    expect(along([0.25, 0.5, 1], [1, NODATA, 0]).deposition).toEqual([0, NODATA, NODATA]);
  });
});

describeWithInvest('InVEST', (folders) => {
  const runsOf = (folder: string) => (folder.includes('96x80') ? [...RUNS, 'sdr_mfd_drainage'] : RUNS);

  async function load(folder: string, run: string) {
    const flow = await investFlow(folder, run);
    const shape = { width: flow.width, height: flow.height, cellWidth: flow.cell, cellHeight: flow.cell };
    const sdr = await investValues(folder, run, 'sdr_factor');
    const ePrime = await investValues(folder, run, 'e_prime');
    return { flow, sdr, ePrime, ...reference({ direction: flow.direction, sdr, e_prime: ePrime }, {}, shape) };
  }

  test.each(folders)('%s: deposition and flux', async (folder) => {
    for (const run of runsOf(folder)) {
      const { deposition, flux } = await load(folder, run);
      for (const [made, name] of [
        [deposition, 'sed_deposition'],
        [flux, 'f'],
      ] as const) {
        const meant = await investValues(folder, run, name);
        const found = difference(made, meant);
        expect(found.oneSided, `${run} ${name}`).toBe(0);
        expect(found.cells).toBeGreaterThan(4000);
        expect(found.largestRelative, `${run} ${name}`).toBeLessThan(1e-6); // the specification allows 1e-4
      }
    }
  });

  test.each(folders)('%s: eroded = exported + deposited + what goes astray', async (folder) => {
    for (const run of runsOf(folder)) {
      const { flow, sdr, ePrime, deposition, flux } = await load(folder, run);
      const { direction, width, height } = flow;
      const usle = await investValues(folder, run, 'usle');
      const sums = {
        eroded: 0,
        exported: 0,
        deposited: 0,
        leavingGrid: 0,
        intoNodata: 0,
        noStream: 0,
        intoUndefined: 0,
      };
      for (const [cell, code] of direction.entries()) {
        if (code === NODATA_CODE) continue;
        // On streams nothing is eroded; where no stream is reached there is no ratio, and nothing is routed.
        if (usle[cell] !== NODATA) sums.eroded += usle[cell];
        if (sdr[cell] === NODATA) sums.noStream += usle[cell] === NODATA ? 0 : usle[cell];
        else if (usle[cell] !== NODATA) sums.exported += usle[cell] - ePrime[cell];
        if (deposition[cell] === NODATA) continue;
        sums.deposited += deposition[cell];
        for (let d = 0; d < 8; d++) {
          const part = (flux[cell] * shareOf(code, d)) / sumOfShares(code);
          if (part === 0) continue;
          const [x, y] = [(cell % width) + DX[d], Math.floor(cell / width) + DY[d]];
          if (x < 0 || y < 0 || x >= width || y >= height) sums.leavingGrid += part;
          else if (direction[y * width + x] === NODATA_CODE) sums.intoNodata += part;
          else if (deposition[y * width + x] === NODATA) sums.intoUndefined += part;
        }
      }
      const { eroded, ...parts } = sums;
      const accounted = Object.values(parts).reduce((all, part) => all + part, 0);
      expect(eroded, run).toBeGreaterThan(1e4);
      expect(sums.deposited, run).toBeGreaterThan(0.1 * eroded);
      expect(Math.abs(accounted / eroded - 1), `${run} ${JSON.stringify(sums)}`).toBeLessThan(1e-9);
    }
  });
});
