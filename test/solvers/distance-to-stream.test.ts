/** Distance to stream: the definition against InVEST and by hand, worker tasks against the definition. */
import { describe, expect, test } from 'vitest';
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import { distanceToStream } from '../../src/solvers/distance_to_stream/index.ts';
import { d8Code } from '../../src/solvers/routing/directions.ts';
import { describeWithInvest } from '../support/invest.ts';
import {
  ALGORITHM,
  difference,
  expectReferenceBits,
  flowRasters,
  investFlow,
  investMarks,
  investValues,
  randomMarks,
  randomPlane,
} from '../support/recursions.ts';

const { reference } = distanceToStream;

describe.each(['d8', 'mfd'] as const)('%s', (algorithm) => {
  test.each(flowRasters(algorithm))(
    '$name: tiles, lanes and scratch give the bits of the definition',
    async (raster) => {
      for (const share of [0.05, 0.001]) {
        const inputs = { stream: randomMarks(raster, 3, share), weight: randomPlane(raster, 1, 0.01, 10) };
        const params = { algorithm: ALGORITHM[algorithm] };
        await expectReferenceBits({ solver: distanceToStream, raster, inputs, params });
      }
    },
  );
});

describe('by hand', () => {
  const along = (stream: number[], weight: number[], algorithm: number, direction?: number[]) => {
    const width = stream.length;
    const { steps, weighted } = reference(
      {
        direction: Uint32Array.from(direction ?? stream.map(() => d8Code(0))),
        stream: Uint32Array.from(stream),
        weight: Float32Array.from(weight),
      },
      { algorithm },
      { width, height: 1, cellWidth: 30, cellHeight: 30 },
    );
    return { steps: [...steps], weighted: [...weighted] };
  };

  test('D8 takes the weight where water comes from, MFD where it goes', () => {
    expect(along([0, 0, 1], [1, 2, 4], 0)).toEqual({ steps: [2, 1, 0], weighted: [3, 2, 0] });
    expect(along([0, 0, 1], [1, 2, 4], 1)).toEqual({ steps: [2, 1, 0], weighted: [6, 4, 0] });
  });

  test('a weight of nodata counts 0; what reaches no stream has no distance', () => {
    expect(along([0, 0, 1, 0], [1, NODATA, 4, 1], 0)).toEqual({
      steps: [2, 1, 0, NODATA],
      weighted: [1, 0, 0, NODATA],
    });
    expect(along([0, NODATA_CODE, 0], [1, 1, 1], 0, [d8Code(0), NODATA_CODE, 0]).steps).toEqual([
      NODATA,
      NODATA,
      NODATA,
    ]);
  });

  test('shares of ways that reach no stream are left out', () => {
    // From the middle, 5 of 15 to the stream in the west, 10 of 15 out of the grid to the east over a cell without a stream.
    const middle = ((5 << 16) | 10) >>> 0;
    expect(along([1, 0, 0], [1, 1, 1], 1, [d8Code(4), middle, d8Code(0)]).steps).toEqual([0, 1, NODATA]);
  });
});

test('an MFD step is the mean over shares, diagonals sqrt(2)', () => {
  // 2 × 2 cells; from the south-west, 1 share east to a cell that flows north, 3 shares north-east to the stream.
  const direction = Uint32Array.of(d8Code(0), d8Code(0), ((3 << 4) | 1) >>> 0, d8Code(2));
  const stream = Uint32Array.of(0, 1, 0, 0);
  const shape = { width: 2, height: 2, cellWidth: 1, cellHeight: 1 };
  const { steps } = reference({ direction, stream }, { algorithm: 1 }, shape);
  expect(steps[2]).toBeCloseTo((1 * (1 + 1) + 3 * Math.SQRT2) / 4, 15);
});

describeWithInvest('InVEST', (folders) => {
  test.each(folders)('%s: steps of NDR in its own float64', async (folder) => {
    for (const run of ['ndr_d8', 'ndr_mfd']) {
      const flow = await investFlow(folder, run);
      const shape = { width: flow.width, height: flow.height, cellWidth: flow.cell, cellHeight: flow.cell };
      const stream = await investMarks(folder, run, 'stream');
      const { steps } = reference(
        { direction: flow.direction, stream },
        { algorithm: ALGORITHM[flow.algorithm] },
        shape,
      );
      const found = difference(steps, await investValues(folder, run, 'dist_to_channel'));
      expect(found, run).toMatchObject({ oneSided: 0, largest: 0 });
      expect(found.cells).toBeGreaterThan(4000);
    }
  });

  test.each(folders)('%s: weights of SDR, from its own slope and cover', async (folder) => {
    for (const run of ['sdr_d8', 'sdr_mfd']) {
      const flow = await investFlow(folder, run);
      const shape = { width: flow.width, height: flow.height, cellWidth: flow.cell, cellHeight: flow.cell };
      const stream = await investMarks(folder, run, 'stream');
      const [slope, cover] = [await investValues(folder, run, 'slope'), await investValues(folder, run, 'w_threshold')];
      const weight = Float32Array.from(slope, (percent, cell) => {
        if (percent === NODATA || cover[cell] === NODATA) return NODATA;
        return 1 / Math.fround(cover[cell] * Math.fround(Math.min(1, Math.max(0.005, percent / 100))));
      });
      const inputs = { direction: flow.direction, stream, weight };
      const { weighted } = reference(inputs, { algorithm: ALGORITHM[flow.algorithm] }, shape);
      const found = difference(weighted, await investValues(folder, run, 'd_dn'));
      expect(found.oneSided).toBe(0);
      expect(found.largestRelative, run).toBeLessThan(1e-5); // invest-models.md section 5
      expect(found.cells).toBeGreaterThan(4000);
    }
  });
});
