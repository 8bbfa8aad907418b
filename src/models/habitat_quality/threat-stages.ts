/** Stages and outputs of one threat on one map: where it is, how far from it a cell lies, and on request what InVEST writes of that. */
import type { InputSpec, OutputSpec } from '../../core/model.ts';
import type { LocalStage, Stage } from '../../core/stage.ts';
import { decayParams } from './decay.ts';
import { type HabitatMap, SHARE, type Threat, TIMES } from './threats.ts';

export function threatInput({ name, of }: Threat, time: string): InputSpec {
  const codes = {
    about: `threat ${name}${time}: 0 or nodata where there is none, 1 where it is`,
    unit: '1',
    kind: 'classes',
  } as const;
  if (of === 'codes') return codes;
  return {
    about: `threat ${name}${time}: 0 or nodata where there is none, up to 1`,
    unit: '1',
    kind: 'density',
    plausible: SHARE,
  };
}

/** @param share of the threat's weight in the sum of all */
export function addThreat(
  threat: Threat,
  share: number,
  map: HabitatMap,
  { access, transforms }: { readonly access: boolean; readonly transforms: boolean },
  outputs: Record<string, OutputSpec>,
  stages: Stage[],
): void {
  const { name, of, decay } = threat;
  const id = `${name}_${map}`;
  const [squared, lulc] = [`squared_${id}`, `lulc_${map}`];
  const source = of === 'codes' ? `threat_${id}` : `source_${id}`;
  const [sens, filtered, distance] = [`sens_${id}`, `filtered_${decay}_${id}`, `${name}_distance_transform_${map}`];
  const [degradation, open] = [`degradation_${id}`, access ? `open_degradation_${id}` : `degradation_${id}`];
  const sensitivities = `sensitivity_${name}`;
  const ofThreat = (stage: LocalStage): Stage => ({
    ...stage,
    shader: 'habitat_threat',
    params: (_, cell) => decayParams(threat, share, cell),
  });
  if (of === 'raster')
    stages.push(ofThreat({ id: `present_${id}`, local: 'present', bind: { threat: `threat_${id}`, source } }));
  if (of === 'classes')
    stages.push(
      ofThreat({ id: `present_${id}`, local: 'present_class', bind: { lulc, classes: `presence_${name}`, source } }),
    );
  stages.push(
    { id: `distance_${id}`, solve: 'distance', bind: { source, squared } },
    ofThreat({ id: `sensitivity_${id}`, local: 'sensitivity_of', bind: { lulc, sensitivities, sens } }),
    ofThreat({ id: `degrade_${id}`, local: 'degrade', bind: { lulc, sensitivities, squared, total: open } }),
  );
  if (transforms)
    stages.push(
      ofThreat({ id: `filter_${id}`, local: 'filter_distance', bind: { squared, filtered } }),
      ofThreat({ id: `transform_${id}`, local: 'distance_of', bind: { squared, distance_transform: distance } }),
    );
  if (access) stages.push(limitAccess(`access_${id}`, open, degradation));
  const time = TIMES[map];
  Object.assign(outputs, {
    ...(of !== 'codes' && {
      [source]: { about: `where ${name} is${time}`, unit: '1', classes: true, largestCode: 1, intermediate: true },
    }),
    [squared]: { about: `square of the distance to ${name}${time}`, unit: '1', classes: true, intermediate: true },
    ...(transforms && {
      [distance]: { about: `distance to ${name}, cells${time}`, unit: '1', range: [0, Infinity], intermediate: true },
      [filtered]: { about: `what reaches the cell of ${name}${time}`, unit: '1', range: SHARE, intermediate: true },
    }),
    [sens]: { about: `sensitivity to ${name}${time}`, unit: '1', range: SHARE, intermediate: true },
    [degradation]: { about: `degradation by ${name}${time}`, unit: '1', range: SHARE, intermediate: true },
    ...(access && {
      [open]: { about: `degradation by ${name}, access open${time}`, unit: '1', range: SHARE, intermediate: true },
    }),
  } satisfies Record<string, OutputSpec>);
}

/** (4) Access is the same for all threats. */
export function limitAccess(id: string, from: string, to: string): LocalStage {
  return { id, local: 'limit_access', bind: { deg_sum: from, degradation: to } };
}
