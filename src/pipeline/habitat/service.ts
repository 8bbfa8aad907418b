/** Habitat quality as the supply of a service: the model for the threats of a project, with its layers and tables. */
import { EcofluxError, throwAll } from '../../core/errors.ts';
import type { ClassRows, InputSpec, Model } from '../../core/model.ts';
import type { CsvTable } from '../../io/class-table.ts';
import { habitatModel, type Threat } from '../../models/habitat_quality/spec.ts';
import { Problems } from '../problems.ts';
import { presenceOf, readSensitivity } from './sensitivity.ts';
import { readThreats, type ThreatRow } from './threats.ts';

export interface HabitatUse {
  readonly model: Model;
  readonly output: 'quality_c';
  /** Layer of the project for each input. */
  readonly inputs: Readonly<Record<string, { readonly layer: string; readonly spec: InputSpec }>>;
  readonly tables: Readonly<Record<string, ClassRows>>;
}

/** @throws EcofluxError or ManyErrors InvalidInput: all that is wrong with the two tables */
export function prepareHabitat(threats: CsvTable, sensitivity: CsvTable): HabitatUse {
  const rows = readThreats(threats);
  const problems = new Problems();
  const [tables] = problems.take(() => readSensitivity(sensitivity, rows));
  const placed: Threat[] = rows.map((row) => ({ ...row, of: row.places.classes ? 'classes' : 'raster' }));
  const presences: Record<string, ClassRows> = {};
  for (const row of rows)
    problems.take(() => {
      checkPlace(row, threats.name);
      if (row.places.classes && tables)
        presences[`presence_${row.name}`] = presenceOf(row, threats.name, tables.habitat.keys());
    });
  throwAll(problems.all);
  const model = habitatModel({ threats: placed, maps: ['c'] });
  const layerOf = (input: string, spec: InputSpec) => {
    const row = rows.find(({ name }) => input === `threat_${name}_c`);
    return { layer: row?.places.layer ?? spec.layer ?? input, spec };
  };
  const inputs = Object.fromEntries(Object.entries(model.inputs).map(([name, spec]) => [name, layerOf(name, spec)]));
  return { model, output: 'quality_c', inputs, tables: { ...tables, ...presences } };
}

function checkPlace({ name, line, places: { layer, classes } }: ThreatRow, file: string): void {
  if ((layer === '') !== (classes === '')) return;
  const both = layer !== '';
  throw new EcofluxError('InvalidInput', `the table ${both ? 'says twice' : 'does not say'} where ${name} is`, {
    file,
    place: `line ${line}`,
    found: both ? `layer ${layer}, classes ${classes}` : 'neither layer nor classes',
    fix: both ? 'leave one of them empty' : 'name a layer of the project, or classes of the land cover',
  });
}
