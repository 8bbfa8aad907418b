/** Results without a value: an error that says which input has none either, where one of them is to blame. */
import { EcofluxError, throwAll } from '../../core/errors.ts';
import type { FieldReader } from '../../engine/run.ts';
import type { WrittenRaster } from '../../io/raster-writer.ts';
import { findCells } from '../odd-cells.ts';
import { inArgument } from './in-argument.ts';
import type { InvestModel, PreparedRun } from './model.ts';

/** @throws EcofluxError or ManyErrors InvalidInput: a result that is nodata everywhere helps nobody */
export async function checkNotEmpty(
  { model, essential = Object.keys(model.outputs).filter((name) => !model.outputs[name].intermediate) }: InvestModel,
  written: ReadonlyMap<string, Pick<WrittenRaster, 'statistics'> & { readonly file: string }>,
  prepared: PreparedRun,
  readers: ReadonlyMap<string, FieldReader>,
  signal?: AbortSignal,
): Promise<void> {
  const final = (output: string) => essential.includes(output) || !model.outputs[output].intermediate;
  const empty = [...written].filter(([output, { statistics }]) => !statistics && final(output));
  if (empty.length === 0) return;
  throwAll(await emptyInputs(empty[0][1].file, prepared, readers, signal));
  // Where no cell is a stream, say, what depends on streams is empty, and that is no error.
  for (const [output, { file }] of empty)
    if (essential.includes(output))
      throw new EcofluxError('InvalidInput', `${file} is nodata everywhere`, {
        fix: 'look for an input that is 0 everywhere (precipitation 0 gives nodata), or for inputs whose valid cells do not meet',
      });
}

async function emptyInputs(
  result: string,
  { checked, layers, grid }: PreparedRun,
  readers: ReadonlyMap<string, FieldReader>,
  signal?: AbortSignal,
): Promise<EcofluxError[]> {
  const problems: EcofluxError[] = [];
  for (const { field, layer, path } of layers.values()) {
    if (await findCells(readers.get(field)!, grid, () => true, signal)) continue;
    const what = `the raster has no valid cell where results are wanted, so that ${result} is nodata everywhere`;
    const fix = 'check its declared nodata value, its place and CRS';
    await inArgument(checked, layer, () => {
      throw new EcofluxError('InvalidInput', what, { file: path, fix });
    }).catch((error) => problems.push(error));
  }
  return problems;
}
