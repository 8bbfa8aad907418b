/** Rasters of threats, shares from 0 to 1: what kind of numbers they hold, and whether these are such shares. Small rasters and a sample of large ones are looked at before the run; the run itself finds the range of all cells. */
import { EcofluxError, throwAll } from '../../core/errors.ts';
import type { TaskPool } from '../../core/tasks.ts';
import type { Values } from '../../core/values.ts';
import { rangeOf } from '../../engine/found-params.ts';
import { countCodes } from '../class-counts.ts';
import { type BoundLayer, describeFile } from '../layers.ts';
import { cellsInWords, findCells, placeOfCell } from '../odd-cells.ts';
import type { Platform } from '../platform.ts';
import { scanRaster } from '../preflight/scan.ts';
import { Problems } from '../problems.ts';
import { fileReader } from '../readers.ts';

const WHOLE_CELLS = 1e6;
const SAMPLE_BLOCK = 128;

/** Whole numbers need no look at each cell to tell where the threat is. A file that cannot be read is left to the run to complain about. */
export async function kindOfThreat(paths: readonly string[], platform: Platform): Promise<'codes' | 'raster'> {
  const whole = async (path: string) => {
    const { sampleType, scale, offset } = await describeFile(platform, path);
    return (sampleType === 'u8' || sampleType === 'u16') && scale === 1 && offset === 0;
  };
  const found = await Promise.all(paths.map((path) => whole(path).catch(() => false)));
  return found.every(Boolean) ? 'codes' : 'raster';
}

/** Those whose range only the run knows. */
export function rangedThreats(layers: readonly BoundLayer[]): BoundLayer[] {
  return layers.filter(({ type }) => type === 'f32');
}

type ThreatLayer = Pick<BoundLayer, 'path' | 'info' | 'mapping'>;

/** @throws EcofluxError or ManyErrors InvalidInput for values outside, as far as they are met */
export async function checkThreatValues(
  layers: Iterable<ThreatLayer>,
  pool: TaskPool,
  signal?: AbortSignal,
): Promise<void> {
  const problems = new Problems();
  for (const layer of layers)
    await problems.wait(async () => {
      const { path, info, mapping } = layer;
      if (mapping.type === 'u32') {
        const counts = await countCodes(pool, { path, info, mapping }, signal);
        if (counts.length > 0) await checkRange(layer, counts[0][0], counts.at(-1)![0], pool, signal);
        return;
      }
      const { band, extraNodata } = mapping;
      const whole = { x: 0, y: 0, width: info.grid.width, height: info.grid.height };
      const placement = { window: whole, mask: undefined, gridOverlap: 100, areaOverlap: 100, cellMetres: undefined };
      const settings = { wholeCells: WHOLE_CELLS, sampleBlock: SAMPLE_BLOCK, signal };
      const { summary } = await scanRaster(
        { path, info },
        { type: 'f32', band, extraNodata },
        placement,
        pool,
        settings,
      );
      if (summary.valid > 0) await checkRange(layer, summary.low.value, summary.high.value, pool, signal);
    });
  throwAll(problems.all);
}

/** @param records ranges by field. @throws EcofluxError or ManyErrors InvalidInput */
export async function checkThreatRanges(
  layers: readonly BoundLayer[],
  records: ReadonlyMap<string, Values>,
  pool: TaskPool,
  signal?: AbortSignal,
): Promise<void> {
  const problems = new Problems();
  for (const layer of rangedThreats(layers)) {
    const { count, low, high } = records.get(rangeOf(layer.field))!;
    if (count > 0) await problems.wait(() => checkRange(layer, low, high, pool, signal));
  }
  throwAll(problems.all);
}

/** Where the range is not that of a share, the file is read again to say where. */
async function checkRange(
  { path, info, mapping }: ThreatLayer,
  low: number,
  high: number,
  pool: TaskPool,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (low >= 0 && high <= 1) return;
  const { type, band, extraNodata } = mapping;
  const own = fileReader({ path, mapping: { type, band, extraNodata } }, pool);
  const odd = await findCells(own, info.grid, (value) => value < 0 || value > 1, signal);
  throw new EcofluxError('InvalidInput', 'a threat is a share from 0 to 1', {
    file: path,
    place: odd && placeOfCell(odd.first, info.grid),
    found: odd
      ? `${odd.first.value} there, the first of ${cellsInWords(odd.count)} outside; all: ${low} to ${high}`
      : `${low} to ${high}`,
    expected: '0 where the threat is not, up to 1 where it is',
    fix: low < 0 ? 'declare the negative value as nodata, or correct it' : 'scale the values, or make them 0 and 1',
  });
}
