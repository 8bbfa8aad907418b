/** The whole chain of a project on a small sample region: flow, risk, hot spots and bundles from its own files, held against each other. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { openRaster } from '../../src/io/raster.ts';
import { parseCsv } from '../../src/io/tables/csv.ts';
import { CLASSES, STATE_OF } from '../../src/models/risk/classes.ts';
import { runBundles } from '../../src/pipeline/bundles/run-bundles.ts';
import { prepareProject } from '../../src/pipeline/prepare.ts';
import { readProject } from '../../src/pipeline/project-file.ts';
import { type ProjectRun, runProject } from '../../src/pipeline/run-project.ts';
import { readStages } from '../../src/pipeline/steps/stages.ts';
import { openProject, platform, readPlane, SIZE, sampleWith } from '../support/project.ts';

const SERVICES = ['WY', 'CS', 'SR'] as const;
const YEARS = [2003, 2013, 2023];
let dir: string;
let run: ProjectRun;
const said: string[] = [];

sampleWith(
  SERVICES,
  async (folder) => {
    dir = folder;
    const log = (line: string) => said.push(line);
    run = await runProject(openProject(dir), platform, { device: 'cpu', out: join(dir, 'out'), memory: 1e9, log });
  },
  { steps: true },
);

const plane = (id: string, out = 'out') => readPlane(join(dir, out, `${id}.tif`));

function table(name: string): Record<string, string>[] {
  const { columns, rows } = parseCsv(name, readFileSync(join(dir, 'out/tables', name)));
  return rows.map(({ cells }) => Object.fromEntries(columns.map((column, i) => [column, cells[i]])));
}

/** Of a signed class raster, NaN for nodata. */
async function codesOf(id: string): Promise<number[]> {
  const raster = await openRaster(await platform.openSource(join(dir, 'out', `${id}.tif`)));
  try {
    expect(raster.info.sampleType).toBe('i8');
    const { samples } = await raster.readSamples({ x: 0, y: 0, width: SIZE, height: SIZE }, {});
    return Array.from(samples, (value) => (Number(value) === raster.info.nodata ? Number.NaN : Number(value)));
  } finally {
    await raster.close();
  }
}

const sum = (values: Iterable<number>) => [...values].reduce((all, value) => all + value, 0);
const valid = (values: Float32Array) => [...values].filter((value) => value !== NODATA);
const largest = (...planes: Float32Array[]) => Math.max(...planes.map((values) => Math.max(...valid(values))));

describe('flow', () => {
  test('every cell balances, in every service and year', async () => {
    for (const code of SERVICES)
      for (const year of YEARS) {
        const of = (name: string) => plane(`${year}/${code}/${name}`);
        const [supply, demand, consumption] = [await of('supply'), await of('demand'), await of('consumption')];
        const [inflow, outflow, residual] = [await of('inflow'), await of('outflow'), await of('residual')];
        const [deficit, net, dynamic] = [await of('deficit'), await of('net'), await of('balance_dynamic')];
        // Amounts are whole quanta, the largest of 24 bits, and float32 on top.
        const quantum = 2 ** (Math.floor(Math.log2(largest(supply, demand))) - 23);
        let worst = 0;
        for (const [i, received] of inflow.entries()) {
          if (received === NODATA) continue;
          const differences = [
            consumption[i] + deficit[i] - demand[i],
            consumption[i] - received + outflow[i] + residual[i] - supply[i],
            net[i] - (supply[i] - demand[i] + received),
            dynamic[i] - (supply[i] - demand[i] - outflow[i] + received),
          ].map(Math.abs);
          worst = Math.max(worst, ...differences.map((d) => d / (quantum + 1e-6 * Math.max(supply[i], received))));
        }
        expect(worst, `${code} ${year}`).toBeLessThan(4);
        expect(sum(valid(inflow)), `${code} ${year}`).toBeGreaterThan(0);
      }
  });

  test('tables say what the maps hold, in total and by zone', async () => {
    const rows = table('flow_totals.csv').filter(({ service, year }) => service === 'CS' && year === '2023');
    const amount = (quantity: string, zone = 'all') =>
      Number(rows.find((row) => row.quantity === quantity && row.zone === zone)?.amount);
    const left = sum(valid(await plane('2023/CS/residual')));
    expect(left).toBeGreaterThan(0);
    expect(amount('residual') / left).toBeCloseTo(1, 5);
    const zones = [...new Set(rows.map(({ zone }) => zone))].filter((zone) => zone !== 'all');
    expect(zones.length).toBeGreaterThan(3);
    expect(sum(zones.map((zone) => amount('residual', zone))) / left).toBeCloseTo(1, 5);
    const links = table('zone_flows.csv').filter(({ service, year, as }) => {
      return service === 'CS' && year === '2023' && as === 'used';
    });
    expect(sum(links.map((row) => Number(row.amount))) / amount('delivered')).toBeCloseTo(1, 9);
    expect(zones).toEqual(expect.arrayContaining([links[0].from]));
  });
});

describe('risk', () => {
  test('classes follow from the maps of both years', async () => {
    for (const code of SERVICES) {
      const [first, last] = [2003, 2023].map((year) => (name: string) => plane(`${year}/${code}/${name}`));
      const [s1, s2, d1, d2] = [
        await first('supply'),
        await last('supply'),
        await first('demand'),
        await last('demand'),
      ];
      const [n1, n2, found] = [await first('net'), await last('net'), await codesOf(`risk/${code}`)];
      const all = await Promise.all(
        YEARS.flatMap((year) => [plane(`${year}/${code}/supply`), plane(`${year}/${code}/demand`)]),
      );
      const zero = Math.fround(Math.fround(1e-6) * largest(...all));
      const seen = new Set<number>();
      for (const [i, risk] of found.entries()) {
        const values = [s1[i], s2[i], d1[i], d2[i], n1[i], n2[i]];
        expect(Number.isNaN(risk)).toBe(values.includes(NODATA));
        if (Number.isNaN(risk)) continue;
        const state = n2[i] < -zero ? 'deficit' : n2[i] > zero ? 'surplus' : 'balance';
        const falls = Math.fround(s2[i] - s1[i]) < -zero;
        const eases = Math.fround(d2[i] - d1[i]) < -zero;
        const half = Math.fround(n2[i] - n1[i]) < -zero ? 0 : 1;
        if (CLASSES[state][half][falls === eases ? 1 : falls ? 0 : 2] !== risk)
          expect.unreachable(`${code}, cell ${i}: ${risk}, ${values.join(' ')}`);
        seen.add(risk);
      }
      expect(seen.size).toBeGreaterThan(2);
      const rows = table('risk.csv').filter(({ service, zone, from, to }) => {
        return service === code && zone === 'all' && from === '2003' && to === '2023';
      });
      expect(rows.map((row) => [Number(row.class), Number(row.cells)])).toEqual(
        [...STATE_OF.keys()]
          .sort((a, b) => a - b)
          .map((number) => [number, found.filter((risk) => risk === number).length])
          .filter(([, cells]) => cells > 0),
      );
    }
  });

  test('transitions between periods add up to the cells of both', async () => {
    const [before, after] = [await codesOf('risk/2003-2013/WY'), await codesOf('risk/2013-2023/WY')];
    const both = before.filter((risk, i) => !Number.isNaN(risk) && !Number.isNaN(after[i])).length;
    const rows = table('risk_transitions.csv').filter(({ service }) => service === 'WY');
    expect(sum(rows.map(({ cells }) => Number(cells)))).toBe(both);
    const row = rows[0];
    const same = before.filter((risk, i) => risk === Number(row.from_class) && after[i] === Number(row.to_class));
    expect(same.length).toBe(Number(row.cells));
  });
});

describe('hot spots and bundles', () => {
  test('hot spots of each composite and year, counted', async () => {
    const rows = table('hotspots.csv');
    expect(new Set(rows.map(({ year, of }) => `${year} ${of}`)).size).toBe(9);
    const bins = await codesOf('hotspots/2013/demand/bin_fdr');
    for (const { year, of, bin, cells } of rows)
      if (year === '2013' && of === 'demand')
        expect(bins.filter((value) => value === Number(bin)).length, bin).toBe(Number(cells));
    expect(bins.some((bin) => bin > 0)).toBe(true);
  });

  test('bundles of the risk of all services', () => {
    const rows = table('bundles_by_zone.csv').filter(({ zone }) => zone === 'all');
    const [first] = table('bundles_profile.csv');
    expect(Object.keys(first)).toEqual(expect.arrayContaining(SERVICES.map((code) => code.toLowerCase())));
    expect(sum(rows.map(({ share }) => Number(share)))).toBeCloseTo(1, 9);
    expect(table('bundles_quality.csv').length).toBe(29);
    expect(run.outputs.map(({ id }) => id)).toContain('bundles/bundle');
  });

  test('the area of land cover and of roles, class by class', async () => {
    const rows = table('class_areas.csv');
    expect(new Set(rows.map(({ service, quantity }) => `${service} ${quantity}`))).toEqual(
      new Set(['land_cover lulc', ...SERVICES.map((code) => `${code} role`)]),
    );
    const own = rows.filter(({ year, service }) => year === '2013' && service === 'CS');
    const roles = [...(await plane('2013/CS/role'))].filter((role) => role < 5);
    for (const row of own) expect(roles.filter((role) => role === Number(row.class)).length).toBe(Number(row.cells));
    expect(sum(own.map(({ cells }) => Number(cells)))).toBe(roles.length);
    expect(own.map(({ name }) => name)).toContain('demander');
    expect(Number(own[0].area_km2)).toBe(Number(own[0].cells) * 16);
    expect(sum(own.map(({ share }) => Number(share)))).toBeCloseTo(1, 12);
  });

  test('the report has a section for each step, and zones have their numbers', () => {
    const report = readFileSync(join(dir, 'out/report.html'), 'utf8');
    for (const id of ['flow', 'risk', 'hotspots', 'bundles'])
      expect(report).toContain(`<section class="part" id="${id}">`);
    const rows = table('zones.csv').filter(({ service, quantity, year }) => {
      return service === 'WY' && quantity === 'supply' && year === '2003';
    });
    const total = table('totals.csv').find(({ service, quantity, year }) => {
      return service === 'WY' && quantity === 'supply' && year === '2003';
    });
    expect(sum(rows.map((row) => Number(row.sum))) / Number(total!.sum)).toBeCloseTo(1, 6);
  });
});

test('the process bundles takes the classes of risk for what they are', async () => {
  const out = join(dir, 'again');
  const features = SERVICES.map((code) => join(dir, 'out/risk', `${code}.tif`));
  await runBundles({ features, out }, platform, { device: 'cpu', memory: 1e9 });
  const { columns, rows } = parseCsv('priorities', readFileSync(join(out, 'priorities.csv')));
  const means = rows.map(({ cells }) => cells[columns.indexOf('mean')]);
  expect(means).toEqual(table('bundles_priorities.csv').map(({ mean }) => mean));
  const first = means.slice(0, SERVICES.length).map(Number);
  expect(first).toEqual([...first].sort((a, b) => a - b));
});

test('a distance below a cell, and settings that say nothing, are warned of', async () => {
  const path = join(dir, 'project.yaml');
  const text = readFileSync(path, 'utf8')
    .replace('50 km', '10 m')
    .replace(/radius: [^,]*, /, 'shape: rook, radius: 9 km, ');
  const { findings } = await prepareProject(readProject(path, text), platform);
  expect(findings.filter(({ level }) => level === 'warning').map(({ about, what }) => `${about}: ${what}`)).toEqual([
    'flow of CS: max_distance 10 m is less than a cell (4000 m): it becomes one cell',
    'hotspots: radius has no effect with shape rook',
  ]);
});

test('some stages only: the same bytes, and nothing else', async () => {
  const out = join(dir, 'some');
  const only = readStages('flow,bundles');
  const some = await runProject(openProject(dir), platform, { device: 'cpu', out, memory: 1e9, only });
  const ids = some.outputs.map(({ id }) => id);
  expect(ids.filter((id) => !/(flow|^risk\/\w+$|bundles|\d\/(WY|CS|SR)\/)/.test(id))).toEqual([]);
  expect(ids).not.toContain('2003/WY/supply');
  for (const id of ['2023/SR/net', 'bundles/bundle', 'risk/WY'])
    expect(readFileSync(join(out, `${id}.tif`)).equals(readFileSync(join(dir, 'out', `${id}.tif`))), id).toBe(true);
}, 120_000);

test('other tiles, the same bytes', async () => {
  const out = join(dir, 'tiles');
  await runProject(openProject(dir), platform, { device: 'cpu', out, memory: 1e9, tile: 32 });
  for (const { id } of run.outputs)
    expect(readFileSync(join(out, `${id}.tif`)).equals(readFileSync(join(dir, 'out', `${id}.tif`))), id).toBe(true);
}, 120_000);

describe('settings that cannot be', () => {
  const cases: readonly (readonly [from: string | RegExp, to: string, message: RegExp])[] = [
    [/^risk: .*$/m, 'risk: { from: 2004 }', /line \d+, column \d+.*the project has no year 2004/],
    [/^risk: .*$/m, 'risk: { from: 2023, to: 2003 }', /does not run forward.*from: 2003 and to: 2023/s],
    [/^years: .*$/m, 'years: [2003]', /risk needs two years/],
    [/^years: .*$/m, 'years: [2013, 2003, 2023]', /the years are out of order/],
    [/^hotspots: .*$/m, 'hotspots: { of: supply }', /a disc needs a radius/],
    [/^hotspots: .*$/m, 'hotspots: { radius: 5 kg }', /line \d+, column 21: 'kg' cannot be converted to 'm'/],
    [
      /^hotspots: .*$/m,
      'hotspots: { radius: 100 m }',
      /line \d+, column 21: the radius reaches no cell.*found 100 m, expected at least 4000 m/,
    ],
    [/^hotspots: .*$/m, 'hotspots: { of: [suply], radius: 5 km }', /hotspots\.of/],
    [/^bundles: .*$/m, 'bundles: { of: net, year: 2004 }', /the project has no year 2004/],
    [/^bundles: .*$/m, 'bundles: { of: risk, nodes: 30..2 }', /line \d+, column 29: nodes is no number of bundles/],
    [
      /^bundles: .*$/m,
      'bundles: { epochs: 0, two_stage: true }',
      /column 10: two stages need.*Give rows and columns(.|\n)*column 20: epochs is no whole number/,
    ],
    [/^bundles: .*$/m, 'bundles: { rows: 80, columns: 80 }', /6400 nodes on 64 × 64 cells/],
    [/max_distance: 50 km/, 'max_distance: -1', /max_distance.*out of range/],
    [
      '    flow: directional\n',
      '    flow: { mode: directional, max_distance: 3 km }\n',
      /says nothing of a flow that is directional/,
    ],
    [/^ {2}dem: .*\n/m, '', /there is no layer 'dem'/],
    [/, id: code/, ', id: cod', /there is no column 'cod'/],
    [/^zones: .*$/m, 'zones: { file: data/none.geojson }', /none\.geojson/],
  ];
  test.each(cases)('%s: %s', async (from, to, message) => {
    const path = join(dir, 'project.yaml');
    const text = readFileSync(path, 'utf8');
    expect(text.replace(from, to)).not.toBe(text);
    const out = join(dir, 'never');
    const attempt = async () => {
      const file = readProject(path, text.replace(from, to));
      await runProject(file, platform, { device: 'cpu', out });
    };
    await expect(attempt()).rejects.toThrow(message);
  });

  test('stages that are none, or that the project has not', async () => {
    expect(() => readStages('flow,rsk')).toThrow(/'rsk'.*Write risk/s);
    const path = join(dir, 'project.yaml');
    const file = readProject(path, readFileSync(path, 'utf8').replace(/^hotspots: .*$/m, ''));
    const only = readStages('hotspots');
    await expect(runProject(file, platform, { device: 'cpu', out: join(dir, 'never'), only })).rejects.toThrow(
      /does not compute 'hotspots'/,
    );
  });
});
