/** The analysis of a project as a graph: supply, demand, balance and ratio of each service and year, composites, and their totals. */

import { cellArea } from '../core/grid.ts';
import { rangeOf, sumOf } from '../engine/found-params.ts';
import { type Graph, GraphBuilder, type Params } from '../engine/graph.ts';
import { balance } from '../models/balance/spec.ts';
import { composite } from '../models/composite/spec.ts';
import { per_cell } from '../models/per_cell/spec.ts';
import { statistics } from '../models/statistics/spec.ts';
import type { AnalysisOutput } from './analysis-output.ts';
import { weightsOf } from './composite-weights.ts';
import { type Watched, watch } from './doubtful-values.ts';
import { type LayerUse, layerKey } from './layers.ts';
import type { PreparedProject } from './prepare.ts';
import { ServiceFields } from './service-fields.ts';
import { formulaOf } from './service-formula.ts';
import type { PreparedService, ServiceSide } from './service-models.ts';
import { densityFactor } from './services.ts';
import { sourceHint } from './warp-reader.ts';

export type { AnalysisOutput, Quantity } from './analysis-output.ts';

export interface Analysis {
  readonly graph: Graph;
  readonly outputs: readonly AnalysisOutput[];
  /** The key of the layer behind each source field. */
  readonly sources: ReadonlyMap<string, string>;
  /** Sources with values that a model may not be meant for. */
  readonly watched: readonly Watched[];
}

export function buildAnalysis(prepared: PreparedProject): Analysis {
  return new AnalysisBuilder(prepared).build();
}

type Sides = { readonly supply: string; readonly demand: string };

class AnalysisBuilder {
  readonly #prepared: PreparedProject;
  readonly #graph: GraphBuilder;
  readonly #outputs: AnalysisOutput[] = [];
  readonly #sources = new Map<string, string>();
  readonly #watched = new Map<string, Watched>();
  readonly #fields: ServiceFields;

  constructor(prepared: PreparedProject) {
    this.#prepared = prepared;
    this.#graph = new GraphBuilder(prepared.grid);
    this.#fields = new ServiceFields(prepared, this.#graph, (layer, year, spec) => this.#source(layer, year, spec));
  }

  build(): Analysis {
    const { project, services } = this.#prepared;
    const sides = new Map<string, Sides>();
    for (const year of project.years) {
      if ('lulc' in project.layers) this.#landCover(year);
      for (const service of services) sides.set(`${year} ${service.code}`, this.#service(year, service));
    }
    for (const service of services) this.#ratios(service, sides);
    this.#composites(sides);
    const watched = [...this.#watched.values()];
    watch(this.#graph, watched);
    return { graph: this.#graph.build(), outputs: this.#outputs, sources: this.#sources, watched };
  }

  #source(layer: string, year: number, spec: LayerUse & Watched['spec']): string {
    const key = layerKey(layer, year, spec);
    const bound = this.#prepared.layers.get(key)!;
    this.#sources.set(bound.field, key);
    const { field, layer: name, shown } = bound;
    if (spec.doubtful)
      this.#watched.set(`${field}: ${spec.doubtful.words}`, { field, file: { layer: name, shown }, spec });
    return this.#graph.source(bound.field, bound.type, sourceHint(bound));
  }

  #landCover(year: number): void {
    const field = this.#source('lulc', year, { kind: 'classes', unit: '1' });
    this.#graph.sink(field);
    this.#outputs.push({
      id: `${year}/lulc`,
      field,
      year,
      service: 'land_cover',
      serviceName: 'Land cover',
      quantity: 'lulc',
      unit: '1',
      about: 'land-cover classes on the grid of the project',
    });
  }

  #service(year: number, service: PreparedService): Sides {
    const supply = this.#side(year, service, service.supply);
    const demand = this.#side(year, service, service.demand);
    const prefix = `${year}/${service.code}`;
    const made = this.#graph.model(`${prefix}/balance`, balance, {
      inputs: { supply, demand },
      outputs: ['balance_static'],
    });
    const common = { year, service: service.code, serviceName: service.name, unit: service.unit };
    this.#output({
      ...common,
      quantity: 'supply',
      field: supply,
      about: `supply of ${service.name.toLowerCase()}`,
      formula: formulaOf(service.supply),
    });
    this.#output({
      ...common,
      quantity: 'demand',
      field: demand,
      about: `demand for ${service.name.toLowerCase()}`,
      formula: formulaOf(service.demand),
    });
    this.#output({
      ...common,
      quantity: 'balance_static',
      field: made.balance_static,
      about: 'supply less demand in each cell',
      centre: 0,
      formula: 'supply − demand',
    });
    return { supply, demand };
  }

  /** Supply or demand in the unit of the service, per cell, or scaled to 0..1 over all years. */
  #side(year: number, service: PreparedService, side: ServiceSide): string {
    const prefix = `${year}/${service.code}/${side.side}`;
    const field = this.#fields.of(side, year);
    if (side.normalised) return this.#normalised(prefix, service, side, field);
    const { perCell, factor } = densityFactor(side.outputUnit, service.unit);
    if (perCell && factor === 1) return field;
    // An amount per cell in another unit: the same as a density over the cell's own area.
    const perArea = perCell ? factor / cellArea(this.#prepared.grid) : factor;
    return this.#graph.model(`${prefix}/per_cell`, per_cell, {
      inputs: { density: field },
      params: { factor: perArea },
    }).amount;
  }

  #normalised(prefix: string, { code }: PreparedService, side: ServiceSide, values: string): string {
    const all = this.#prepared.project.years.map((year) => this.#fields.of(side, year));
    const record = this.#graph.range(`range/${code}/${side.side} before scaling`, statistics, [...new Set(all)]);
    const params: Params = { low: { record, field: 'low' }, high: { record, field: 'high' }, weight: 1 };
    return this.#graph.model(`${prefix}/normalised`, composite, { inputs: { values }, params, outputs: ['total'] })
      .total;
  }

  /** The ratio needs the largest supply and demand of all years. */
  #ratios({ code, name }: PreparedService, sides: ReadonlyMap<string, Sides>): void {
    const { years } = this.#prepared.project;
    const range = (side: 'supply' | 'demand') =>
      this.#graph.range(`range/${code}/${side}`, statistics, [
        ...new Set(years.map((year) => sides.get(`${year} ${code}`)![side])),
      ]);
    const params: Params = {
      supply_max: { record: range('supply'), field: 'high' },
      demand_max: { record: range('demand'), field: 'high' },
    };
    for (const year of years) {
      const { ratio } = this.#graph.model(`${year}/${code}/ratio`, balance, {
        inputs: sides.get(`${year} ${code}`)!,
        params,
        outputs: ['ratio'],
      });
      this.#output({
        year,
        service: code,
        serviceName: name,
        quantity: 'ratio',
        unit: '1',
        field: ratio,
        about: 'supply less demand, as a share of the middle of their largest values of all years',
        centre: 0,
        formula: '(supply − demand) / ((supply_max + demand_max) / 2)',
      });
    }
  }

  #composites(sides: ReadonlyMap<string, Sides>): void {
    const { project, services } = this.#prepared;
    if (services.length < 2) return;
    const weights = weightsOf(this.#prepared);
    for (const year of project.years) {
      const totals = { supply: '', demand: '' };
      for (const side of ['supply', 'demand'] as const) {
        for (const { code } of services) {
          const record = `range/${code}/${side}`;
          const params: Params = {
            low: { record, field: 'low' },
            high: { record, field: 'high' },
            weight: weights.get(code)!,
          };
          const inputs = {
            values: sides.get(`${year} ${code}`)![side],
            ...(totals[side] && { total_before: totals[side] }),
          };
          totals[side] = this.#graph.model(`${year}/composite/${side}/${code}`, composite, {
            inputs,
            params,
            outputs: ['total'],
          }).total;
        }
        const formula = 'Σ weight · (x − min) / (max − min), minima and maxima of all years';
        this.#output({
          year,
          service: 'composite',
          serviceName: 'All services',
          quantity: side,
          unit: '1',
          field: totals[side],
          about: `composite ${side}: weighted sum of normalised services`,
          formula,
        });
      }
      const inputs = { values: totals.supply, composite_supply: totals.supply, composite_demand: totals.demand };
      const made = this.#graph.model(`${year}/composite/ratio`, composite, { inputs, outputs: ['composite_ratio'] });
      this.#output({
        year,
        service: 'composite',
        serviceName: 'All services',
        quantity: 'ratio',
        unit: '1',
        field: made.composite_ratio,
        about: 'composite supply by composite demand',
        centre: 1,
        formula: 'composite supply / composite demand',
      });
    }
  }

  /** A file and a row of totals. */
  #output(output: Omit<AnalysisOutput, 'id' | 'range' | 'sum'>): void {
    const { field, year, service, quantity } = output;
    this.#graph.sink(field);
    const range = this.#graph.reduce(rangeOf(field), statistics, 'range', field);
    const sum = this.#graph.reduce(sumOf(field), statistics, 'sum', field, {
      inverse_quantum: { record: range, field: 'inverse_quantum' },
    });
    this.#outputs.push({ ...output, id: `${year}/${service}/${quantity}`, range, sum });
  }
}
