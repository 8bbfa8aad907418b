/** Stages and outputs of one map from all threats: the sum of degradation, what it leaves of the suitability, and how rare a class has become. */
import type { OutputSpec } from '../../core/model.ts';
import type { Stage } from '../../core/stage.ts';
import { decayParams } from './decay.ts';
import { limitAccess } from './threat-stages.ts';
import { type HabitatMap, SHARE, type Threat, TIMES } from './threats.ts';

/** The sum over the threats, and what it leaves of the suitability. */
export function addQuality(
  threats: readonly Threat[],
  map: HabitatMap,
  access: boolean,
  outputs: Record<string, OutputSpec>,
  stages: Stage[],
): void {
  const lulc = `lulc_${map}`;
  const sum = `deg_sum_${map}`;
  const weights = threats.reduce((all, { weight }) => all + weight, 0);
  const whole = access ? `open_deg_sum_${map}` : sum;
  const time = TIMES[map];
  const degradation = (about: string): OutputSpec => ({ about: `${about}${time}`, unit: '1', range: SHARE });
  for (const [i, threat] of threats.entries()) {
    const total = i === threats.length - 1 ? whole : `deg_sum_${i + 1}_${map}`;
    const bind = { lulc, sensitivities: `sensitivity_${threat.name}`, squared: `squared_${threat.name}_${map}`, total };
    const stage = {
      shader: 'habitat_threat',
      params: (_: unknown, cell: Parameters<typeof decayParams>[2]) =>
        decayParams(threat, threat.weight / weights, cell),
    };
    stages.push(
      i === 0
        ? { id: `sum_${threat.name}_${map}`, local: 'degrade', bind, ...stage }
        : {
            id: `sum_${threat.name}_${map}`,
            local: 'degrade_more',
            bind: { ...bind, total_before: `deg_sum_${i}_${map}` },
            ...stage,
          },
    );
    outputs[total] = {
      ...degradation(i === threats.length - 1 ? 'degradation by all threats' : 'degradation by the first threats'),
      intermediate: total !== sum,
    };
  }
  if (access) {
    stages.push(limitAccess(`access_${map}`, whole, sum));
    outputs[sum] = degradation('degradation by all threats');
  }
  const bind = { lulc, suitabilities: 'habitat', deg_sum: sum, quality: `quality_${map}` };
  stages.push(
    {
      id: `quality_${map}`,
      local: 'rate_habitat',
      bind,
      params: ({ half_saturation }) => ({ degradation_scale: 2 * half_saturation }),
    },
    { id: `quality_by_largest_${map}`, local: 'rate_habitat', bind },
    {
      id: `habitat_${map}`,
      local: 'suitability_of',
      bind: { lulc, suitabilities: 'habitat', habitat: `habitat_${map}` },
    },
  );
  outputs[`quality_${map}`] = { about: `habitat quality${time}`, unit: '1', range: SHARE, service: map === 'c' };
  outputs[`habitat_${map}`] = { about: `suitability as habitat${time}`, unit: '1', range: SHARE, intermediate: true };
}

export function addRarity(map: HabitatMap, outputs: Record<string, OutputSpec>, stages: Stage[]): void {
  const cover = `new_cover_${map}`;
  stages.push(
    { id: cover, local: 'cover_since', bind: { lulc: `lulc_${map}`, new_cover: cover } },
    {
      id: `rarity_${map}`,
      local: 'rarity_of',
      bind: { lulc: cover, rarities: `rarity_${map}`, rarity: `rarity_${map}` },
    },
  );
  outputs[cover] = {
    about: `land cover where the baseline has some${TIMES[map]}`,
    unit: '1',
    classes: true,
    intermediate: true,
  };
  outputs[`rarity_${map}`] = { about: `how rare the land cover has become${TIMES[map]}`, unit: '1', range: SHARE };
}
