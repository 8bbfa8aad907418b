/**
 * The seeded sample region: rasters, tables and vectors of an invented place that looks like one, of any size, the same bytes for the
 * same seed and size on every machine. A larger size is a finer map of the same place. It makes arrays and texts, no files.
 */
import type { SampleType } from '../core/cells.ts';
import { EcofluxError } from '../core/errors.ts';
import type { Grid } from '../core/grid.ts';
import { makeCountry } from './country.ts';
import { makeGround } from './ground.ts';
import { paintLayers } from './layers.ts';
import { PRESETS, type PresetId } from './presets.ts';

export interface SampleLayer {
  /** Name that models look for: 'lulc', 'dem', … */
  readonly name: string;
  /** Of layers that differ between years. */
  readonly year?: number;
  readonly unit: string;
  readonly about: string;
  /** How the file should hold it. */
  readonly sampleType: SampleType;
  /** Nodata value the file should declare; in `cells` it is NODATA or NODATA_CODE. */
  readonly nodata: number;
  readonly kind: 'quantity' | 'classes';
  /** Row-major from the north-west, size × size; they belong to whoever takes the layer. */
  readonly cells: Float32Array | Uint32Array;
  /** Red, green, blue 0..255 by class code. */
  readonly palette?: Readonly<Record<number, readonly [number, number, number]>>;
  readonly classNames?: Readonly<Record<number, string>>;
}

export interface SampleRegion {
  readonly grid: Grid;
  readonly years: readonly number[];
  readonly layers: readonly SampleLayer[];
  /** Content by file name: *.csv and *.geojson. */
  readonly texts: Readonly<Record<string, string>>;
}

export interface RegionOptions {
  /** Cells across, from 16; 512 by default. */
  readonly size?: number;
  readonly seed?: number;
  /** Rising years; 2003, 2013, 2023 by default. */
  readonly years?: readonly number[];
  readonly preset?: PresetId;
  readonly signal?: AbortSignal;
  /** Called with the part begun and the share of the work done, 0..1. */
  readonly progress?: (part: string, share: number) => void;
}

/** Metres across, about; the cell is the round length that comes nearest. */
const EXTENT = 256000;
const ROUND = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 8, 10];

/** The grid of a region: UTM zone 50N, square cells of a round length, the extent 250 km across within a few per cent. */
export function regionGrid({ size = 512 }: RegionOptions = {}): Grid {
  if (!Number.isInteger(size) || size < 16 || size > 65536) {
    throw new EcofluxError('InvalidConfiguration', 'the sample region cannot have this size', {
      found: `${size}`,
      expected: 'a whole number of cells from 16 to 65536',
      fix: 'choose for example --size 512',
    });
  }
  let unit = 1;
  while (unit * 10 <= EXTENT / size) unit *= 10;
  while (unit > EXTENT / size) unit /= 10;
  let cell = unit;
  for (const step of ROUND) {
    if (Math.abs(step * unit - EXTENT / size) < Math.abs(cell - EXTENT / size)) cell = step * unit;
  }
  return {
    width: size,
    height: size,
    west: 400000,
    north: 3700000,
    cellWidth: cell,
    cellHeight: cell,
    crs: { epsg: 32650, name: 'WGS 84 / UTM zone 50N', kind: 'projected', metresPerUnit: 1 },
  };
}

/** The whole region in memory: 4 bytes per cell and layer (23 layers for three years). For large sizes take {@link regionLayers}. */
export function makeRegion(options: RegionOptions = {}): SampleRegion {
  const layers: SampleLayer[] = [];
  const steps = regionLayers(options);
  for (;;) {
    const step = steps.next();
    if (step.done) return { grid: regionGrid(options), years: yearsOf(options), layers, texts: step.value };
    layers.push(step.value);
  }
}

/**
 * Layers one by one, so that each can be written and forgotten; the texts are the generator's return value, since counties carry sums
 * over the layers. Raises EcofluxError `InvalidConfiguration` for impossible options, `Interrupted` when the signal fires.
 */
export function* regionLayers(options: RegionOptions = {}): Generator<SampleLayer, Readonly<Record<string, string>>> {
  const grid = regionGrid(options);
  const years = yearsOf(options);
  const { seed = 1, signal, progress = () => {} } = options;
  const preset = PRESETS[options.preset ?? 'anhui'];
  if (!preset) {
    throw new EcofluxError('InvalidConfiguration', 'there is no such sample region', {
      found: `${options.preset}`,
      expected: Object.keys(PRESETS).join(', '),
    });
  }
  // The working grid costs the same at every size; the painting grows with the cells.
  const laidOut = 1 / (1 + (grid.width * grid.width) / 400000);
  const country = makeCountry(preset, seed, years, signal, (part, share) => progress(part, share * laidOut));
  const ground = makeGround(country, grid.width, signal);
  return yield* paintLayers({
    country,
    ground,
    grid,
    years,
    signal,
    progress: (part, share) => progress(part, laidOut + share * (1 - laidOut)),
  });
}

function yearsOf({ years = [2003, 2013, 2023] }: RegionOptions): readonly number[] {
  const rising = years.every((year, k) => Number.isInteger(year) && (k === 0 || year > years[k - 1]));
  if (rising && years.length > 0) return years;
  throw new EcofluxError('InvalidConfiguration', 'the years of the sample region must be whole and rising', {
    found: years.join(', ') || 'none',
    expected: 'for example 2003, 2013, 2023',
  });
}
