/** Habitat quality as the supply of a service: the model for the threats of a project, with its layers and tables. */
import { EcofluxError, throwAll } from '../../core/errors.ts';
import type { InputSpec, Model } from '../../core/model.ts';
import type { ClassRows } from '../../core/values.ts';
import type { CsvTable } from '../../io/class-table.ts';
import { habitatModel, type Threat } from '../../models/habitat_quality/spec.ts';
import { Problems } from '../problems.ts';
import { presenceOf, readSensitivity } from './sensitivity.ts';
import { readThreats, saidPlaces, type ThreatRow } from './threats.ts';

export interface HabitatUse {
  readonly model: Model;
  readonly output: 'quality_c';
  /** Layer of the project for each input. */
  readonly inputs: Readonly<Record<string, { readonly layer: string; readonly spec: InputSpec }>>;
  readonly tables: Readonly<Record<string, ClassRows>>;
  /** The threat that reaches furthest. */
  readonly furthest: Pick<ThreatRow, 'name' | 'maxDistance'>;
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
  const furthest = rows.reduce((a, b) => (b.maxDistance > a.maxDistance ? b : a));
  return { model, output: 'quality_c', inputs, tables: { ...tables, ...presences }, furthest };
}

function checkPlace({ name, line, places }: ThreatRow, file: string): void {
  const { layer, classes } = places;
  const said = saidPlaces(places, ['layer', 'classes', 'cur_path', 'fut_path']);
  const own = layer !== '' || classes !== '';
  if (own && said.length === 1) return;
  throw new EcofluxError('InvalidInput', `the table ${own ? 'says twice' : 'does not say'} where ${name} is`, {
    file,
    place: `line ${line}`,
    found: said.join(', ') || 'neither layer nor classes',
    expected: own ? undefined : 'a layer of the project, or classes of the land cover',
    fix: own
      ? 'leave one of them empty: a project has the rasters of threats among its layers'
      : `name a layer or classes${said.length > 0 ? ': add the raster to the layers of the project, and its name in a column layer' : ''}`,
  });
}
