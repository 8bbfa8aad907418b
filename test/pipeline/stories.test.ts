/** What a project tells of risks and hot spots: stories against the rasters they were counted in, and every number of a story in a table. */
import { mkdirSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { tellHotspots } from '../../src/pipeline/stories/hotspots.ts';
import { RISK_CODES, tellRisks } from '../../src/pipeline/stories/risks.ts';
import { columnsOfRisks } from '../../src/pipeline/stories/zone-columns.ts';
import { randomNumbers } from '../support/rasters.ts';
import { platform, workFolder } from '../support/statistics-files.ts';
import { classPlane, rowsOf, THREE_ZONES, writeClasses } from '../support/stories.ts';

const KM2 = 0.25;
const at = workFolder('stories');
const random = randomNumbers(5);
const cells = THREE_ZONES.numbers.length;
const { grid: GRID, isIn } = THREE_ZONES;
const context = { grid: GRID, zones: THREE_ZONES.zones, pool: platform.pool };

const sum = (values: Iterable<number>) => [...values].reduce((all, x) => all + x, 0);

/** Cells with a class, most of them in a few, none in some. */
function riskPlane(): Float32Array {
  return classPlane(
    Array.from({ length: cells }, () => Math.floor(20 * random() ** 2)),
    RISK_CODES,
  );
}
const LEVEL_OF = (code: number) => (code < 0 ? 'high' : code < 7 ? 'medium' : 'low');

describe('risks', () => {
  const files = ['2003-2023', '2003-2013', '2013-2023'];
  const planes = files.map(riskPlane);
  let told: Awaited<ReturnType<typeof tellRisks>>;

  beforeAll(async () => {
    mkdirSync(at(''), { recursive: true });
    for (const [i, plane] of planes.entries()) await writeClasses(at(`risk-${files[i]}.tif`), plane, GRID);
    const named = files.map((period) => {
      const [from, to] = period.split('-').map(Number);
      return { path: at(`risk-${period}.tif`), service: 'WY', serviceName: 'Water yield', from, to };
    });
    told = await tellRisks([named[0]], [named[2], named[1]], context);
  });

  test('classes and levels, of the region and of zones', () => {
    for (const [k, period] of files.entries()) {
      const [from, to] = period.split('-');
      const rows = rowsOf(told.tables['risk.csv']).filter((row) => row.from === from && row.to === to);
      const levels = rowsOf(told.tables['risk_levels.csv']).filter((row) => row.from === from && row.to === to);
      for (const zone of ['all', 'Z1', 'Z2', 'Z3', 'outside']) {
        const own = [...planes[k].keys()]
          .filter((i) => isIn(i, zone) && planes[k][i] !== NODATA)
          .map((i) => planes[k][i]);
        const expected = [...new Set(own)]
          .sort((a, b) => a - b)
          .map((code) => {
            const count = own.filter((each) => each === code).length;
            return [code, LEVEL_OF(code), count, count * KM2, count / own.length];
          });
        expect(
          rows
            .filter((row) => row.zone === zone)
            .map((row) => [Number(row.class), row.level, Number(row.cells), Number(row.area_km2), Number(row.share)]),
        ).toEqual(expected);
        for (const { level, ...row } of levels.filter((each) => each.zone === zone)) {
          const of = own.filter((code) => level === 'all' || LEVEL_OF(code) === level);
          expect([Number(row.cells), Number(row.share)]).toEqual([of.length, of.length / own.length]);
          expect(Number(row.mean_class)).toBe(sum(of) / of.length);
        }
      }
    }
    expect(rowsOf(told.tables['risk.csv'])[0].name).toBe('high risk, deficit deepening; supply falls, demand does not');
  });

  test('the story of the whole period, and those of its parts', () => {
    expect(told.stories.map(({ from, to }) => [from, to])).toEqual([[2003, 2023]]);
    expect(told.periods.map(({ from, to }) => [from, to])).toEqual([
      [2003, 2013],
      [2013, 2023],
    ]);
    const [story] = told.stories;
    const rows = rowsOf(told.tables['risk.csv']).filter(
      ({ from, to, zone }) => `${from}-${to}` === files[0] && zone === 'all',
    );
    expect(story.classes.map(({ code, cells, area, share }) => [code, cells, area, share].join())).toEqual(
      rows.map((row) => [row.class, row.cells, row.area_km2, row.share].join()),
    );
    expect(story.levels.high.cells + story.levels.medium.cells + story.levels.low.cells).toBe(
      sum(story.classes.map(({ cells }) => cells)),
    );
    expect(story.zones.map(({ zone }) => zone)).toEqual([1, 2, 3, null]);
    const levels = rowsOf(told.tables['risk_levels.csv']).filter(
      ({ from, to, zone }) => `${from}-${to}` === files[0] && zone === 'Z2',
    );
    expect(levels.map(({ share }) => Number(share))).toEqual([...Object.values(story.zones[1].shares), 1]);
    expect(Number(levels[3].mean_class)).toBe(story.zones[1].meanClass);
    expect(columnsOfRisks(told.stories)[0].values.get(2)).toBe(story.zones[1].shares.high);
  });

  test('what the classes of one period became in the next', () => {
    expect(told.transitions.length).toBe(1);
    const [{ before, after, transitions }] = told.transitions;
    expect([before, after, transitions.codes]).toEqual(['2003-2013', '2013-2023', RISK_CODES]);
    const [first, second] = [planes[1], planes[2]];
    for (const [i, code] of RISK_CODES.entries())
      for (const [k, next] of RISK_CODES.entries())
        expect(transitions.cells[i][k]).toBe(first.filter((cell, n) => cell === code && second[n] === next).length);
    const rows = rowsOf(told.tables['risk_transitions.csv']);
    expect(sum(rows.map(({ cells }) => Number(cells)))).toBe(sum(transitions.cells.flat()));
    expect(sum(rows.map(({ share }) => Number(share)))).toBeCloseTo(1, 12);
    const { from_class, to_class, cells } = rows[3];
    expect(transitions.cells[RISK_CODES.indexOf(Number(from_class))][RISK_CODES.indexOf(Number(to_class))]).toBe(
      Number(cells),
    );
  });
});

describe('hot spots', () => {
  const BINS = [-3, -2, -1, 0, 1, 2, 3];
  const years = [2003, 2013, 2023];
  const planes = years.map(() =>
    classPlane(
      Array.from({ length: cells }, () => Math.floor(8 * random())),
      BINS,
    ),
  );

  test('bins by year, and what they became', async () => {
    for (const [i, plane] of planes.entries()) await writeClasses(at(`bin-${years[i]}.tif`), plane, GRID);
    const common = { of: 'supply', window: 'disc of 5 km', correction: 'fdr' } as const;
    const files = [1, 2, 0].map((i) => ({ ...common, path: at(`bin-${years[i]}.tif`), year: years[i] }));
    const { stories, tables } = await tellHotspots([...files, { ...files[0], of: 'demand' }], context);
    expect(stories.map(({ of, year, since }) => [of, year, since?.year])).toEqual([
      ['supply', 2003, undefined],
      ['supply', 2013, 2003],
      ['supply', 2023, 2013],
      ['demand', 2013, undefined],
    ]);
    expect(stories[1]).toMatchObject(common);
    for (const [i, { bins, since }] of stories.slice(0, 3).entries()) {
      const valid = planes[i].filter((cell) => cell !== NODATA).length;
      expect(bins).toEqual(
        BINS.map((code) => {
          const count = planes[i].filter((cell) => cell === code).length;
          return { code, cells: count, area: count * KM2, share: count / valid };
        }),
      );
      expect(since?.transitions.cells).toEqual(
        i === 0
          ? undefined
          : BINS.map((a) =>
              BINS.map((b) => planes[i].filter((cell, n) => cell === b && planes[i - 1][n] === a).length),
            ),
      );
    }
    const rows = rowsOf(tables['hotspots.csv']);
    expect(rows.length).toBe(4 * 7);
    expect(rows[0]).toMatchObject({ year: '2003', of: 'supply', bin: '-3', name: 'cold spot, 99 %' });
    expect(rows.map(({ cells, share }) => [Number(cells), Number(share)])).toEqual(
      stories.flatMap(({ bins }) => bins.map(({ cells, share }) => [cells, share])),
    );
    const [pair] = rowsOf(tables['hotspot_transitions.csv']);
    expect([pair.of, pair.from_year, pair.to_year, pair.from_bin, pair.to_bin, Number(pair.cells)]).toEqual([
      ...['supply', '2003', '2013', '-3', '-3'],
      stories[1].since?.transitions.cells[0][0],
    ]);
  });

  test('without areas in metres there are none', async () => {
    const degrees = { ...GRID, crs: { kind: 'geographic', name: 'WGS 84', epsg: 4326 } as const };
    await writeClasses(at('bin-degrees.tif'), planes[0], degrees);
    const file = { path: at('bin-degrees.tif'), year: 2003, of: 'ratio', window: '', correction: 'none' } as const;
    const { stories, tables } = await tellHotspots([file], { ...context, grid: degrees });
    expect(stories[0].bins[0].area).toBeUndefined();
    expect(rowsOf(tables['hotspots.csv'])[0].area_km2).toBe('');
    expect(tables['hotspot_transitions.csv']).toBeUndefined();
  });
});
