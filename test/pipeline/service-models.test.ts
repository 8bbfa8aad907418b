/** Services as they stand in a project file: which models they mean, what feeds those, and with which parameters. */
import { describe, expect, test } from 'vitest';
import { readProject } from '../../src/pipeline/project-file.ts';
import { partsOf, prepareService } from '../../src/pipeline/service-models.ts';

const HEAD = `name: test
grid: { like: lulc.tif }
years: [2003, 2013]
layers: { lulc: lulc.tif }
services:
`;
const fileOf = (services: string) => readProject('p.yaml', HEAD + services.replace(/^\n/, ''));
const prepare = (services: string, code: string) => prepareService(fileOf(services), code);
const complaint = (services: string, code: string): string => {
  try {
    prepare(services, code);
  } catch (error) {
    return (error as Error).message;
  }
  return expect.unreachable('it should have failed');
};
const words = (side: Parameters<typeof partsOf>[0]) =>
  partsOf(side).map(({ model, output }) => `${model!.id} ${output}`);

const SR = '  SR: { supply: { model: sdr, threshold_flow_accumulation: 250, sdr_max: 0.7 }, demand: { model: sdr } }\n';
const NP = `
  NP:
    supply: { model: ndr, threshold_flow_accumulation: 99 }
    demand: { model: nutrient_demand, c_max: 1 g/m3 }
`;
const WY = `
  WY:
    inputs: { precipitation: rain }
    supply: { model: annual_water_yield, seasonality_constant: 12 }
    demand: { model: per_capita, amount: 350 m3/yr }
`;

describe('what a model means on a side', () => {
  test('sdr: retention and erosion of one run, with what is said once', () => {
    const { supply, demand, unit, flow } = prepare(SR, 'SR');
    expect([unit, flow]).toEqual(['t/yr', 'directional']);
    expect(words(supply)).toEqual(['sdr soil_retention']);
    expect(words(demand)).toEqual(['sdr soil_erosion']);
    expect(supply.outputUnit).toBe('t/(ha yr)');
    expect(demand.params).toEqual(supply.params);
    expect(supply.params).toEqual({ threshold_flow_accumulation: 250, sdr_max: 0.7 });
  });

  test('ndr: the nutrient of the service; its load and the water yield feed the demand', () => {
    const { supply, demand } = prepare(NP + WY, 'NP');
    expect(words(supply)).toEqual(['ndr n_retention']);
    expect(words(demand)).toEqual(['ndr n_load', 'annual_water_yield wyield', 'nutrient_demand demand']);
    expect(demand.params).toEqual({ nutrient: 0, c_max: 1e-3 });
    const [ndr, water] = partsOf(demand);
    expect(ndr.params).toEqual(supply.params);
    // Phosphorus is in no service: neither computed nor asked of the table.
    expect(ndr.params).toEqual({ threshold_flow_accumulation: 99, calc_n: 1, calc_p: 0 });
    // The yield of the demand is that of the water service: its parameters and its layers.
    expect(water.params).toEqual({ seasonality_constant: 12 });
    expect(water.inputs.precipitation.layer).toBe('rain');
  });

  test('PP is about phosphorus; a service of another name has to say', () => {
    expect(words(prepare(NP.replace('NP', 'PP') + WY, 'PP').supply)).toEqual(['ndr p_retention']);
    expect(prepare(NP.replace('NP', 'PP') + WY, 'PP').demand.params.nutrient).toBe(1);
    const other = NP.replace('  NP:', '  rivers:\n    unit: kg/yr');
    expect(complaint(other + WY, 'rivers')).toContain('ndr has to know for which nutrient');
    const said = other.replace('model: ndr', 'model: ndr, nutrient: p');
    expect(words(prepare(said + WY, 'rivers').demand)[0]).toBe('ndr p_load');
    expect(complaint(other.replace('model: ndr', 'model: ndr, nutrient: k') + WY, 'rivers')).toMatch(
      /line \d+, column \d+: nutrient is none of its choices \(found k, expected n or p\)/,
    );
  });

  test('urban_cooling cools by degrees; recreation is fed by the density of attractions', () => {
    const HTR = '  HTR: { supply: { model: urban_cooling, uhi_max: 3 degC }, demand: { model: heat_demand } }\n';
    const { supply, demand, unit } = prepare(HTR, 'HTR');
    expect(unit).toBe('degC');
    expect(words(supply)).toEqual(['urban_cooling hm', 'cooling cooling']);
    expect(supply.params).toEqual({ uhi_max: 3 });
    expect(words(demand)).toEqual(['heat_demand demand']);
    expect(complaint(HTR.replace(', uhi_max: 3 degC', ''), 'HTR')).toContain("cooling needs 'uhi_max'");
    const TC = '  TC: { supply: { model: recreation, bandwidth: 9 km }, demand: { model: per_capita, amount: 1 } }\n';
    const recreation = prepare(TC, 'TC');
    expect(words(recreation.supply)).toEqual(['attraction_density density', 'recreation recreation']);
    expect(partsOf(recreation.supply)[0].params).toEqual({ bandwidth: 9000 });
    expect([recreation.supply.normalised, recreation.demand.normalised]).toEqual([false, true]);
  });

  test('a layer may take the place of what a model would make', () => {
    const TC = `
  TC:
    inputs: { density: my_density }
    supply: { model: recreation }
    demand: { model: per_capita, amount: 1 }
`;
    const { supply } = prepare(TC, 'TC');
    expect(words(supply)).toEqual(['recreation recreation']);
    expect(supply.inputs.density.layer).toBe('my_density');
    expect(complaint(TC.replace('recreation }', 'recreation, bandwidth: 9 km }'), 'TC')).toContain(
      "recreation has no parameter 'bandwidth'",
    );
  });

  test('a load of its own asks for no nutrient', () => {
    const own = `
  rivers:
    unit: kg/yr
    inputs: { nutrient_load: loads, water_yield: water }
    supply: { layer: kept, unit: kg/yr }
    demand: { model: nutrient_demand, c_max: 2 mg/l }
`;
    const { demand } = prepare(own, 'rivers');
    expect(words(demand)).toEqual(['nutrient_demand demand']);
    expect(demand.params.c_max).toBeCloseTo(2e-3, 12);
  });

  test('carbon that is sequestered in a year, against what is emitted in it', () => {
    const CS = `
  CS:
    unit: tC/yr
    supply: { model: net_ecosystem_production }
    demand: { model: per_capita, amount: 7 tCO2/yr }
`;
    const { supply, demand } = prepare(CS, 'CS');
    expect([words(supply), supply.outputUnit]).toEqual([['net_ecosystem_production nep'], 'tC/(ha yr)']);
    expect(demand.params.amount).toBeCloseTo((7 * 12) / 44, 12);
    const change = prepare(CS.replace('net_ecosystem_production', 'carbon_change, years: 10 yr'), 'CS');
    expect(change.supply.params).toEqual({ years: 10 });
    const stock = complaint(CS.replace('    unit: tC/yr\n', ''), 'CS');
    expect(stock).toMatch(/line 7, column \d+: an amount in 'tC\/\(ha yr\)' cannot be counted in 'tC' per cell/);
    expect(stock).toContain('Say over what time a stock is compared');
  });

  test('another output by name', () => {
    const avoided = SR.replace('model: sdr,', 'model: sdr, output: avoided_export,');
    expect(words(prepare(avoided, 'SR').supply)).toEqual(['sdr avoided_export']);
    expect(complaint(SR.replace('model: sdr,', 'model: sdr, output: avoided_exprt,'), 'SR')).toContain(
      "sdr has no output 'avoided_exprt' that is a quantity",
    );
    expect(complaint(SR.replace('model: sdr,', 'model: sdr, output: stream,'), 'SR')).toContain('no output');
  });
});

describe('mistakes', () => {
  test('a parameter that no model of the chain has', () => {
    expect(complaint(SR.replace('sdr_max', 'sdr_mx'), 'SR')).toMatch(
      /line 6, column \d+: sdr has no parameter 'sdr_mx'.*Write 'sdr_max'/,
    );
    expect(complaint(NP.replace('c_max', 'cmax') + WY, 'NP')).toContain("nutrient_demand has no parameter 'cmax'");
    expect(complaint(NP.replace('c_max', 'cmax') + WY, 'NP')).not.toContain('needs');
  });

  test('what nobody says and has no default', () => {
    expect(complaint(NP.replace(', c_max: 1 g/m3', '') + WY, 'NP')).toContain("nutrient_demand needs 'c_max'");
  });

  test('a demand as supply', () => {
    const wrong = '  HTR: { supply: { model: heat_demand }, demand: { model: heat_demand } }\n';
    expect(complaint(wrong, 'HTR')).toContain("model 'heat_demand' is no supply of a service, only its demand");
  });

  test('a model that is none, with those that are', () => {
    const message = complaint(SR.replace('model: sdr,', 'model: sdrr,'), 'SR');
    expect(message).toContain("there is no model 'sdrr'");
    expect(message).toMatch(/one of .*sdr.*habitat_quality/);
    expect(message).toContain("Write 'sdr'");
  });

  test('units that do not fit', () => {
    const service = prepare(SR.replace('SR: {', 'SR: { unit: kg/yr,'), 'SR');
    expect(service.unit).toBe('kg/yr');
    expect(complaint('  BC: { unit: t, supply: { layer: a }, demand: { layer: b, unit: t } }\n', 'BC')).toMatch(
      /the demand of service 'BC' is normalised, which leaves no unit \(found t, expected 1\)/,
    );
  });

  test('normalise: of the service, of a side, and nothing else', () => {
    const layers = (extra: string) => `  X: { unit: '1', ${extra} supply: { layer: a }, demand: { layer: b } }\n`;
    const of = (extra: string) => {
      const { supply, demand } = prepare(layers(extra), 'X');
      return [supply.normalised, demand.normalised];
    };
    expect(of('')).toEqual([false, false]);
    expect(of('normalise: minmax,')).toEqual([true, true]);
    const one = layers('normalise: minmax,').replace('layer: b', 'layer: b, normalise: none');
    expect(prepare(one, 'X').demand.normalised).toBe(false);
    const wrong = '  TC: { supply: { model: recreation, normalise: zscore }, demand: { layer: b } }\n';
    expect(complaint(wrong, 'TC')).toContain(
      'there is no such way to normalise (found "zscore", expected minmax or none)',
    );
  });
});
