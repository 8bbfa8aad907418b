/** From the services of a project file to models with their layers, tables and parameters: which, from where, with what values. */
import { throwAll } from '../core/errors.ts';
import type { InputSpec, Model } from '../core/model.ts';
import { isAmount, parseUnit, sameDimensions } from '../core/quantity.ts';
import type { ClassRows } from '../core/values.ts';
import type { HabitatUse } from './habitat/service.ts';
import { nearest } from './nearest.ts';
import { Problems } from './problems.ts';
import { at, fault } from './project-fault.ts';
import type { ProjectFile } from './project-file.ts';
import type { Service } from './schema.ts';
import { modelSide, type Place } from './service-chain.ts';
import { densityFactor, SERVICES, type ServiceKind, type Side } from './services.ts';

/** Supply or demand of a service, or what one of its models is fed with: a model with everything it needs, or a layer that is the quantity itself. */
export interface ServiceSide {
  readonly service: string;
  readonly side: Side;
  readonly model?: Model;
  readonly output: string;
  readonly outputUnit: string;
  /** Layer and specification for each input that is a layer. */
  readonly inputs: Readonly<Record<string, { readonly layer: string; readonly spec: InputSpec }>>;
  /** The inputs that other models make. */
  readonly origins: Readonly<Record<string, ServiceSide>>;
  /** Rows of its tables, where the model was made from them. */
  readonly rows?: Readonly<Record<string, ClassRows>>;
  /** Table of the project for each table of the model. */
  readonly tables: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, number>>;
  /** As the user wrote them, for the report; those left out are defaults. */
  readonly given: Readonly<Record<string, string>>;
  /** Min-max over all years, so that it is a share of 1. */
  readonly normalised: boolean;
}

export interface PreparedService extends Omit<ServiceKind, 'normalised' | 'chooses'> {
  readonly code: string;
  readonly supply: ServiceSide;
  readonly demand: ServiceSide;
}

/** A side and the sides that feed its models, those first that feed others. */
export function partsOf(side: ServiceSide): ServiceSide[] {
  return [...Object.values(side.origins).flatMap(partsOf), side];
}

/** All sides of services with what feeds them. */
export function allParts(services: readonly PreparedService[]): ServiceSide[] {
  return services.flatMap(({ supply, demand }) => [supply, demand].flatMap(partsOf));
}

/** @throws EcofluxError or ManyErrors InvalidConfiguration: all that is wrong with the service */
export function prepareService(file: ProjectFile, code: string, habitat?: HabitatUse): PreparedService {
  const service = file.project.services[code];
  const known = Object.hasOwn(SERVICES, code) ? SERVICES[code] : undefined;
  const unit = service.unit ?? known?.unit;
  if (unit === undefined)
    throw fault(file, ['services', code], `service '${code}' has no unit`, {
      fix: `add the unit in which supply and demand of a cell are counted; units are known for ${Object.keys(SERVICES).join(', ')}`,
    });
  at(file, ['services', code, 'unit'], () => parseUnit(unit));
  const problems = new Problems();
  const [supply] = problems.take(() => prepareSide({ file, code, service, side: 'supply', unit, habitat }));
  const [demand] = problems.take(() => prepareSide({ file, code, service, side: 'demand', unit, habitat }));
  if (supply && demand) problems.take(() => checkInputNames(file, code, service, [supply, demand]));
  throwAll(problems.all);
  return {
    code,
    name: service.name ?? known?.name ?? code,
    category: service.category ?? known?.category ?? 'provisioning',
    flow: (typeof service.flow === 'object' ? service.flow.mode : service.flow) ?? known?.flow ?? 'in_situ',
    unit,
    supply,
    demand,
  };
}

/** Names under `inputs` that no model of the service has would be ignored in silence. */
function checkInputNames(
  file: ProjectFile,
  code: string,
  { inputs }: Service,
  sides: readonly [ServiceSide, ServiceSide],
): void {
  const known = sides.flatMap(partsOf).flatMap(({ model }) => {
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

function prepareSide(place: Place): ServiceSide {
  const { file, code, service, side, unit } = place;
  const source = service[side];
  const known = Object.hasOwn(SERVICES, code) ? SERVICES[code] : undefined;
  const said = (source as { normalise?: unknown }).normalise ?? service.normalise;
  if (said !== undefined && said !== 'minmax' && said !== 'none')
    throw fault(file, ['services', code, side, 'normalise'], 'there is no such way to normalise', {
      found: JSON.stringify(said),
      expected: 'minmax or none',
      fix: 'write minmax, or remove it',
    });
  const normalised = said === undefined ? (known?.normalised?.includes(side) ?? false) : said === 'minmax';
  if (normalised && !sameDimensions(parseUnit(unit), parseUnit('1')))
    throw fault(file, ['services', code], `the ${side} of service '${code}' is normalised, which leaves no unit`, {
      found: unit,
      expected: '1',
      fix: `write normalise: none, or unit: '1'`,
    });
  const made =
    'model' in source
      ? modelSide(place, source as { model: string } & Record<string, unknown>)
      : layerSide(file, code, side, source as { layer: string; unit?: string }, unit);
  if (!normalised) at(file, ['services', code, side], () => densityFactor(made.outputUnit, unit));
  return { ...made, normalised };
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
    origins: {},
    tables: {},
    params: {},
    given: {},
    normalised: false,
  };
}
