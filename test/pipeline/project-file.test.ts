/** Mistakes in the project file: each is told with line, column, what was found and the fix. */
import { describe, expect, test } from 'vitest';
import { readProject } from '../../src/pipeline/project-file.ts';
import { projectJsonSchema } from '../../src/pipeline/schema.ts';
import { prepareService } from '../../src/pipeline/service-models.ts';

const GOOD = `name: test
grid: { like: data/lulc.tif }
years: [2003, 2013]
layers:
  lulc: data/lulc_{year}.tif
  population: { file: data/pop.tif, unit: people/km2 }
tables: { carbon: data/carbon.csv }
services:
  CS:
    supply: { model: carbon }
    demand: { model: per_capita, amount: 7 tCO2/yr, over: 1 yr }
`;

const messageOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  return expect.unreachable('it should have failed');
};
const complaint = (from: string, to: string) => {
  expect(GOOD).toContain(from);
  return messageOf(() => readProject('p.yaml', GOOD.replace(from, to)));
};
const serviceComplaint = (from: string, to: string) => {
  expect(GOOD).toContain(from);
  return messageOf(() => prepareService(readProject('p.yaml', GOOD.replace(from, to)), 'CS'));
};

describe('the file', () => {
  test('a good one is read, JSON too', () => {
    const { project } = readProject('p.yaml', GOOD);
    expect(project).toMatchObject({ years: [2003, 2013], output: { dir: 'out' } });
    expect(readProject('p.json', JSON.stringify(project)).project).toEqual(project);
  });

  test('no YAML', () => {
    expect(complaint('{ like: data/lulc.tif }', '{ like: data/lulc.tif')).toMatch(
      /^p\.yaml, line \d+, column \d+: this is not YAML/,
    );
  });

  test('an unknown key, with the nearest known one', () => {
    expect(complaint('tables:', 'tabels:')).toContain(
      "p.yaml, line 7, column 1: there is no key 'tabels' (expected one of name, grid, area, years",
    );
    expect(complaint('tables:', 'tabels:')).toContain("Write 'tables'");
  });

  test('an unknown key deep inside', () => {
    const message = complaint('unit: people/km2', 'untis: people/km2');
    expect(message).toContain("there is no key 'layers.population.untis'");
    expect(message).toContain("Write 'unit'");
    expect(message).toContain('line 6, column 37');
  });

  test('a missing key', () => {
    expect(complaint('years: [2003, 2013]\n', '')).toMatch(/years is missing \(expected a array\)|years is missing/);
  });

  test('a value of the wrong kind', () => {
    const message = complaint('[2003, 2013]', '[2003, soon]');
    expect(message).toContain('p.yaml, line 3, column 15: years.1 is not right (found "soon"');
  });

  test('years out of order, and twice', () => {
    expect(complaint('[2003, 2013]', '[2013, 2003]')).toContain(
      'line 3, column 15: the years are out of order (found 2013, 2003)',
    );
    expect(complaint('[2003, 2013]', '[2003, 2003]')).toContain('year 2003 stands there twice');
  });

  test('a section of a later version is refused by name', () => {
    expect(complaint('services:', 'zoning: { gdp_per_capita: gdp }\nservices:')).toContain(
      "'zoning' is not computed by this version of ecoflux. Remove the section 'zoning'",
    );
  });

  test('a grid is judged as the kind that was meant', () => {
    const given = complaint('{ like: data/lulc.tif }', '{ crs: EPSG:32650, resolution: 0, bounds: [1, 2, 3] }');
    expect(given).toContain('grid.resolution is not right (found 0');
    expect(given).toContain('grid.bounds is not right (found [1,2,3]');
    expect(given).not.toContain('grid.like');
    const derived = complaint('{ like: data/lulc.tif }', '{ extent: intersection, cell: smallest }');
    expect(derived).toContain('grid.cell is not right (found "smallest", expected one of coarsest, finest)');
  });

  test('keys of two kinds of grid', () => {
    const message = complaint('{ like: data/lulc.tif }', '{ crs: EPSG:32650, resolution: 20, extent: intersection }');
    expect(message).toContain("'grid.extent' does not go with what stands beside it");
    expect(message).toContain('expected { like } or { crs, resolution, bounds } or { extent, cell, crs }');
    expect(message).not.toContain("there is no key 'grid.extent'");
  });

  test('a mistyped key that is needed', () => {
    expect(complaint('model: carbon', 'modle: carbon')).toContain("Write 'model' instead of 'modle'");
  });

  test('no service at all, and a name that is none', () => {
    expect(
      messageOf(() => readProject('p.yaml', `${GOOD.slice(0, GOOD.indexOf('services:'))}services: {}\n`)),
    ).toContain('at least one service');
    expect(complaint('  CS:', '  2CS:')).toContain('a name of letters, digits and _ that starts with a letter');
  });

  test('all mistakes at once', () => {
    const message = messageOf(() =>
      readProject('p.yaml', GOOD.replace('tables:', 'tabels:').replace('[2003, 2013]', '[2003, soon]')),
    );
    expect(message.split('\n')).toHaveLength(2);
  });
});

test('the JSON Schema knows the keys and their kinds', () => {
  const schema = projectJsonSchema() as {
    properties: Record<string, { type?: string }>;
    required: string[];
    additionalProperties: boolean;
  };
  expect(Object.keys(schema.properties)).toEqual(
    expect.arrayContaining(['name', 'grid', 'years', 'layers', 'services']),
  );
  expect(schema.required).toContain('services');
  expect(schema.properties.years.type).toBe('array');
  expect(schema.additionalProperties).toBe(false);
});

describe('services', () => {
  test('amounts are counted in the unit of the service', () => {
    const { demand, supply } = prepareService(readProject('p.yaml', GOOD), 'CS');
    expect(demand.params.amount).toBeCloseTo((7 * 12) / 44, 12);
    expect(supply.inputs.lulc_bas.layer).toBe('lulc');
  });

  test('impossible units', () => {
    const message = serviceComplaint('7 tCO2/yr', '7 m3/yr');
    expect(message).toContain('p.yaml, line 11');
    expect(message).toContain('measure different things. Give the amount in tC');
  });

  test('a stock against a yearly amount must be said', () => {
    expect(serviceComplaint(', over: 1 yr', '')).toContain("'over: 1 yr'");
  });

  test('what is no unit', () => {
    expect(serviceComplaint('7 tCO2/yr', '7 tonnes')).toContain("'tonnes' is not a unit ecoflux knows");
  });

  test('an unknown model, with the nearest', () => {
    expect(serviceComplaint('model: carbon', 'model: carbn')).toContain(
      "line 10, column 22: there is no model 'carbn' (expected one of",
    );
    expect(serviceComplaint('model: carbon', 'model: carbn')).toContain("Write 'carbon'");
  });

  test('an unknown parameter, and one out of range', () => {
    expect(serviceComplaint('amount: 7', 'amuont: 7')).toContain("per_capita has no parameter 'amuont'");
    expect(serviceComplaint('{ model: carbon }', '{ model: carbon, discount_rate: 5000 }')).toContain(
      'discount_rate is out of range (found 5000, expected -99 to 1000)',
    );
  });

  test('all that is wrong with a service at once', () => {
    const message = serviceComplaint(
      'supply: { model: carbon }\n    demand: { model: per_capita, amount: 7 tCO2/yr',
      'supply: { model: carbon, discount_rate: 5000, rate_change: [1] }\n    demand: { model: per_capita, amuont: 7 apples',
    );
    const lines = message.split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/line 10, column \d+: discount_rate is out of range/);
    expect(lines[1]).toMatch(/line 10, column \d+: rate_change is no number/);
    expect(lines[2]).toMatch(/line 11, column \d+: per_capita has no parameter 'amuont'.*Write 'amount'/);
  });

  test('an input that no model has', () => {
    expect(
      serviceComplaint(
        '    supply: { model: carbon }',
        '    inputs: { lulc_bass: lulc }\n    supply: { model: carbon }',
      ),
    ).toContain("has an input 'lulc_bass' (expected lulc_bas, lulc, lulc_alt, population). Write 'lulc_bas'");
  });

  test('a span of no time', () => {
    expect(serviceComplaint('over: 1 yr', 'over: 0 yr')).toContain("'over' is no span of time (found 0 yr)");
  });

  test('a service that nobody knows needs a unit', () => {
    expect(messageOf(() => prepareService(readProject('p.yaml', GOOD.replace('CS:', 'XX:')), 'XX'))).toContain(
      "service 'XX' has no unit",
    );
  });
});
