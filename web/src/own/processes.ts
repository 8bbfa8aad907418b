/** What the page offers for the user's own files: models as they are, and habitat quality, whose threats a table names. */
import {
  HABITAT_QUALITY,
  MODELS,
  type Model,
  type ProcessDescription,
  type ProcessRun,
  runHabitat,
  runProcess,
} from '../../../src/index.ts';

type Context = Parameters<typeof runProcess>;

export interface OwnProcess extends Pick<ProcessDescription, 'id' | 'title' | 'outputs'> {
  readonly slots: readonly Slot[];
  readonly params: Model['params'];
  /** @param files names of files by slot; @param params as written */
  run(files: Named, params: Named, platform: Context[1], options: Context[2]): Promise<ProcessRun>;
}

type Named = Readonly<Record<string, string>>;

/** A place for a file. */
export interface Slot {
  readonly name: string;
  readonly about: string;
  readonly optional: boolean;
  readonly kind: 'raster' | 'table';
  /** Of a table. */
  readonly columns: readonly string[];
}

const OFFERED_MODELS = [
  'carbon',
  'annual_water_yield',
  'sdr',
  'ndr',
  'urban_cooling',
  'routing',
  'distance',
  'convolve',
];
/** Columns by which its tables are known. */
const HABITAT_TABLES: Readonly<Record<string, readonly string[]>> = {
  threats: ['threat', 'max_dist', 'weight', 'decay', 'cur_path'],
  sensitivity: ['lucode', 'habitat'],
};

export const OWN_PROCESSES: readonly OwnProcess[] = [
  ...OFFERED_MODELS.map((id) => ofModel(MODELS.get(id)!.model)),
  habitatQuality(),
];

function ofModel(model: Model): OwnProcess {
  const { id, title, inputs, tables = {}, params, outputs } = model;
  const rasters = Object.entries(inputs).map(([name, spec]) => rasterSlot(name, spec));
  const named = Object.entries(tables).map(([name, { about, columns }]) =>
    tableSlot(name, about, ['lucode', ...Object.keys(columns)]),
  );
  const pick = (files: Named, names: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(files).filter(([name]) => name in names));
  return {
    id,
    title,
    slots: [...rasters, ...named],
    params,
    outputs,
    run: (files, values, platform, options) =>
      runProcess(
        { model, inputs: pick(files, inputs), tables: pick(files, tables), params: values, out: id, align: 'auto' },
        platform,
        options,
      ),
  };
}

function habitatQuality(): OwnProcess {
  const { id, title, inputs, params, outputs } = HABITAT_QUALITY;
  const { threat_rasters: _named, ...slots } = inputs;
  return {
    id,
    title,
    slots: Object.entries(slots).map(([name, spec]) =>
      name in HABITAT_TABLES ? tableSlot(name, spec.about, HABITAT_TABLES[name]) : rasterSlot(name, spec),
    ),
    params: Object.fromEntries(
      Object.entries(params).map(([name, { about, unit, range }]) => [name, { about, unit, range, optional: true }]),
    ),
    outputs,
    run: (files, values, platform, options) =>
      runHabitat({ ...files, ...values, out: id, align: 'auto' }, platform, options),
  };
}

function rasterSlot(name: string, { about, unit, optional = false }: ProcessDescription['inputs'][string]): Slot {
  return { name, about: unit === '1' ? about : `${about}, ${unit}`, optional, kind: 'raster', columns: [] };
}

function tableSlot(name: string, about: string, columns: readonly string[]): Slot {
  return { name, about: `${about}: ${columns.join(', ')}`, optional: false, kind: 'table', columns };
}
