/** The processes `breaks`, `weights` and `coupling` on files. */
import { writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import { runBreaks } from '../../src/pipeline/breaks/run-breaks.ts';
import { runCoupling } from '../../src/pipeline/zone-table/coupling.ts';
import { runWeights } from '../../src/pipeline/zone-table/weights.ts';
import { naturalRuns } from '../../src/statistics/natural-breaks.ts';
import { quantile } from '../../src/statistics/normalise.ts';
import { randomNumbers } from '../support/rasters.ts';
import { gridOf, platform, readCells, readRows, workFolder, writePlane } from '../support/statistics-files.ts';

const at = workFolder('breaks');
const GRID = gridOf(300, 260, 100);
let values: Float32Array;

beforeAll(async () => {
  const random = randomNumbers(4);
  values = Float32Array.from({ length: 300 * 260 }, () =>
    random() < 0.05 ? NODATA : -Math.log(random() + 1e-9) * 7 - 2,
  );
  await writePlane(at('values.tif'), values, GRID);
  await writePlane(
    at('few.tif'),
    values.map((x) => (x === NODATA ? NODATA : Math.round(x))),
    GRID,
  );
  await writePlane(at('none.tif'), new Float32Array(100).fill(NODATA), gridOf(10, 10));
  writeFileSync(at('zones.csv'), 'code,a,b,c\nA,1,5,2\nB,3,1,2\nC,2,2,2\n');
  writeFileSync(at('systems.csv'), 'code,x,y\nA,0.64,0.36\nB,0,0.5\nC,1,1\n');
});

const run = (request: object, tile?: number) =>
  runBreaks({ values: at('values.tif'), out: at('out'), overwrite: true, ...request }, platform, { tile });

describe('breaks', () => {
  test('natural ones on all different values are the best cuts of all cells', async () => {
    const found = await run({ values: at('few.tif'), classes: '4' }, 64);
    const sorted = [...values]
      .filter((x) => x !== NODATA)
      .map(Math.round)
      .sort((a, b) => a - b);
    const mean = sorted.reduce((sum, x) => sum + x, 0) / sorted.length;
    const expected = naturalRuns({ counts: sorted.map(() => 1), sums: sorted.map((x) => x - mean) }, 4);
    expect(found.breaks).toEqual(expected.map((end) => sorted[end - 1]));
    expect(found.basis).toMatch(/all \d+ different values/);
    const { cells, info } = await readCells(at('out/class.tif'), 'u32');
    for (let i = 0; i < values.length; i += 97)
      expect(cells[i]).toBe(
        values[i] === NODATA ? NODATA_CODE : found.breaks.filter((limit) => limit < Math.round(values[i])).length,
      );
    expect(Object.keys(info.classNames ?? {})).toEqual(['0', '1', '2', '3']);
    const rows = readRows(at('out/breaks.csv'));
    expect(rows.reduce((sum, row) => sum + Number(row.cells), 0)).toBe(sorted.length);
    expect(Number(rows[0].mean)).toBeCloseTo(
      sorted.filter((x) => x <= found.breaks[0]).reduce((sum, x) => sum + x, 0) / Number(rows[0].cells),
      9,
    );
    expect(found.fit).toBeGreaterThan(0.8);
  });

  test('natural ones on a histogram come within a bin of the best, and are values of cells', async () => {
    const found = await run({ classes: '5' }, 100);
    expect(found.basis).toBe('a histogram of 65536 bins');
    const sorted = values.filter((x) => x !== NODATA).sort();
    const mean = sorted.reduce((sum, x) => sum + x, 0) / sorted.length;
    const expected = naturalRuns(
      { counts: Float64Array.from(sorted, () => 1), sums: Float64Array.from(sorted, (x) => x - mean) },
      5,
    ).map((end) => sorted[end - 1]);
    const bin = (sorted[sorted.length - 1] - sorted[0]) / 65536;
    for (const [i, limit] of found.breaks.entries()) {
      expect(Math.abs(limit - expected[i])).toBeLessThanOrEqual(2 * bin);
      expect(sorted.includes(limit)).toBe(true);
    }
    const again = await run({ classes: '5' }, 33);
    expect([again.breaks, again.classes, again.fit]).toEqual([found.breaks, found.classes, found.fit]);
  });

  test('quantiles and equal intervals', async () => {
    const sorted = [...values].filter((x) => x !== NODATA).sort((a, b) => a - b);
    const quantiles = await run({ method: 'quantile', classes: '4' }, 90);
    expect(quantiles.breaks).toEqual([0.25, 0.5, 0.75, 1].map((p) => quantile(sorted, p)));
    for (const { share } of quantiles.classes) expect(share).toBeCloseTo(0.25, 3);
    const equal = await run({ method: 'equal', classes: '3' });
    const [low, high] = [sorted[0], sorted[sorted.length - 1]];
    expect(equal.breaks).toEqual([low + (high - low) / 3, low + (2 * (high - low)) / 3, high]);
  });

  test.each(['equal', 'quantile'])(
    '%s breaks that fall together leave classes without cells, which is said',
    async (method) => {
      await writePlane(at('even.tif'), new Float32Array(100).fill(3), gridOf(10, 10));
      const log: string[] = [];
      const request = { values: at('even.tif'), method, classes: '3', out: at('out'), overwrite: true };
      const { classes } = await runBreaks(request, platform, { log: (line) => log.push(line) });
      expect(classes.map(({ cells }) => cells)).toEqual([100, 0, 0]);
      expect(log).toContain(`warning: ${method} breaks leave classes without cells: 1, 2`);
    },
  );

  test.each([
    ['no raster', { values: undefined }, /breaks needs --values/],
    ['a method that is none', { method: 'jenk' }, /--method is none of its choices/],
    ['no number of classes', { classes: '0' }, /--classes is no number/],
    [
      'too few values',
      { values: 'few', classes: '250' },
      /few\.tif: there are fewer different values than classes.*at least 250/,
    ],
    ['no value', { values: 'none' }, /none\.tif: no cell has a value/],
  ])('%s', async (_name, request, message) => {
    const files = request.values ? { values: at(`${request.values}.tif`) } : {};
    await expect(run({ ...request, ...files })).rejects.toThrow(message);
  });
});

describe('tables of zones', () => {
  test('entropy weights and scores', async () => {
    const request = { table: at('zones.csv'), negative: 'b', out: at('weights'), overwrite: true };
    const { indicators } = await runWeights(request, platform, {});
    // a: 0, 1, 0.5 and b, turned: 0, 1, 0.75, so shares 0, 2/3, 1/3 and 0, 4/7, 3/7.
    const entropy = (p: number) => -(p * Math.log(p) + (1 - p) * Math.log(1 - p)) / Math.log(3);
    const [a, b] = [entropy(2 / 3), entropy(4 / 7)];
    expect(indicators[0].entropy).toBeCloseTo(a, 12);
    expect(indicators.map(({ weight }) => weight)).toEqual([
      expect.closeTo((1 - a) / (2 - a - b), 12),
      expect.closeTo((1 - b) / (2 - a - b), 12),
      0,
    ]);
    const rows = readRows(at('weights/scores.csv'));
    expect(rows.map(({ code }) => code)).toEqual(['A', 'B', 'C']);
    expect(rows[0].score).toBe('0');
    expect(Number(rows[1].score)).toBeCloseTo(1, 12);
    expect(readRows(at('weights/weights.csv'))[1].direction).toBe('negative');
  });

  test('coupling coordination', async () => {
    const request = { table: at('systems.csv'), out: at('coupling'), overwrite: true };
    await runCoupling(request, platform, {});
    const rows = readRows(at('coupling/coupling.csv'));
    // A: C = 2 √(0.64 · 0.36) / 1 = 0.96, T = 0.5, D = √0.48.
    expect(Number(rows[0].C)).toBeCloseTo(0.96, 12);
    expect(Number(rows[0].D)).toBeCloseTo(Math.sqrt(0.48), 12);
    expect(rows.map(({ grade }) => grade)).toEqual(['6', '0', '9']);
    expect(rows[2].grade_name).toBe('excellent coordination');
  });

  test('columns that tell nothing apart are named', async () => {
    writeFileSync(at('same.csv'), 'code,a,b\nA,4,1\nB,4,0\n');
    const log: string[] = [];
    const options = { log: (line: string) => log.push(line) };
    const request = { table: at('same.csv'), out: at('same'), overwrite: true };
    const { indicators } = await runWeights({ ...request, columns: 'a' }, platform, options);
    expect(indicators[0].weight).toBe(0);
    expect(log).toContain('warning: no indicator tells zones apart: all weights and scores are 0');
    await runCoupling({ ...request, normalise: 'minmax' }, platform, options);
    expect(readRows(at('same/coupling.csv')).map(({ C }) => C)).toEqual(['0', '0']);
    expect(log.at(-1)).toContain('the same in every zone, and so 0 when normalised: a');
  });

  test('what is wrong is said', async () => {
    const weights = (more: object) => runWeights({ table: at('zones.csv'), out: at('wrong'), ...more }, platform, {});
    await expect(weights({ table: undefined })).rejects.toThrow(/weights needs --table/);
    await expect(weights({ columns: 'a,q' })).rejects.toThrow(/there is no column 'q'/);
    await expect(weights({ negative: 'z' })).rejects.toThrow(/--negative names what is no indicator/);
    await expect(weights({ columns: 'code', id: 'a' })).rejects.toThrow(/this is not a number/);
    const coupling = (more: object) => runCoupling({ table: at('zones.csv'), out: at('wrong'), ...more }, platform, {});
    await expect(coupling({})).rejects.toThrow(/not between 0 and 1.*zone A, column b|zone B, column a/);
    await expect(coupling({ columns: 'a' })).rejects.toThrow(/coupling is between systems/);
    await expect(coupling({ normalise: 'minmax', weights: '1,2' })).rejects.toThrow(/--weights does not weigh each/);
  });
});
