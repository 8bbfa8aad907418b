/** Tables of the model: suitability, and of each threat sensitivity and, where it is classes, which ones. */
import type { TableSpec } from '../../core/model.ts';
import { type HabitatMap, SHARE, type Threat } from './threats.ts';

export function tablesOf(
  threats: readonly Threat[],
  lulcs: readonly string[],
  maps: readonly HabitatMap[],
  rarity: boolean,
): Record<string, TableSpec> {
  const invest = 'sensitivity_table_path';
  const column = (name: string, about: string) => ({ [name]: { about, unit: '1', range: SHARE } });
  const tables: Record<string, TableSpec> = {
    habitat: {
      about: 'suitability as habitat by class',
      of: lulcs,
      invest,
      columns: column('habitat', 'suitability, 1 at its best'),
    },
  };
  for (const { name, of } of threats) {
    tables[`sensitivity_${name}`] = {
      about: `sensitivity to ${name} by class`,
      of: [], // codes as in `habitat`
      invest,
      columns: column('sensitivity', `sensitivity to ${name}`),
    };
    if (of === 'classes')
      tables[`presence_${name}`] = {
        about: `classes that are ${name}`,
        of: [],
        invest,
        columns: { presence: { about: `1 for classes that are ${name}`, unit: '1', values: [0, 1] } },
      };
  }
  if (rarity)
    for (const map of maps)
      tables[`rarity_${map}`] = {
        about: 'how rare a class has become',
        of: [],
        columns: column('rarity', '0.5 unchanged, more: rarer'),
      };
  return tables;
}
