/** The analysis of a project as a graph: supply, demand, balance and ratio of each service and year with their totals, then the steps that follow. */

import { cellArea } from '../core/grid.ts';
import { rangeOf, sumOf } from '../engine/found-params.ts';
import type { Graph, Params } from '../engine/graph.ts';
import { GraphBuilder } from '../engine/graph-builder.ts';
import { shareNodes } from '../engine/share-nodes.ts';
import { balance } from '../models/balance/spec.ts';
import { composite } from '../models/composite/spec.ts';
import { per_cell } from '../models/per_cell/spec.ts';
import { statistics } from '../models/statistics/spec.ts';
import type { AnalysisOutput } from './analysis-output.ts';
import { type Watched, watch } from './doubtful-values.ts';
import { type LayerUse, layerKey } from './layers.ts';
import type { PreparedProject } from './prepare.ts';
import { ServiceFields } from './service-fields.ts';
import { formulaOf } from './service-formula.ts';
import type { PreparedService, ServiceSide } from './service-models.ts';
import { densityFactor } from './services.ts';
import { addComposites } from './steps/composites.ts';
import type { ServiceMap, StepContext } from './steps/context.ts';
import { addFlows } from './steps/flow.ts';
import { addHotspots } from './steps/hotspots.ts';
import { onlyFor } from './steps/only.ts';
import { addRisks } from './steps/risk.ts';
import { outputsOfStages, type StageName, stagesOf } from './steps/stages.ts';
import { sourceHint } from './warp-reader.ts';

export type { AnalysisOutput } from './analysis-output.ts';

/** The field of zone numbers. */
export const ZONES_FIELD = 'zones';

export interface Analysis {
  readonly graph: Graph;
  readonly outputs: readonly AnalysisOutput[];
  /** The key of the layer behind each source field. */
  readonly sources: ReadonlyMap<string, string>;
  /** Sources with values that a model may not be meant for. */
  readonly watched: readonly Watched[];
  /** The name under which a stage of a model ran, for one may stand for several. */
  readonly nodeOf: (name: string) => string;
  /** What is written and told. */
  readonly stages: ReadonlySet<StageName>;
}

/** `only`: some of the stages; what these need is computed, and not written. */
export function buildAnalysis(prepared: PreparedProject, only?: ReadonlySet<StageName>): Analysis {
  return new AnalysisBuilder(prepared).build(only);
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

  build(only?: ReadonlySet<StageName>): Analysis {
    const { project, services, steps } = this.#prepared;
    const sides = new Map<string, Sides>();
    for (const year of project.years) {
      if ('lulc' in project.layers) this.#landCover(year);
      for (const service of services) sides.set(`${year} ${service.code}`, this.#service(year, service));
    }
    for (const service of services) this.#ratios(service, sides);
    this.#steps(sides);
    const watched = [...this.#watched.values()];
    watch(this.#graph, watched);
    const { graph, fieldOf, nodeOf } = shareNodes(this.#graph.build());
    const all = this.#outputs.map((output) => ({ ...output, field: fieldOf(output.field) }));
    const stages = stagesOf(steps, all, only);
    const outputs = outputsOfStages(steps, all, stages);
    const needed = only ? onlyFor(graph, outputs, watched) : graph;
    return { graph: needed, outputs, sources: this.#sources, watched, nodeOf, stages };
  }

  #steps(sides: ReadonlyMap<string, Sides>): void {
    const { services, steps } = this.#prepared;
    const context: StepContext = {
      prepared: this.#prepared,
      graph: this.#graph,
      sides: (year, code) => sides.get(`${year} ${code}`)!,
      rangeOf: rangeName,
      source: (layer, year, spec) => this.#source(layer, year, spec),
      zones: () => this.#graph.source(ZONES_FIELD, 'u32', this.#prepared.zones!.hint),
      put: (output) => this.#put(output),
      putWithTotals: (output) => this.#output(output),
    };
    const composites = services.length > 1 || steps.hotspots ? addComposites(context) : new Map();
    if (steps.flow) addFlows(context, steps.flow);
    if (steps.risk) addRisks(context, steps.risk);
    if (steps.hotspots) addHotspots(context, steps.hotspots, composites);
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
    this.#put({
      id: `${year}/lulc`,
      field,
      step: 'services',
      drawn: { step: 'services', quantity: 'lulc', year },
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
      this.#graph.range(rangeName(code, side), statistics, [
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

  /** A file of its year and service, drawn, with a row of totals. */
  #output(output: ServiceMap): void {
    const { field, year, service, quantity } = output;
    const range = this.#graph.reduce(rangeOf(field), statistics, 'range', field);
    const sum = this.#graph.reduce(sumOf(field), statistics, 'sum', field, {
      inverse_quantum: { record: range, field: 'inverse_quantum' },
    });
    this.#put({
      ...output,
      id: `${year}/${service}/${quantity}`,
      step: 'services',
      drawn: { step: 'services', quantity, year },
      totals: { range, sum },
    });
  }

  #put(output: AnalysisOutput): void {
    this.#graph.sink(output.field);
    this.#outputs.push(output);
  }
}

function rangeName(code: string, side: 'supply' | 'demand'): string {
  return `range/${code}/${side}`;
}
