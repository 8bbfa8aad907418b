/** The model on a side of a service and the models that feed it: an input may be made by another model, from layers of its own. */
import { throwAll } from '../core/errors.ts';
import type { InputOrigin, InputSpec, Model } from '../core/model.ts';
import { MODELS } from '../models/registry.ts';
import type { HabitatUse } from './habitat/service.ts';
import { nearest } from './nearest.ts';
import { Problems } from './problems.ts';
import { at, fault, type Path } from './project-fault.ts';
import type { ProjectFile } from './project-file.ts';
import type { Service } from './schema.ts';
import { HABITAT } from './service-habitat.ts';
import type { ServiceSide } from './service-models.ts';
import { readParams, unknownNames } from './service-params.ts';
import { SERVICES, SHARED_MODELS, type Side, serviceOutput, standingOf } from './services.ts';

/** A side of a service as it stands in the project file. */
export interface Place {
  readonly file: ProjectFile;
  readonly code: string;
  readonly service: Service;
  readonly side: Side;
  /** Of the service. */
  readonly unit: string;
  /** The model of habitat quality for the threats of the project. */
  readonly habitat?: HabitatUse;
}

export type Written = { readonly model: string } & Readonly<Record<string, unknown>>;

/** Where the classes of habitat quality stand, and what else it reads. */
const HABITAT_TABLES = { habitat: 'sensitivity', threats: 'threats' } as const;

/** What may stand beside `model`, parameters aside. */
const OTHER_KEYS = ['model', 'output', 'normalise'];

/** @throws EcofluxError or ManyErrors InvalidConfiguration */
export function modelSide(place: Place, written: Written): ServiceSide {
  const { file, code, side } = place;
  const path = ['services', code, side];
  const named = usableModel(place, written.model);
  const standing = standingOf(named.id, side);
  const model = standing && 'instead' in standing ? MODELS.get(standing.instead)!.model : named;
  const output =
    written.output !== undefined
      ? saidOutput(file, [...path, 'output'], model, written.output)
      : standing && 'model' in standing
        ? outputOf(place, written, standing)
        : at(file, [...path, 'model'], () => serviceOutput(model, side));
  const problems = new Problems();
  const choosers = standing && 'by' in standing ? [standing.by] : [];
  const meant = unknownNames({ file, path, written, models: chainOf(model, place.service), problems }, [
    ...OTHER_KEYS,
    ...choosers,
  ]);
  const [made] = problems.take(() => link({ ...place, written, meant }, model, output, false));
  throwAll(problems.all);
  return made;
}

/** A side with the names of parameters that others were mistyped for. */
interface Beginning extends Place {
  readonly written: Written;
  readonly meant: readonly string[];
}

function link(place: Beginning, model: Model, output: string, feeds: boolean): ServiceSide {
  const { file, code, side, service, unit, written, meant } = place;
  const habitat = model.id === HABITAT ? place.habitat : undefined;
  const shared = feeds || SHARED_MODELS.includes(model.id);
  const donors = shared ? donorsOf(place, model) : [];
  const problems = new Problems();
  const inputs: Record<string, { layer: string; spec: InputSpec }> = {};
  const origins: Record<string, ServiceSide> = {};
  const choosers: string[] = [];
  for (const [name, spec] of Object.entries(model.inputs)) {
    const said = [service, ...donors.map((donor) => donor.service)]
      .map((each) => each.inputs?.[name] ?? each.inputs?.[spec.layer ?? name])
      .find((layer) => layer !== undefined);
    if (said === undefined && spec.optional) continue;
    if (said === undefined && spec.from) {
      const origin = spec.from;
      if ('by' in origin) choosers.push(origin.by);
      const fed = MODELS.get(origin.model)!.model;
      for (const each of problems.take(() => link(place, fed, outputOf(place, written, origin), true)))
        origins[name] = each;
    } else inputs[name] = { layer: said ?? habitat?.inputs[name]?.layer ?? spec.layer ?? name, spec };
  }
  const find = (name: string) => {
    if (written[name] !== undefined) return { value: written[name], path: ['services', code, side, name] };
    if (choosers.includes(name)) return { value: choice(place, written, name), path: ['services', code, side] };
    const donor = donors.find((each) => each.written[name] !== undefined);
    if (donor) return { value: donor.written[name], path: ['services', donor.code, donor.side, name] };
    const value = impliedBy(place, model, name);
    return value === undefined ? undefined : { value, path: ['services', code, side] };
  };
  const [read] = problems.take(() => readParams({ file, path: ['services', code, side], model, find, meant, unit }));
  throwAll(problems.all);
  return {
    service: code,
    side,
    model,
    output,
    outputUnit: model.outputs[output].unit === 'any' ? unit : model.outputs[output].unit,
    inputs,
    origins,
    tables: habitat ? HABITAT_TABLES : Object.fromEntries(Object.keys(model.tables ?? {}).map((name) => [name, name])),
    rows: habitat?.tables,
    ...read,
    normalised: false,
  };
}

/** A model and all that may feed it, each once; those whose input is a layer of the service left out. */
export function chainOf(model: Model, service?: Service): Model[] {
  const origins = Object.entries(model.inputs).flatMap(([name, { from }]) =>
    from && service?.inputs?.[name] === undefined ? chainOf(MODELS.get(from.model)!.model, service) : [],
  );
  return [...new Set([model, ...origins])];
}

/** The other sides of the project that use a model, those of the same service first. */
function donorsOf({ file, code, side }: Place, { id }: Model) {
  const { services } = file.project;
  const codes = [code, ...Object.keys(services).filter((each) => each !== code)];
  return codes
    .flatMap((each) => (['supply', 'demand'] as const).map((other) => ({ code: each, side: other })))
    .filter((each) => each.code !== code || each.side !== side)
    .flatMap((each) => {
      const service = services[each.code];
      const written = service[each.side] as Written;
      const known = 'model' in written ? MODELS.get(written.model)?.model : undefined;
      const standing = known && standingOf(known.id, each.side);
      const model = standing && 'instead' in standing ? MODELS.get(standing.instead)!.model : known;
      return model && chainOf(model, service).some((one) => one.id === id) ? [{ ...each, service, written }] : [];
    });
}

/** The output that an origin means here. */
function outputOf(place: Place, written: Written, origin: InputOrigin): string {
  if ('output' in origin) return origin.output;
  const value = String(choice(place, written, origin.by));
  if (Object.hasOwn(origin.outputs, value)) return origin.outputs[value];
  throw fault(place.file, ['services', place.code, place.side, origin.by], `${origin.by} is none of its choices`, {
    found: value,
    expected: Object.keys(origin.outputs).join(' or '),
    fix: 'choose one of them',
  });
}

/** What was chosen beside the model, on the other side of the service, or by the service itself. */
function choice({ file, code, side, service }: Place, written: Written, by: string): unknown {
  const other = service[side === 'supply' ? 'demand' : 'supply'] as Readonly<Record<string, unknown>>;
  const known = Object.hasOwn(SERVICES, code) ? SERVICES[code].chooses?.[by] : undefined;
  const value = written[by] ?? other[by] ?? known;
  if (value !== undefined) return value;
  throw fault(file, ['services', code, side], `${written.model} has to know for which ${by}`, {
    fix: `add ${by}: … beside the model`,
  });
}

/** A nutrient that no service of the project is about need not be computed, and its columns need not be there. */
function impliedBy(place: Place, model: Model, name: string): string | undefined {
  const nutrient = model.id === 'ndr' ? /^calc_([np])$/.exec(name)?.[1] : undefined;
  if (nutrient === undefined) return undefined;
  const { file } = place;
  const wanted = Object.entries(file.project.services).flatMap(([code, service]) =>
    (['supply', 'demand'] as const).flatMap((side) => {
      const written = service[side] as Written;
      const uses = written.model === 'ndr' || written.model === 'nutrient_demand';
      if (uses && written.output !== undefined) return ['n', 'p'];
      return uses ? [String(choice({ ...place, code, service, side }, written, 'nutrient'))] : [];
    }),
  );
  return String(wanted.includes(nutrient));
}

function usableModel({ file, code, side, habitat }: Place, id: string): Model {
  if (id === HABITAT && habitat) return habitat.model;
  const entry = MODELS.get(id);
  if (entry && !entry.model.internal) return entry.model;
  const usable = [...MODELS.values()]
    .map(({ model }) => model)
    .filter((model) => standingOf(model.id, side) || serves(model, side))
    .map((model) => model.id);
  if (side === 'supply') usable.push(HABITAT);
  const close = nearest(id, usable);
  throw fault(file, ['services', code, side, 'model'], `there is no model '${id}'`, {
    expected: `one of ${usable.join(', ')}`,
    fix: close ? `write '${close}'` : 'choose one of them',
  });
}

function serves({ outputs, internal }: Model, side: Side): boolean {
  return !internal && Object.values(outputs).some(({ service }) => service === true || service === side);
}

function saidOutput(file: ProjectFile, path: Path, model: Model, output: unknown): string {
  const usable = Object.keys(model.outputs).filter((name) => !model.outputs[name].classes);
  if (typeof output === 'string' && usable.includes(output)) return output;
  const close = nearest(String(output), usable);
  throw fault(file, path, `${model.id} has no output '${output}' that is a quantity`, {
    expected: `one of ${usable.join(', ')}`,
    fix: close ? `write '${close}'` : 'choose one of them',
  });
}
