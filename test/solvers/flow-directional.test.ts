/** Directional flow: the known answer to the last quantum, cases made by hand, tiles against the definition. */
import { describe, expect, test } from 'vitest';
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import { inlinePool } from '../../src/core/tasks.ts';
import { flowDirectional } from '../../src/solvers/flow_directional/index.ts';
import { d8Code } from '../../src/solvers/routing/directions.ts';
import { keptAfterStep, sharedPart } from '../../src/solvers/service-flow/quanta.ts';
import { flowSummary } from '../../src/solvers/service-flow/summary.ts';
import { solverTasks } from '../../src/solvers/tasks.ts';
import { directionsOf, randomShares, windingRiver } from '../support/flow.ts';
import { randomNumbers } from '../support/rasters.ts';
import { amounts, expectDefinition, hasKnownAnswers, knownAnswer, randomCase } from '../support/service-flow.ts';
import { solveWith } from '../support/solve.ts';
import { fractal, holed } from '../support/terrain.ts';

const PARAMS = { retention: 0, quantum: 0 };
const pool = inlinePool(solverTasks);
const [EAST, SOUTH] = [0, 6];

test.runIf(hasKnownAnswers)('the known answer', async () => {
  const { width, height, manifest, planes } = knownAnswer('directional-80x96');
  const direction = Uint32Array.from(planes.direction, (d, i) => {
    if (planes.dem[i] === manifest.dem_nodata) return NODATA_CODE;
    return d === 255 ? 0 : d8Code(d);
  });
  const supply = amounts(planes.supply, manifest.nodata);
  const inputs = { supply, demand: amounts(planes.demand, manifest.nodata), direction };
  const meant = flowDirectional.reference(inputs, PARAMS, { width, height, cellWidth: 1, cellHeight: 1 });
  for (const name of ['inflow', 'outflow', 'transit', 'consumption', 'residual', 'deficit', 'spill'])
    expect(
      Float64Array.from(meant[name], (v) => (v === NODATA ? manifest.nodata : v)),
      name,
    ).toEqual(planes[name]);
  expect(Math.max(...planes.spill)).toBeGreaterThan(0);
  await expectDefinition(flowDirectional, { width, height, inputs, params: PARAMS });
});

/** One row of cells that drain to the east. */
async function river(supply: number[], demand: number[], params = {}, others = {}) {
  const width = supply.length;
  const direction = new Uint32Array(width).fill(d8Code(EAST));
  const inputs = { supply: Float32Array.from(supply), demand: Float32Array.from(demand), direction, ...others };
  const given = { width, height: 1, inputs, params: { ...PARAMS, ...params } };
  const facts = await expectDefinition(flowDirectional, given, [2]);
  return { facts, planes: flowDirectional.reference(inputs, given.params, { ...given, cellWidth: 1, cellHeight: 1 }) };
}

describe('by hand', () => {
  test('use comes first, the rest goes on, what reaches the edge is spill', async () => {
    const { planes, facts } = await river([10, 0, 5, 0], [2, 3, 0, 4]);
    expect([...planes.inflow]).toEqual([0, 3, 0, 4]);
    expect([...planes.outflow]).toEqual([8, 0, 5, 0]);
    expect([...planes.transit]).toEqual([0, 5, 5, 6]);
    expect([...planes.spill]).toEqual([0, 0, 0, 6]);
    expect(facts).toMatchObject({ outflow: 13, used: 7, spill: 6, lost: 0, residual: 0 });
  });

  test('a loss per step is floored, and nothing is lost track of', async () => {
    // A quarter stays at each step: 10 → 7 (lost 3), 7 → 5 (lost 2), 5 → 3 (lost 2).
    const { planes, facts } = await river([10, 0, 0], [0, 0, 0], { retention: 0.25 });
    expect([...planes.spill]).toEqual([0, 0, 3]);
    expect(facts).toMatchObject({ outflow: 10, used: 0, spill: 3, lost: 7 });
  });

  test('what comes to a cell that takes no part is spill', async () => {
    const hole = await river([9, NODATA, 0], [0, 0, 4]);
    expect([hole.planes.spill[0], hole.planes.inflow[2]]).toEqual([9, 0]);
    const barrier = await river([9, 8, 0], [0, 1, 4], {}, { permeability: Float32Array.of(1, 0, 1) });
    expect([barrier.planes.spill[0], barrier.planes.residual[1], barrier.planes.outflow[1]]).toEqual([9, 7, 0]);
    const sink = await river([9, 8, 0], [0, 1, 4], {}, { direction: Uint32Array.of(d8Code(EAST), 0, d8Code(EAST)) });
    expect([sink.planes.spill[0], sink.planes.spill[1]]).toEqual([0, 16]);
    const none = await river([9, 8, 0], [0, 1, 4], {}, { direction: Uint32Array.of(d8Code(EAST), NODATA_CODE, 0) });
    expect([none.planes.spill[0], none.planes.spill[1], none.facts.undirected]).toEqual([9, 7, 1]);
  });

  test('shares add up: what is left over goes to the first directions', async () => {
    // 10 in the shares 1, 1, 2 of 4 to E, SE and S: 2, 2 and 5, and the tenth to E.
    const code = ((1 << (4 * EAST)) | (2 << (4 * SOUTH)) | (1 << 28)) >>> 0;
    expect([EAST, SOUTH, 7].map((d) => sharedPart(10, code, d))).toEqual([3, 5, 2]);
    const direction = Uint32Array.of(code, 0, 0, 0);
    const inputs = { supply: Float32Array.of(10, 0, 0, 0), demand: new Float32Array(4), direction };
    const given = { width: 2, height: 2, inputs, params: PARAMS };
    await expectDefinition(flowDirectional, given, [1, 2]);
    const { spill } = flowDirectional.reference(inputs, PARAMS, { ...given, cellWidth: 1, cellHeight: 1 });
    expect([...spill]).toEqual([0, 3, 5, 2]);
  });
});

test('parts of amounts near 2^53 are exact', () => {
  const next = randomNumbers(4);
  for (let n = 0; n < 500; n++) {
    const amount = Math.floor(next() * 2 ** (20 + 33 * next()));
    const lost = Math.floor(65537 * next());
    const exact = (BigInt(amount) * BigInt(65536 - lost)) >> 16n;
    expect(keptAfterStep(amount, lost)).toBe(Number(exact));
    const code = Math.floor(next() * 2 ** 32) >>> 0;
    const shares = Array.from({ length: 8 }, (_, d) => (code >>> (4 * d)) & 15);
    const sum = shares.reduce((all, share) => all + share);
    if (sum === 0) continue;
    const parts = shares.map((_, d) => sharedPart(amount, code, d));
    expect(parts.reduce((all, part) => all + BigInt(part), 0n)).toBe(BigInt(amount));
    for (const [d, part] of parts.entries()) {
      const floor = (BigInt(amount) * BigInt(shares[d])) / BigInt(sum);
      expect(BigInt(part) === floor || BigInt(part) === floor + 1n).toBe(true);
    }
  }
});

test('on streams, what is nodata counts 0, and the river goes on', async () => {
  const stream = Uint32Array.of(0, 1, 0, 0);
  const { planes, facts } = await river([9, NODATA, NODATA, 0], [0, NODATA, 0, 4], {}, { stream });
  expect([...planes.inflow]).toEqual([0, 0, NODATA, NODATA].with(3, 0));
  expect([planes.transit[1], planes.spill[1], facts.only_demand]).toEqual([9, 9, 1]);
});

describe('tiles against the definition', () => {
  const direction = {
    hills: (algorithm: 'd8' | 'mfd') => directionsOf(holed(fractal(43, 37, 5), 3), 43, algorithm),
    river: (algorithm: 'd8' | 'mfd') => windingRiver(43, 37, algorithm),
    shares: (algorithm: 'd8' | 'mfd') => randomShares(43, 37, algorithm, 8),
  };
  test.each(
    (['d8', 'mfd'] as const).flatMap((algorithm) =>
      (['hills', 'river', 'shares'] as const).map((ground) => ({ algorithm, ground })),
    ),
  )('$ground, $algorithm', async ({ algorithm, ground }) => {
    const { inputs, ...shape } = randomCase(9, { barriers: ground === 'river' ? 0 : 0.03, holes: 0.02 });
    const given = { ...shape, inputs: { ...inputs, direction: direction[ground](algorithm) } };
    const facts = await expectDefinition(flowDirectional, { ...given, params: { ...PARAMS, retention: 0.01 } });
    expect(facts.used).toBeGreaterThan(0);
    expect(facts.lost).toBeGreaterThan(0);
    const { flows, zones } = flowSummary(facts);
    for (const [zone, { outflow, used, spill }] of zones!) {
      const sum = (as: string, end: 'from' | 'to') =>
        flows!.filter((flow) => flow[end] === zone && flow.as === as).reduce((all, { amount }) => all + amount, 0);
      expect(sum('used', 'from') + sum('spill', 'from') + sum('lost', 'from')).toBeCloseTo(outflow, 6);
      expect([sum('used', 'to'), sum('spill', 'to')].map(Math.round)).toEqual([used, spill]);
    }
  });
});

test('zones: what passes carries its mix', async () => {
  // 6 of zone 1, 2 used on the way by zone 2, 4 more of zone 2: 4 and 4 of each come to zone 3, which uses 4; the rest leaves there.
  const zones = Uint32Array.of(1, 2, 2, 3);
  const { facts } = await river([6, 0, 4, 0], [0, 2, 0, 4], {}, { zones });
  expect(flowSummary(facts).flows).toEqual([
    { from: 1, as: 'spill', to: 3, amount: 2 },
    { from: 1, as: 'used', to: 2, amount: 2 },
    { from: 1, as: 'used', to: 3, amount: 2 },
    { from: 2, as: 'spill', to: 3, amount: 2 },
    { from: 2, as: 'used', to: 3, amount: 2 },
  ]);
});

test('directions in circles are told, and negative amounts', async () => {
  const direction = Uint32Array.of(d8Code(0), d8Code(4));
  const inputs = { supply: Float32Array.of(1, 1), demand: Float32Array.of(0, 0), direction };
  const given = { width: 2, height: 1, inputs, params: PARAMS, pool };
  await expect(solveWith(flowDirectional, given)).rejects.toThrow('the flow directions go in circles');
  const negative = { ...inputs, demand: Float32Array.of(0, -2) };
  await expect(solveWith(flowDirectional, { ...given, inputs: negative })).rejects.toThrow(
    'row 1, column 2: demand is negative',
  );
});
