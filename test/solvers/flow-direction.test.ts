/** Flow directions against their definition, hand-made cases and the reference fixtures. */
import { describe, expect, test } from 'vitest';
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import { inlinePool } from '../../src/core/tasks.ts';
import { fillDepressions } from '../../src/solvers/fill_depressions/index.ts';
import { flowDirection } from '../../src/solvers/flow_direction/index.ts';
import { directionTasks } from '../../src/solvers/flow_direction/tasks.ts';
import { DX, DY, d8Code, d8Direction, opposite, shareOf, sumOfShares } from '../../src/solvers/routing/directions.ts';
import { describeWithHydrology, hydrologyPlane } from '../support/hydrology.ts';
import { shuffledPool, solveWith } from '../support/solve.ts';
import { cells, fractal, holed, random } from '../support/terrain.ts';

const pool = inlinePool(directionTasks);

interface Options {
  readonly algorithm?: number;
  readonly order?: number;
  readonly tile?: number;
  readonly by?: typeof pool;
}

async function directions(
  filled: Float32Array,
  width: number,
  { algorithm = 0, order = 0, tile = 64, by = pool }: Options = {},
): Promise<Uint32Array> {
  const height = filled.length / width;
  const params = { algorithm, order };
  const given = { width, height, inputs: { filled }, params, tile, pool: by, memory: 4096 };
  return (await solveWith(flowDirection, given)).planes.direction as Uint32Array;
}

function defined(filled: Float32Array, width: number, params: { algorithm: number; order: number }): Uint32Array {
  const shape = { cellWidth: 1, cellHeight: 1, width, height: filled.length / width };
  return Uint32Array.from(flowDirection.reference({ filled }, params, shape).direction);
}

function filledOf(dem: Float32Array, width: number): Float32Array {
  const shape = { cellWidth: 1, cellHeight: 1, width, height: dem.length / width };
  return Float32Array.from(fillDepressions.reference({ dem }, {}, shape).filled);
}

describe('codes', () => {
  test('of one direction and back', () => {
    for (let d = 0; d < 8; d++) {
      expect(d8Direction(d8Code(d))).toBe(d);
      expect(shareOf(d8Code(d), d)).toBe(1);
      expect([DX[opposite(d)] + DX[d], DY[opposite(d)] + DY[d]]).toEqual([0, 0]);
    }
    expect(d8Direction(0)).toBe(-1);
  });

  test('the sum of shares', () => {
    expect(sumOfShares(0)).toBe(0);
    expect(sumOfShares(0xffffffff)).toBe(120);
    expect(sumOfShares(0x80000071)).toBe(16);
  });
});

/** East … south-east as digits, `.` outside, `-` none. */
function digits(codes: Uint32Array, width: number): string[] {
  const letters = Array.from(codes, (code) =>
    code === NODATA_CODE ? '.' : code === 0 ? '-' : String(d8Direction(code)),
  );
  return Array.from({ length: codes.length / width }, (_, y) => letters.slice(y * width, (y + 1) * width).join(''));
}

describe('D8 by hand', () => {
  const N = NODATA;
  test.each<[string, number[][], string[]]>([
    ['one cell', [[5]], ['0']],
    ['nothing but nodata', [[N, N]], ['..']],
    ['a row', [[3, 2, 1]], ['000']],
    [
      'a plane to the west',
      [
        [1, 2, 3],
        [1, 2, 3],
        [1, 2, 3],
      ],
      ['244', '444', '444'],
    ],
    [
      'ties go to the first direction',
      [
        [9, 1, 9],
        [1, 5, 1],
        [9, 1, 9],
      ],
      ['024', '400', '062'],
    ],
    [
      'a diagonal drop of 1.4 is less than one of 1',
      [
        [9, 9, 9],
        [9, 5, 4],
        [9, 9, 3.6],
      ],
      ['766', '006', '100'],
    ],
    [
      'one of 1.5 is more',
      [
        [9, 9, 9],
        [9, 5, 4],
        [9, 9, 3.5],
      ],
      ['766', '076', '100'],
    ],
    [
      'a pit that was not filled',
      [
        [5, 5, 5],
        [5, 1, 5],
        [5, 5, 5],
      ],
      ['765', '0-4', '123'],
    ],
    [
      'a hole is an outlet',
      [
        [5, 5, 5],
        [5, N, 5],
        [5, 5, 5],
      ],
      ['220', '0.0', '420'],
    ],
    [
      '−0 is no lower than 0',
      [
        [9, 9, 9, 9],
        [9, -0, 0, -1],
        [9, 9, 9, 9],
      ],
      ['7666', '0000', '1222'],
    ],
    [
      'what touches the outside by corners drains there',
      [
        [N, 7, 7, 7, 7],
        [7, 7, 7, 7, 7],
        [7, 7, 7, 7, 7],
        [7, 7, 7, 7, N],
      ],
      ['.2220', '23200', '42070', '4660.'],
    ],
  ])('%s', async (_, dem, expected) => {
    const width = dem[0].length;
    const filled = cells(dem);
    for (const tile of [1, 2, 3, 64])
      expect(digits(await directions(filled, width, { tile }), width)).toEqual(expected);
    expect(digits(defined(filled, width, { algorithm: 0, order: 0 }), width)).toEqual(expected);
  });
});

describe('MFD by hand', () => {
  test('shares of 15 in proportion to drops; small ones are lost', async () => {
    // Drops of 4 to the east, 1 to the south-west (0.71 when shortened) and 0.1 to the west: 15 · 4 / 4.81 = 12.5 and 2.2 and 0.3.
    const dem = cells([
      [9, 9, 9],
      [7.9, 8, 4],
      [7, 9, 9],
    ]);
    const { 4: code } = await directions(dem, 3, { algorithm: 1 });
    expect([0, 1, 2, 3, 4, 5, 6, 7].map((d) => shareOf(code, d))).toEqual([12, 0, 0, 0, 0, 2, 0, 0]);
  });

  test('a plateau drains to all that are nearer to its drain, and outside over all sides', async () => {
    const valley = cells([
      [9, 9, 9, 9, 9],
      [9, 5, 5, 5, 9],
      [9, 9, 9, 5, 4],
    ]);
    const codes = await directions(valley, 5, { algorithm: 1 });
    // (1, 1) has one neighbour on its way; (2, 1) the drain at (3, 2) and (3, 1), which is nearer to it.
    expect(Array.from(codes.subarray(6, 9), (code) => code.toString(16))).toEqual(['f', '60000009', 'f0000000']);
    const flat = await directions(new Float32Array(1).fill(3), 1, { algorithm: 1 });
    expect(flat[0].toString(16)).toBe('13131313'.replaceAll('13', '22').slice(0, 8));
  });
});

describe('plateaus by hand', () => {
  test('a dam with a gap of one cell', async () => {
    const dem = cells([
      [9, 9, 9, 9, 9, 9, 9],
      [9, 5, 5, 5, 5, 5, 9],
      [9, 5, 5, 5, 5, 5, 9],
      [9, 5, 5, 5, 5, 5, 9],
      [9, 9, 9, 9, 9, 4, 9],
      [9, 9, 9, 9, 9, 3, 9],
    ]);
    const free = ['7666665', '0076664', '0007664', '0000764', '1222064', '2220064'];
    const invest = ['7666665', '0777664', '0007664', '0000764', '1222064', '2222064'];
    for (const tile of [1, 2, 3, 64]) {
      expect(digits(await directions(dem, 7, { tile }), 7)).toEqual(free);
      expect(digits(await directions(dem, 7, { tile, order: 1 }), 7)).toEqual(invest);
    }
  });

  test('a flat drains to its nearest side', async () => {
    const dem = new Float32Array(25).fill(7);
    const free = ['22220', '42200', '44000', '44600', '46660'];
    for (const tile of [1, 2, 64]) expect(digits(await directions(dem, 5, { tile }), 5)).toEqual(free);
  });

  test('outside beyond two corners: the first of them, in InVEST’s order the last', async () => {
    const dem = new Float32Array(49).fill(7);
    dem[2 * 7 + 4] = dem[4 * 7 + 2] = NODATA;
    for (const tile of [2, 64]) {
      expect(d8Direction((await directions(dem, 7, { tile }))[24])).toBe(1);
      expect(d8Direction((await directions(dem, 7, { tile, order: 1 }))[24])).toBe(5);
    }
    expect(d8Direction(defined(dem, 7, { algorithm: 0, order: 1 })[24])).toBe(5);
  });

  test('a lake of many tiles with one outlet leads there from everywhere', async () => {
    const width = 90;
    const dem = new Float32Array(width * width).fill(5);
    for (let k = 0; k < width; k++)
      for (const i of [k, k * width, (k + 1) * width - 1, (width - 1) * width + k]) dem[i] = 9;
    dem[40] = 4;
    for (const order of [0, 1]) {
      const codes = await directions(dem, width, { tile: 16, order });
      const steps = Array.from({ length: width * width }, (_, start) => {
        let count = 0;
        for (let i = start; i !== 40 && count < 200; count++) {
          const d = d8Direction(codes[i]);
          i += DY[d] * width + DX[d];
          if (i < 0 || i >= dem.length || dem[i] > dem[start]) return -1; // the rim drains outside
        }
        return count;
      });
      const inside = steps.filter((_, i) => dem[i] === 5);
      expect(Math.max(...inside)).toBe(88); // from the farthest corner, one step for each row
      expect(Math.min(...inside)).toBe(1);
    }
  });
});

describe('any tiles, any schedule', () => {
  const terrains: [string, Float32Array, number][] = [
    ['hills', filledOf(fractal(59, 47, 2), 59), 59],
    [
      'hills in whole metres',
      filledOf(
        fractal(59, 47, 3).map((height) => Math.round(height / 5)),
        59,
      ),
      59,
    ],
    ['hills with holes', filledOf(holed(fractal(59, 47, 4), 5), 59), 59],
    ['noise', filledOf(random(59, 47, 1), 59), 59],
    ['pits left as they are', fractal(59, 47, 3).map((height) => Math.round(height)), 59],
    ['a flat', new Float32Array(59 * 47).fill(-3), 59],
    ['one row', filledOf(random(200, 1, 6), 200), 200],
    ['one column', filledOf(random(1, 200, 7), 1), 1],
  ];
  const cases = terrains.flatMap(([name, filled, width]) =>
    ['d8', 'mfd'].flatMap((algorithm, a) =>
      ['free', 'invest'].map((order, o) => ({
        name,
        filled,
        width,
        params: { algorithm: a, order: o },
        algorithm,
        order,
      })),
    ),
  );
  test.each(cases)('$name, $algorithm, $order', async ({ filled, width, params }) => {
    const expected = defined(filled, width, params);
    expect(new Set(expected).size).toBeGreaterThan(2);
    for (const tile of [7, 16, 64])
      for (const by of [pool, shuffledPool(directionTasks, tile)]) {
        expect(await directions(filled, width, { ...params, tile, by })).toEqual(expected);
      }
  });
});

test('InVEST scans blocks of 256 cells, wherever tiles end', async () => {
  const width = 300;
  const dem = fractal(width, 40, 9, 5).map((value) => Math.round(value / 4));
  const filled = filledOf(dem, width);
  const expected = defined(filled, width, { algorithm: 0, order: 1 });
  for (const tile of [90, 256, 512])
    expect(await directions(filled, width, { tile, order: 1 }), `tiles of ${tile}`).toEqual(expected);
});

/** Codes of the fixtures: 1 E, 2 SE, 4 S, … 128 NE. */
function ofFixture(code: number): number {
  return (8 - Math.log2(code)) % 8;
}

describeWithHydrology('the hydrology fixtures, where the steepest drop is unique', (names) => {
  test.each(names)('%s', async (name) => {
    const { plane: filled, width } = hydrologyPlane(name, 'filled');
    const { plane: expected } = hydrologyPlane(name, 'd8_on_filled');
    const codes = await directions(filled, width, { tile: 16 });
    const slopes = (i: number) =>
      DX.map((dx, d) => {
        const [x, y] = [(i % width) + dx, Math.floor(i / width) + DY[d]];
        const n = y * width + x;
        const outside = x < 0 || y < 0 || x >= width || n >= filled.length || filled[n] === NODATA;
        return outside ? 0 : (filled[i] - filled[n]) / (d % 2 ? Math.SQRT2 : 1);
      }).sort((a, b) => b - a);
    let compared = 0;
    for (let i = 0; i < filled.length; i++) {
      if (filled[i] === NODATA) continue;
      const [steepest, next] = slopes(i);
      if (steepest <= 0 || steepest - next <= 1e-6 * steepest) continue;
      compared++;
      expect(d8Direction(codes[i]), `cell ${i}`).toBe(ofFixture(expected[i]));
    }
    expect(compared).toBeGreaterThan(0.3 * filled.length);
  });
});
