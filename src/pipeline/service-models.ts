/** From the services of a project file to models with their layers, tables and parameters: which, from where, with what values. */
import { EcofluxError, locate, throwAll } from '../core/errors.ts';
import type { InputSpec, Model } from '../core/model.ts';
import { isAmount, parseUnit } from '../core/quantity.ts';
import { MODELS } from '../models/registry.ts';
import { nearest } from './nearest.ts';
import { readParam } from './param-values.ts';
import { Problems } from './problems.ts';
import type { ProjectFile } from './project-file.ts';
import type { Service } from './schema.ts';
import { perPersonAmount, SERVICES, type ServiceKind, serviceOutput } from './services.ts';

export type Side = 'supply' | 'demand';

/** Supply or demand of a service: a model with everything it needs, or a layer that is the quantity itself. */
export interface ServiceSide {
  readonly service: string;
  readonly side: Side;
  readonly model?: Model;
  readonly output: string;
  readonly outputUnit: string;
  /** Layer and specification for each input. */
  readonly inputs: Readonly<Record<string, { readonly layer: string; readonly spec: InputSpec }>>;
  /** Table of the project for each table of the model. */
  readonly tables: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, number>>;
  /** As the user wrote them, for the report; those left out are defaults. */
  readonly given: Readonly<Record<string, string>>;
}

export interface PreparedService extends ServiceKind {
  readonly code: string;
  readonly supply: ServiceSide;
  readonly demand: ServiceSide;
}

/** @throws EcofluxError or ManyErrors InvalidConfiguration: all that is wrong with the service */
export function prepareService(file: ProjectFile, code: string): PreparedService {
  const service = file.project.services[code];
  const known = Object.hasOwn(SERVICES, code) ? SERVICES[code] : undefined;
  const unit = service.unit ?? known?.unit;
  if (unit === undefined)
    throw fault(file, ['services', code], `service '${code}' has no unit`, {
      fix: `add the unit in which supply and demand of a cell are counted; units are known for ${Object.keys(SERVICES).join(', ')}`,
    });
  at(file, ['services', code, 'unit'], () => parseUnit(unit));
  const problems = new Problems();
  problems.take(() => checkInputNames(file, code, service));
  const [supply] = problems.take(() => prepareSide(file, code, service, 'supply', unit));
  const [demand] = problems.take(() => prepareSide(file, code, service, 'demand', unit));
  throwAll(problems.all);
  return {
    code,
    name: service.name ?? known?.name ?? code,
    category: service.category ?? known?.category ?? 'provisioning',
    flow: service.flow ?? known?.flow ?? 'in_situ',
    unit,
    supply,
    demand,
  };
}

/** Names under `inputs` that no model of the service has would be ignored in silence. */
function checkInputNames(file: ProjectFile, code: string, { inputs, supply, demand }: Service): void {
  const known = [supply, demand].flatMap((source) => {
    const model = 'model' in source ? MODELS.get(String(source.model))?.model : undefined;
    return Object.entries(model?.inputs ?? {}).flatMap(([name, { layer }]) => [name, ...(layer ? [layer] : [])]);
  });
  for (const name of Object.keys(inputs ?? {})) {
    if (known.includes(name)) continue;
    const close = nearest(name, known);
    throw fault(file, ['services', code, 'inputs', name], `no model of service '${code}' has an input '${name}'`, {
      expected: [...new Set(known)].join(', ') || 'none',
      fix: close ? `write '${close}'` : `remove '${name}'`,
    });
  }
}

function prepareSide(file: ProjectFile, code: string, service: Service, side: Side, unit: string): ServiceSide {
  const source = service[side];
  if (!('model' in source)) return layerSide(file, code, side, source as { layer: string; unit?: string }, unit);
  const { model: id, ...params } = source as { model: string } & Record<string, unknown>;
  const path = ['services', code, side];
  const entry = MODELS.get(id);
  if (!entry || entry.model.internal) {
    const usable = [...MODELS.values()]
      .filter(({ model }) => Object.values(model.outputs).some(({ service: s }) => s))
      .map(({ model }) => model.id);
    const close = nearest(id, usable);
    throw fault(file, [...path, 'model'], `there is no model '${id}'`, {
      expected: `one of ${usable.join(', ')}`,
      fix: close ? `write '${close}'` : 'choose one of them',
    });
  }
  const { model } = entry;
  const output = at(file, [...path, 'model'], () => serviceOutput(model));
  const inputs = Object.fromEntries(
    Object.entries(model.inputs)
      .filter(([, { optional }]) => !optional)
      .map(([name, spec]) => [
        name,
        { layer: service.inputs?.[name] ?? service.inputs?.[spec.layer ?? name] ?? spec.layer ?? name, spec },
      ]),
  );
  const tables = Object.fromEntries(Object.keys(model.tables ?? {}).map((name) => [name, name]));
  return {
    service: code,
    side,
    model,
    output,
    outputUnit: model.outputs[output].unit === 'any' ? unit : model.outputs[output].unit,
    inputs,
    tables,
    params: readParams(file, path, model, params, unit),
    given: Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)])),
  };
}

/** Amounts of cells, which have to keep their sum on other cells, or densities and indices. */
function layerSide(
  file: ProjectFile,
  service: string,
  side: Side,
  { layer, unit }: { layer: string; unit?: string },
  serviceUnit: string,
): ServiceSide {
  const counted = unit ?? serviceUnit;
  const kind = at(file, ['services', service, side, 'unit'], () => isAmount(parseUnit(counted))) ? 'count' : 'density';
  const spec: InputSpec = { about: `${side} of ${service}`, unit: counted, kind };
  return {
    service,
    side,
    output: 'values',
    outputUnit: spec.unit,
    inputs: { values: { layer, spec } },
    tables: {},
    params: {},
    given: {},
  };
}

function readParams(
  file: ProjectFile,
  path: readonly string[],
  model: Model,
  given: Readonly<Record<string, unknown>>,
  unit: string,
): Record<string, number> {
  const out: Record<string, number> = {};
  const problems = new Problems();
  const meant: (string | undefined)[] = []; // by mistyped names: not missed as well
  const extra = model.id === 'per_capita' ? ['over'] : [];
  for (const name of Object.keys(given)) {
    if (name in model.params || extra.includes(name)) continue;
    const known = [...Object.keys(model.params), ...extra];
    const close = nearest(name, known);
    meant.push(close);
    problems.add(
      fault(file, [...path, name], `${model.id} has no parameter '${name}'`, {
        expected: known.length > 0 ? `one of ${known.join(', ')}` : 'none',
        fix: close ? `write '${close}'` : `remove '${name}'`,
      }),
    );
  }
  for (const [name, spec] of Object.entries(model.params)) {
    const value = given[name];
    if (value === undefined) {
      if (spec.default === undefined && !spec.optional && !meant.includes(name))
        problems.add(fault(file, path, `${model.id} needs '${name}' (${spec.about})`, { fix: `add ${name}` }));
      continue;
    }
    if (typeof value !== 'number' && typeof value !== 'string') {
      problems.add(
        fault(file, [...path, name], `${name} is no number`, {
          found: JSON.stringify(value),
          fix: 'give a number, with a unit where it has one',
        }),
      );
      continue;
    }
    const read = () =>
      model.id === 'per_capita' && name === 'amount'
        ? perPersonAmount(value, given.over as string | number | undefined, unit)
        : readParam(name, spec, value).value;
    for (const number of problems.take(() => at(file, [...path, name], read))) out[name] = number;
  }
  throwAll(problems.all);
  return out;
}

/** Adds file and place to what goes wrong inside. */
function at<T>(file: ProjectFile, path: readonly (string | number)[], work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw locate(error, { file: file.name, place: file.place(path) });
  }
}

export function fault(
  file: ProjectFile,
  path: readonly (string | number)[],
  what: string,
  details: { found?: string; expected?: string; fix?: string } = {},
): EcofluxError {
  return new EcofluxError('InvalidConfiguration', what, { file: file.name, place: file.place(path), ...details });
}
