/** What a project tells of flows: amounts against the rasters of the process, and every number of a story in a table. */
import { mkdirSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { modelOf } from '../../src/models/registry.ts';
import { runProcess } from '../../src/pipeline/run-process.ts';
import { flowReports } from '../../src/pipeline/service-flow/tables.ts';
import { type ToldFlow, tellFlows } from '../../src/pipeline/stories/flows.ts';
import { columnsOfFlows } from '../../src/pipeline/stories/zone-columns.ts';
import type { FlowStory } from '../../src/report/stories.ts';
import { randomNumbers } from '../support/rasters.ts';
import { platform, readCells, workFolder, writePlane } from '../support/statistics-files.ts';
import { rowsOf, THREE_ZONES, writeCodes } from '../support/stories.ts';

const { grid: GRID, numbers, zones, isIn } = THREE_ZONES;
const { width: WIDTH } = GRID;
const cells = numbers.length;
const at = workFolder('flow-stories');
const random = randomNumbers(5);
const sum = (values: Iterable<number>) => [...values].reduce((all, x) => all + x, 0);

const OUTPUTS = [
  'consumption',
  'inflow',
  'outflow',
  'residual',
  'deficit',
  'spill',
  'balance_static',
  'balance_semi_static',
  'balance_dynamic',
];
const QUANTITIES = {
  local: '',
  residual: 'residual',
  unmet: 'deficit',
  inflow: 'inflow',
  outflow: 'outflow',
  spill: 'spill',
  before: 'balance_static',
  after: 'balance_dynamic',
};
const planes: Record<string, ArrayLike<number>> = {};
let flows: ToldFlow[];
let told: ReturnType<typeof tellFlows>;

beforeAll(async () => {
  mkdirSync(at(''), { recursive: true });
  // Whole numbers, so that a quantum is 1; supply in the west, demand in the east.
  planes.supply = Float32Array.from({ length: cells }, (_, i) => (i % WIDTH < 14 ? Math.floor(20 * random()) : 0));
  planes.demand = Float32Array.from({ length: cells }, (_, i) => (i % WIDTH > 11 ? Math.floor(15 * random()) : 2));
  (planes.demand as Float32Array)[WIDTH * 5 + 3] = NODATA;
  await writePlane(at('supply.tif'), planes.supply as Float32Array, GRID);
  await writePlane(at('demand.tif'), planes.demand as Float32Array, GRID);
  await writeCodes(at('numbers.tif'), numbers, GRID);
  const inputs = { supply: at('supply.tif'), demand: at('demand.tif'), zones: at('numbers.tif') };
  const run = async (params: Record<string, string>, out: string) => {
    const request = { model: modelOf('flow').model, inputs, tables: {}, params, out: at(out), overwrite: true };
    const { timings } = await runProcess(request, platform, { device: 'cpu' });
    return [...flowReports(timings.solves).values()][0];
  };
  const report = await run({ max_distance: '6 km', spill: 'border' }, 'flow');
  const still = await run({ mode: 'in_situ' }, 'still');
  for (const name of OUTPUTS) planes[name] = (await readCells(at(`flow/${name}.tif`), 'f32')).cells;
  const common = { service: 'WY', serviceName: 'Water yield', unit: 'm3' };
  flows = [
    { ...common, year: 2003, mode: 'omnidirectional', report },
    { ...common, year: 2013, mode: 'in_situ', report: still },
  ];
  told = tellFlows(flows, { grid: GRID, zones });
});

const valid = () => [...Array(cells).keys()].filter((i) => planes.demand[i] !== NODATA);
const total = (plane: ArrayLike<number>, zone: string) =>
  sum(
    valid()
      .filter((i) => isIn(i, zone))
      .map((i) => plane[i]),
  );

test('totals of the region and of zones are the sums of the rasters', () => {
  const rows = rowsOf(told.tables['flow_totals.csv']).filter(({ year }) => year === '2003');
  expect(rows.filter(({ zone }) => zone === 'all').length).toBe(13);
  expect(rows.filter(({ zone }) => zone === 'Z2').length).toBe(10);
  expect([...new Set(rows.map(({ zone }) => zone))]).toEqual(['all', 'Z1', 'Z2', 'Z3', 'outside']);
  for (const { zone, quantity, amount, share, unit } of rows) {
    const source = { ...QUANTITIES, supply: 'supply', demand: 'demand', delivered: 'inflow' }[quantity] ?? '';
    if (quantity === 'mean_distance') continue;
    const expected =
      quantity === 'lost'
        ? 0
        : quantity === 'local'
          ? total(planes.consumption, zone) - total(planes.inflow, zone)
          : total(planes[source], zone);
    expect(Number(amount), `${zone} ${quantity}`).toBe(expected);
    const whole = ['inflow', 'unmet', 'before', 'after', 'demand'].includes(quantity) ? planes.demand : planes.supply;
    expect(share === '' ? Number.NaN : Number(share)).toBe(expected / total(whole, zone));
    expect(unit).toBe('m3');
  }
  expect(total(planes.spill, 'all')).toBeGreaterThan(0);
  expect(total(planes.inflow, 'all')).toBeGreaterThan(100);
});

test('balances, epochs and links are those of the rasters', () => {
  for (const { zone, ...row } of rowsOf(told.tables['balances.csv']).filter(({ year }) => year === '2003'))
    for (const name of ['balance_static', 'balance_semi_static', 'balance_dynamic'])
      expect(Number(row[name]), `${zone} ${name}`).toBe(total(planes[name], zone));
  const epochs = rowsOf(told.tables['flow_epochs.csv']);
  expect(epochs.every(({ year }) => year === '2003')).toBe(true);
  expect(sum(epochs.map(({ delivered }) => Number(delivered)))).toBe(total(planes.inflow, 'all'));
  const links = rowsOf(told.tables['zone_flows.csv']);
  for (const zone of ['Z1', 'Z2', 'Z3', 'outside']) {
    const of = (as: string, side: 'from' | 'to') =>
      sum(
        links.filter((row) => (as === '' || row.as === as) && row[side] === zone).map(({ amount }) => Number(amount)),
      );
    expect(of('', 'from')).toBeCloseTo(total(planes.outflow, zone), 6);
    expect(of('used', 'to')).toBeCloseTo(total(planes.inflow, zone), 6);
    expect(of('spill', 'to')).toBeCloseTo(total(planes.spill, zone), 6);
  }
  expect(links.some(({ from, to, as }) => from !== to && as === 'used')).toBe(true);
});

test('stories say what the tables say', () => {
  const [moved, still] = told.stories;
  expect([moved.year, moved.service, moved.mode, still.epochs, still.meanDistance]).toEqual([
    2003,
    'WY',
    'omnidirectional',
    [],
    undefined,
  ]);
  const rows = rowsOf(told.tables['flow_totals.csv']);
  const inTable = (story: FlowStory, quantity: string) =>
    rows.find((row) => row.year === String(story.year) && row.zone === 'all' && row.quantity === quantity);
  for (const story of told.stories)
    for (const { quantity, amount, share } of story.totals) {
      const row = inTable(story, quantity)!;
      expect([Number(row.amount), row.share === '' ? Number.NaN : Number(row.share)]).toEqual([amount, share]);
    }
  expect(Number(inTable(moved, 'mean_distance')?.amount)).toBe(moved.meanDistance);
  // At least a cell, at most the six kilometres it may go.
  expect(moved.meanDistance).toBeGreaterThan(500);
  expect(moved.meanDistance).toBeLessThan(6000);
  expect(moved.links?.length).toBe(rowsOf(told.tables['zone_flows.csv']).length);
  expect(still.totals.find(({ quantity }) => quantity === 'delivered')?.amount).toBe(0);
  const [unmet, share] = columnsOfFlows(flows);
  expect(unmet.name).toBe('unmet_WY_2003');
  expect([...unmet.values]).toEqual([1, 2, 3].map((zone) => [zone, total(planes.deficit, `Z${zone}`)]));
  expect(share.values.get(3)).toBe(total(planes.deficit, 'Z3') / total(planes.demand, 'Z3'));
});
