/**
 * The fields of supply and demand in the graph of an analysis. A model that several sides use with the same layers, tables and parameters runs
 * once, for all the outputs that any of them wants; what is found over all years is found before the years that need it.
 */
import { EcofluxError } from '../core/errors.ts';
import type { InputSpec, Model } from '../core/model.ts';
import type { ClassRows } from '../core/values.ts';
import type { Param, Params } from '../engine/graph.ts';
import type { GraphBuilder } from '../engine/graph-builder.ts';
import { statistics } from '../models/statistics/spec.ts';
import type { PreparedProject } from './prepare.ts';
import type { ServiceSide } from './service-models.ts';
import { rowsKey } from './service-tables.ts';

/** One run of a model in the graph. */
interface Use {
  readonly prefix: string;
  readonly outputs: Set<string>;
}

export class ServiceFields {
  readonly #prepared: PreparedProject;
  readonly #graph: GraphBuilder;
  readonly #source: (layer: string, year: number, spec: InputSpec) => string;
  readonly #fields = new Map<ServiceSide, ReadonlyMap<number, string>>();
  readonly #uses = new Map<string, Use>();
  readonly #prefixes = new Set<string>();
  readonly #ranges = new Map<string, string>();
  readonly #tables = new Map<ClassRows, number>();
  /** What puts the declared models into the graph, each after those that it reads from. */
  #building: (() => void)[] = [];

  constructor(
    prepared: PreparedProject,
    graph: GraphBuilder,
    source: (layer: string, year: number, spec: InputSpec) => string,
  ) {
    this.#prepared = prepared;
    this.#graph = graph;
    this.#source = source;
    const sides = prepared.services.flatMap(({ supply, demand }) => [supply, demand]);
    for (const side of sides) this.#declare(side, `${side.service}/${side.side}`);
    for (const build of this.#building) build();
    this.#building = [];
  }

  /** Of a side of a service, as its model or layer gives it. */
  of(side: ServiceSide, year: number): string {
    const field = this.#fields.get(side)?.get(year);
    if (field === undefined) throw new EcofluxError('Bug', `${side.service} has no ${side.side} in ${year}`);
    return field;
  }

  #declare(side: ServiceSide, name: string): ReadonlyMap<number, string> {
    const known = this.#fields.get(side);
    if (known) return known;
    const { years } = this.#prepared.project;
    const origins = Object.entries(side.origins).map(
      ([input, origin]) => [input, this.#declare(origin, origin.model!.id)] as const,
    );
    const inputs = new Map(
      years.map((year): [number, Record<string, string>] => [
        year,
        {
          ...Object.fromEntries(
            Object.entries(side.inputs).map(([input, { layer, spec }]) => [input, this.#source(layer, year, spec)]),
          ),
          ...Object.fromEntries(origins.map(([input, fields]) => [input, fields.get(year)!])),
        },
      ]),
    );
    const { model } = side;
    const fields = model
      ? this.#model(side, model, name, inputs)
      : new Map(years.map((year) => [year, inputs.get(year)!.values]));
    this.#fields.set(side, fields);
    return fields;
  }

  /** The field of the output in each year. */
  #model(
    side: ServiceSide,
    model: Model,
    name: string,
    inputs: ReadonlyMap<number, Readonly<Record<string, string>>>,
  ): ReadonlyMap<number, string> {
    const { years } = this.#prepared.project;
    const params: Record<string, Param> = { ...side.params };
    const open = Object.entries(model.params).flatMap(([param, { found }]) =>
      found && params[param] === undefined && (found.as === 'low' || found.as === 'high') ? [{ param, ...found }] : [],
    );
    for (const { param, of, as } of open.filter(({ of }) => of in model.inputs))
      params[param] = { record: this.#range([...inputs.values()].map((each) => each[of])), field: as };
    // What is found from the model's own outputs is found first, then the model goes on where it stopped.
    const own = open.filter(({ of }) => !(of in model.inputs));
    const first = new Map(years.map((year) => [year, this.#use(side, model, name, year, inputs.get(year)!, params)]));
    for (const { of } of own) for (const use of first.values()) use.outputs.add(of);
    const rest = own.map(({ param, of, as }): [string, Param] => {
      return [param, { record: this.#range([...first.values()].map(({ prefix }) => `${prefix}/${of}`)), field: as }];
    });
    const { aligned } = model.outputs[side.output];
    return new Map(
      years.map((year) => {
        const given = inputs.get(year)!;
        const begun = first.get(year)!;
        const all = { ...params, ...Object.fromEntries(rest) };
        const use = own.length === 0 ? begun : this.#use(side, model, name, year, given, all, begun.prefix);
        use.outputs.add(side.output);
        return [year, aligned ? given[aligned] : `${use.prefix}/${side.output}`];
      }),
    );
  }

  /** The same for all sides, and all years, that give a model the same. */
  #use(
    side: ServiceSide,
    model: Model,
    name: string,
    year: number,
    inputs: Readonly<Record<string, string>>,
    params: Params,
    prefix?: string,
  ): Use {
    const tables = this.#rows(side, year);
    const numbered = Object.entries(tables).map(([table, rows]) => [table, this.#number(rows)]);
    const key = JSON.stringify([model.id, inputs, numbered, params]);
    const known = this.#uses.get(key);
    if (known) return known;
    const use: Use = { prefix: prefix ?? this.#freePrefix(`${year}/${name}`), outputs: new Set() };
    this.#uses.set(key, use);
    this.#building.push(() => {
      this.#graph.model(use.prefix, model, { inputs, tables, params, outputs: [...use.outputs] });
    });
    return use;
  }

  #rows(side: ServiceSide, year: number): Record<string, ClassRows> {
    if (side.rows) return { ...side.rows };
    return Object.fromEntries(
      Object.keys(side.tables).map((table) => [table, this.#prepared.tables.get(rowsKey(side, table, year))!]),
    );
  }

  #number(rows: ClassRows): number {
    const number = this.#tables.get(rows) ?? this.#tables.size;
    this.#tables.set(rows, number);
    return number;
  }

  /** "2003/ndr", and "2003/ndr-2" for a second one with other parameters. */
  #freePrefix(name: string): string {
    let prefix = name;
    for (let i = 2; this.#prefixes.has(prefix); i++) prefix = `${name}-${i}`;
    this.#prefixes.add(prefix);
    return prefix;
  }

  /** The record of what several fields hold together. */
  #range(fields: readonly string[]): string {
    const unique = [...new Set(fields)];
    const key = JSON.stringify(unique);
    const known = this.#ranges.get(key);
    if (known !== undefined) return known;
    const record = `range/inputs/${this.#ranges.size + 1}`;
    this.#ranges.set(key, record);
    this.#building.push(() => {
      this.#graph.range(record, statistics, unique);
    });
    return record;
  }
}
