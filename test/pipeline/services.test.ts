/** The nine services on a small sample region, end to end: totals in their units, what is shared, what is scaled, what holds on streams. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NODATA, NODATA_CODE, type Plane } from '../../src/core/cells.ts';
import type { ClassRows } from '../../src/core/values.ts';
import { runModel } from '../../src/engine/run-model.ts';
import { ndr } from '../../src/models/ndr/spec.ts';
import { sdr } from '../../src/models/sdr/spec.ts';
import { buildAnalysis } from '../../src/pipeline/analysis.ts';
import { layerKey } from '../../src/pipeline/layers.ts';
import { type PreparedProject, prepareProject } from '../../src/pipeline/prepare.ts';
import { gridReader } from '../../src/pipeline/readers.ts';
import { type ProjectRun, runProject } from '../../src/pipeline/run-project.ts';
import { SAMPLE_SERVICES } from '../../src/pipeline/sample-text.ts';
import { cpuForTests } from '../support/executors.ts';
import { openProject, platform, readPlane, sampleWith } from '../support/project.ts';

const CELL_HA = 1600; // cells of 4 km
const YEARS = [2003, 2013, 2023];

let dir: string;
let prepared: PreparedProject;
let run: ProjectRun;

sampleWith(SAMPLE_SERVICES, async (folder) => {
  dir = folder;
  const file = openProject(dir);
  prepared = await prepareProject(file, platform);
  run = await runProject(file, platform, { device: 'cpu', out: join(dir, 'out'), memory: 1e9 });
});

function total(service: string, quantity: string, year = 2023) {
  const row = run.totals.find((each) => each.service === service && each.quantity === quantity && each.year === year);
  return row ?? expect.unreachable(`no total of ${service} ${quantity} ${year}`);
}

/** A layer as the models see it. */
async function layer(
  name: string,
  year: number,
  unit: string,
  kind: 'classes' | 'density' = 'density',
): Promise<Plane> {
  const { width, height } = prepared.grid;
  const bound = prepared.layers.get(layerKey(name, year, { kind, unit }))!;
  return gridReader(bound, platform.pool, prepared.mask).read({ x: 0, y: 0, width, height });
}

const output = (id: string) => readPlane(join(dir, 'out', `${id}.tif`));

function rows(model: string): ClassRows {
  const key = [...prepared.tables.keys()].find((each) => each.startsWith(`${model}/biophysical`))!;
  return prepared.tables.get(key)!;
}

describe('totals', () => {
  test('all nine, each in its unit, every year', () => {
    const units = Object.fromEntries(run.totals.map(({ service, unit, quantity }) => [`${service} ${quantity}`, unit]));
    expect(SAMPLE_SERVICES.map((code) => `${code} ${units[`${code} supply`]} ${units[`${code} demand`]}`)).toEqual([
      'WY m3/yr m3/yr',
      'CS tC tC',
      'BC 1 1',
      'SR t/yr t/yr',
      'NP kg/yr kg/yr',
      'PP kg/yr kg/yr',
      'HTR degC degC',
      'FP t/yr t/yr',
      'TC 1 1',
    ]);
    for (const code of SAMPLE_SERVICES)
      for (const year of YEARS)
        expect(total(code, 'balance_static', year).cells, `${code} ${year}`).toBeGreaterThan(2300);
    expect(total('composite', 'supply').cells).toBeGreaterThan(2300);
  });

  test('food: what the statistics say, and 0.4 t for everyone', async () => {
    for (const year of YEARS) {
      const lines = readFileSync(join(dir, `data/food_${year}.csv`), 'utf8')
        .trim()
        .split('\n')
        .slice(1);
      const said = lines.reduce((sum, line) => sum + Number(line.split(',')[2]), 0);
      expect(Math.abs(total('FP', 'supply', year).sum / said - 1)).toBeLessThan(1e-6);
      const people = (await layer('population', year, 'people/km2')).filter((each) => each !== NODATA);
      const eaten = people.reduce((sum, density) => sum + density * 16 * 0.4, 0);
      expect(Math.abs(total('FP', 'demand', year).sum / eaten - 1)).toBeLessThan(1e-6);
    }
    expect(total('FP', 'supply', 2003).sum).not.toBe(total('FP', 'supply', 2013).sum);
  });

  test('cooling: up to the largest heat island; heat counted by the densest cell of all years', async () => {
    expect(total('HTR', 'supply').max).toBeLessThanOrEqual(3);
    expect(total('HTR', 'supply').max).toBeGreaterThan(1.5);
    const planes = await Promise.all(YEARS.map((year) => layer('population', year, 'people/km2')));
    const densest = Math.max(...planes.flatMap((plane) => [...plane].filter((each) => each !== NODATA)));
    const [heat, warmth] = [await output('2003/HTR/demand'), await layer('temperature', 2003, 'degC')];
    let checked = 0;
    for (let i = 0; i < heat.length; i++) {
      if (heat[i] === NODATA) continue;
      expect(heat[i]).toBeCloseTo((Math.max(0, warmth[i] - 26) * planes[0][i]) / densest, 4);
      checked++;
    }
    expect(checked).toBeGreaterThan(2300);
  });
});

describe('scaled over all years', () => {
  test.each(['BC', 'TC'])('demand of %s: 0 and 1 are met once in all years together', (code) => {
    const all = YEARS.map((year) => total(code, 'demand', year));
    expect(Math.min(...all.map(({ min }) => min))).toBe(0);
    expect(Math.max(...all.map(({ max }) => max))).toBe(1);
    expect(Math.min(...all.map(({ max }) => max))).toBeLessThan(0.999);
  });

  test('demand for habitat grows with towns; its quality stays between 0 and 1', () => {
    expect(total('BC', 'demand', 2023).sum).toBeGreaterThan(total('BC', 'demand', 2003).sum);
    expect(total('BC', 'supply').max).toBeLessThanOrEqual(1);
    expect(total('TC', 'supply').max).toBeLessThanOrEqual(1);
    expect(total('BC', 'supply').min).toBe(0);
  });
});

describe('streams', () => {
  test('soil: 0 on streams, where the model itself has nothing; RKLS − USLE and USLE of the cell elsewhere', async () => {
    const inputs = {
      dem: await layer('dem', 2003, 'm'),
      erosivity: await layer('erosivity', 2003, 'MJ mm/(ha h yr)'),
      erodibility: await layer('erodibility', 2003, 't ha h/(ha MJ mm)'),
      lulc: await layer('lulc', 2003, '1', 'classes'),
    };
    const { planes } = await runModel(
      sdr,
      {
        grid: prepared.grid,
        inputs,
        tables: { biophysical: rows('sdr') },
        params: { threshold_flow_accumulation: 8 },
        outputs: ['stream', 'rkls', 'usle'],
      },
      { executor: cpuForTests(), pool: platform.pool },
    );
    const [supply, demand] = [await output('2003/SR/supply'), await output('2003/SR/demand')];
    let streams = 0;
    let land = 0;
    for (let i = 0; i < supply.length; i++) {
      if (planes.stream[i] === 1) {
        expect([supply[i], demand[i], planes.rkls[i]]).toEqual([0, 0, NODATA]);
        streams++;
      } else if (planes.rkls[i] !== NODATA) {
        const kept = (planes.rkls[i] - planes.usle[i]) * CELL_HA;
        expect(Math.abs(supply[i] - kept)).toBeLessThanOrEqual(1e-5 * kept + 1e-3 * CELL_HA);
        expect(Math.abs(demand[i] - planes.usle[i] * CELL_HA)).toBeLessThanOrEqual(1e-5 * demand[i] + 1e-3);
        land++;
      } else expect([supply[i], demand[i]]).toEqual([NODATA, NODATA]);
    }
    expect(streams).toBeGreaterThan(50);
    expect(land).toBeGreaterThan(1800);
  });

  test.each([
    ['NP', 'n_total_export', 'modified_load_n', 1e-3],
    ['PP', 'p_surface_export', 'modified_load_p', 2e-4],
  ] as const)(
    '%s: load less export, load above what the water may carry, and 0 on streams',
    async (code, exported, load, c_max) => {
      const inputs = {
        dem: await layer('dem', 2013, 'm'),
        lulc: await layer('lulc', 2013, '1', 'classes'),
        runoff_proxy: await layer('precipitation', 2013, 'any'),
      };
      const { planes } = await runModel(
        ndr,
        {
          grid: prepared.grid,
          inputs,
          tables: { biophysical: rows('ndr') },
          params: { threshold_flow_accumulation: 8 },
          outputs: ['stream', exported, load],
        },
        { executor: cpuForTests(), pool: platform.pool },
      );
      const [supply, demand] = [await output(`2013/${code}/supply`), await output(`2013/${code}/demand`)];
      const water = await output('2013/WY/supply'); // m³ per cell
      let [streams, land, needy] = [0, 0, 0];
      for (let i = 0; i < supply.length; i++) {
        if (planes.stream[i] === 1) {
          expect([supply[i], demand[i]]).toEqual([0, 0]);
          streams++;
          continue;
        }
        if (planes[exported][i] === NODATA || planes.stream[i] === NODATA_CODE) {
          expect(supply[i]).toBe(NODATA);
          continue;
        }
        const kept = (planes[load][i] - planes[exported][i]) * CELL_HA;
        expect(Math.abs(supply[i] - kept)).toBeLessThanOrEqual(1e-5 * planes[load][i] * CELL_HA);
        if (water[i] === NODATA) expect(demand[i]).toBe(NODATA);
        else {
          const much = Math.max(0, planes[load][i] * CELL_HA - c_max * water[i]);
          expect(Math.abs(demand[i] - much)).toBeLessThanOrEqual(1e-5 * planes[load][i] * CELL_HA);
          if (much > 0) needy++;
        }
        land++;
      }
      expect(streams).toBeGreaterThan(50);
      expect(land).toBeGreaterThan(1800);
      expect(needy).toBeGreaterThan(500);
    },
  );
});

describe('the graph', () => {
  test('a model that several sides use runs once a year, what is the same in all years once at all', () => {
    const { graph } = buildAnalysis(prepared);
    const runs = (model: string, entry: string) =>
      graph.nodes.filter(
        (node) =>
          node.kind !== 'merge' && node.model === model && ('entry' in node ? node.entry : node.solver) === entry,
      );
    expect(runs('sdr', 'fill_depressions')).toHaveLength(3);
    expect(runs('ndr', 'fill_depressions')).toHaveLength(1); // its terrain is not masked by what differs by year
    expect(runs('ndr', 'load_nitrogen')).toHaveLength(3);
    expect(runs('annual_water_yield', 'water_yield')).toHaveLength(3);
    expect(runs('attraction_density', 'convolve')).toHaveLength(1);
    expect(runs('habitat_quality', 'rate_habitat')).toHaveLength(3);
  });
});
