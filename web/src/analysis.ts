/**
 * The analysis of the page as one graph: for each year carbon storage and annual water yield (supply), the demand of the people, and
 * the balance of the two; and the totals of all of them, summed where the planes are.
 */
import {
  type CellType,
  type ClassRows,
  classRows,
  type Graph,
  GraphBuilder,
  type Grid,
  MODELS,
  type Model,
  type Plane,
  parseCsv,
} from '../../src/index.ts';

/** One service: which model gives its supply, and how supply and demand come to a common unit. */
export interface Service {
  readonly code: string;
  readonly name: string;
  readonly category: string;
  readonly unit: string;
  readonly supplyModel: string;
  /** Output of the model that is the supply per area, and the amount per m² that one unit of it is. */
  readonly density: string;
  readonly factor: number;
  /** Amount that one person needs in a year. */
  readonly amount: number;
  readonly amountWords: string;
  readonly table: 'biophysical' | 'carbon';
  /** Layer for each input of the model; those of the first list differ between years. */
  readonly inputs: Readonly<Record<string, string>>;
}

export const SERVICES: readonly Service[] = [
  {
    code: 'WY',
    name: 'Water yield',
    category: 'provisioning',
    unit: 'm3/cell/yr',
    supplyModel: 'annual_water_yield',
    density: 'wyield',
    factor: 1e-3, // mm to m³ per m²
    amount: 350,
    amountWords: '350 m³ per person and year',
    table: 'biophysical',
    inputs: { lulc: 'lulc', precipitation: 'precipitation', et0: 'et0', soil_depth: 'soil_depth', pawc: 'pawc' },
  },
  {
    code: 'CS',
    name: 'Carbon sequestration',
    category: 'regulating',
    unit: 'tC/cell',
    supplyModel: 'carbon',
    density: 'c_storage_bas',
    factor: 1e-4, // t/ha to t per m²
    amount: (7 * 12) / 44,
    amountWords: '7 t CO₂ (1.91 t C) per person, the emissions of one year against the stock',
    table: 'carbon',
    inputs: { lulc_bas: 'lulc' },
  },
];

export const QUANTITIES = ['supply', 'demand', 'balance_static'] as const;
export type Quantity = (typeof QUANTITIES)[number];

/** What the analysis needs of a region. */
export interface RegionData {
  readonly grid: Grid;
  readonly years: readonly number[];
  /** By layer, or by layer and year: "dem", "lulc/2003". */
  readonly planes: ReadonlyMap<string, Plane>;
  readonly texts: Readonly<Record<string, string>>;
  readonly classNames: Readonly<Record<number, string>>;
  readonly palette: Readonly<Record<number, readonly [number, number, number]>>;
}

/** Layers that the page takes from the sample region. */
export const LAYERS: ReadonlySet<string> = new Set([
  'lulc',
  'precipitation',
  'population',
  'et0',
  'soil_depth',
  'pawc',
  'dem', // of flow down the slope
]);

/** One model of the graph, so that each can be judged by its reference on its own inputs. */
export interface ModelStep {
  readonly year: number;
  readonly service: string;
  /** supply per area, supply, demand or balance_static. */
  readonly step: string;
  readonly model: Model;
  /** Field for each input, and for each output that was asked for. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly tables: Readonly<Record<string, ClassRows>>;
  readonly params: Readonly<Record<string, number>>;
}

export interface Analysis {
  readonly graph: Graph;
  readonly steps: readonly ModelStep[];
  /** Plane of each field that comes from the region. */
  readonly sources: ReadonlyMap<string, Plane>;
}

/** Field of a quantity: "2003/WY/supply". */
export function fieldOf(year: number, service: string, quantity: Quantity): string {
  return `${year}/${service}/${quantity}`;
}

export function buildAnalysis({ grid, years, planes, texts }: RegionData): Analysis {
  const builder = new GraphBuilder(grid);
  const sources = new Map<string, Plane>();
  const steps: ModelStep[] = [];

  const layer = (name: string, year: number): string => {
    const field = planes.has(`${name}/${year}`) ? `${name}/${year}` : name;
    const plane = planes.get(field)!;
    const type: CellType = plane instanceof Uint32Array ? 'u32' : 'f32';
    sources.set(field, plane);
    return builder.source(field, type, { blockWidth: grid.width, blockHeight: grid.height });
  };
  const add = (
    step: Omit<ModelStep, 'outputs' | 'tables'> & { tables?: ModelStep['tables'] },
    wanted: readonly string[],
  ) => {
    const { year, service, model, inputs, params, tables = {} } = step;
    const prefix = `${year}/${service}/${step.step}`;
    const outputs = builder.model(prefix, model, { inputs, params, tables, outputs: wanted });
    for (const field of Object.values(outputs)) builder.sink(field);
    steps.push({ ...step, tables, outputs });
    return outputs;
  };

  for (const year of years) {
    for (const service of SERVICES) {
      const { code, table, density, factor, amount } = service;
      const model = modelNamed(service.supplyModel);
      const inputs = Object.fromEntries(
        Object.entries(service.inputs).map(([input, name]) => [input, layer(name, year)]),
      );
      const rows = classRows(parseCsv(`${table}.csv`, texts[`${table}.csv`]), model.tables![table].columns);
      const wanted = model.id === 'annual_water_yield' ? ['fractp', 'aet', 'wyield'] : [density];
      const base = { year, service: code };
      const made = add({ ...base, step: model.id, model, inputs, params: {}, tables: { [table]: rows } }, wanted);
      const supply = add(
        {
          ...base,
          step: 'supply',
          model: modelNamed('per_cell'),
          inputs: { density: made[density] },
          params: { factor },
        },
        ['amount'],
      );
      const demand = add(
        {
          ...base,
          step: 'demand',
          model: modelNamed('per_capita'),
          inputs: { population: layer('population', year) },
          params: { amount },
        },
        ['demand'],
      );
      const balance = add(
        {
          ...base,
          step: 'balance',
          model: modelNamed('balance'),
          inputs: { supply: supply.amount, demand: demand.demand },
          params: {},
        },
        ['balance_static'],
      );
      const fields = { supply: supply.amount, demand: demand.demand, balance_static: balance.balance_static };
      for (const quantity of QUANTITIES) addTotals(builder, fieldOf(year, code, quantity), fields[quantity]);
    }
  }
  return { graph: builder.build(), steps, sources };
}

/** The field in the graph that holds a quantity. */
export function planeField(steps: readonly ModelStep[], year: number, service: string, quantity: Quantity): string {
  const name = quantity === 'balance_static' ? 'balance' : quantity;
  const step = steps.find((one) => one.year === year && one.service === service && one.step === name)!;
  return Object.values(step.outputs)[0];
}

/** Records "<name>#range" (count, low, high) and "<name>#sum" (count, sum, mean). */
function addTotals(builder: GraphBuilder, name: string, field: string): void {
  const statistics = modelNamed('statistics');
  const range = builder.reduce(`${name}#range`, statistics, 'range', field);
  builder.reduce(`${name}#sum`, statistics, 'sum', field, {
    inverse_quantum: { record: range, field: 'inverse_quantum' },
  });
}

function modelNamed(id: string): Model {
  return MODELS.get(id)!.model;
}
