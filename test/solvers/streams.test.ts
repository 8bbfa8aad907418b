/** Streams: the definition against InVEST's, its order ported, and worker tasks against the definition. */
import { describe, expect, test } from 'vitest';
import { NODATA_CODE } from '../../src/core/cells.ts';
import { inlinePool } from '../../src/core/tasks.ts';
import { flowAccumulation } from '../../src/solvers/flow_accumulation/index.ts';
import { d8Code } from '../../src/solvers/routing/directions.ts';
import { streams } from '../../src/solvers/streams/index.ts';
import { solverTasks } from '../../src/solvers/tasks.ts';
import { describeWithInvest, investRun } from '../support/invest.ts';
import {
  ALGORITHM,
  difference,
  expectReferenceBits,
  type FlowRaster,
  flowRasters,
  investFlow,
  investMarks,
} from '../support/recursions.ts';
import { solveWith } from '../support/solve.ts';

const [FREE, INVEST] = [0, 1];

function reachIn(raster: FlowRaster, threshold: number, trace: number): Uint32Array {
  const shape = { width: raster.width, height: raster.height, cellWidth: 1, cellHeight: 1 };
  return Uint32Array.from(
    flowAccumulation.reference({ direction: raster.direction }, { threshold, trace }, shape).reach,
  );
}

describe.each(['d8', 'mfd'] as const)('%s', (algorithm) => {
  test.each(flowRasters(algorithm))('$name: tiles, lanes and scratch give the definition', async (raster) => {
    for (const order of [FREE, INVEST])
      for (const trace of [1, 0.3]) {
        const reach = reachIn(raster, 25, trace);
        const params = { algorithm: ALGORITHM[algorithm], order };
        await expectReferenceBits({ solver: streams, raster, inputs: { reach }, params });
      }
  });
});

describe('along one row of cells to the east', () => {
  const MFD = 1;
  const row = (reach: number[], codes = reach.map(() => d8Code(0))) => {
    const shape = { width: reach.length, height: 1, cellWidth: 1, cellHeight: 1 };
    const inputs = { direction: Uint32Array.from(codes), reach: Uint32Array.from(reach) };
    return [...streams.reference(inputs, { algorithm: MFD, order: FREE }, shape).stream];
  };

  test('a gap at the traced share belongs to the stream, one below it ends it', () => {
    expect(row([2, 3, 1, 1, 2])).toEqual([1, 1, 1, 1, 1]);
    expect(row([2, 3, 0, 1, 2])).toEqual([0, 0, 0, 0, 1]);
  });

  test('cells at the traced share that no stream flows through are none', () => {
    expect(row([1, 1, 2, 1, 3])).toEqual([0, 0, 1, 1, 1]);
  });

  test('without an outlet at the threshold there is no stream', () => {
    expect(row([3, 3, 3, 1])).toEqual([0, 0, 0, 0]);
    expect(row([3, 3, 3, 3], [d8Code(0), d8Code(0), d8Code(0), 0])).toEqual([0, 0, 0, 0]);
  });

  test('a direction into nodata makes an outlet', () => {
    expect(row([3, 3, 3, 3], [d8Code(0), d8Code(0), NODATA_CODE, 0])).toEqual([1, 1, NODATA_CODE, 0]);
  });
});

describeWithInvest('InVEST', (folders) => {
  test.each(folders)('%s: no cell differs in its own order', async (folder) => {
    const counts: Record<string, number> = {};
    for (const run of ['sdr_d8', 'sdr_mfd', 'ndr_d8', 'ndr_mfd']) {
      const flow = await investFlow(folder, run);
      const { direction, width, height } = flow;
      const threshold = Number(investRun(folder, run).args.threshold_flow_accumulation);
      const reach = reachIn(flow, threshold, run.startsWith('sdr') ? 0.7 : 1);
      const meant = await investMarks(folder, run, 'stream');
      for (const order of [FREE, INVEST]) {
        const { planes } = await solveWith(streams, {
          ...{ width, height, inputs: { direction, reach }, pool: inlinePool(solverTasks) },
          params: { algorithm: ALGORITHM[flow.algorithm], order },
        });
        expect(difference(planes.stream, meant, NODATA_CODE).oneSided).toBe(0);
        const cells = [...meant.keys()].filter((cell) => planes.stream[cell] !== meant[cell]);
        // Marks that InVEST leaves provisional because they were made too late; ours are never fewer.
        expect(cells.every((cell) => planes.stream[cell] === 1 && reach[cell] === 1)).toBe(true);
        counts[`${run} ${order}`] = cells.length;
        if (order === INVEST || !run.startsWith('sdr_mfd')) expect(cells.length, `${run} ${order}`).toBe(0);
      }
    }
    const large = folder.includes('257x193');
    expect(counts['sdr_mfd 0']).toBe(large ? 50 : 10); // docs/decisions/0014
  });
});
