/** The last step of a convolution in bands: lines back along x, results, and cells that a transform does not tell well enough. */
import type { Window } from '../../core/grid.ts';
import { eachTile } from '../each-tile.ts';
import type { BandCovers } from './band-covers.ts';
import type { BackwardInput, BackwardOutput } from './band-steps.ts';
import type { BandedWork, BandOfBlock } from './banded.ts';
import { pieceKey } from './bands.ts';
import type { BlockOutput } from './block.ts';
import { putThin } from './block-rows.ts';
import type { BlockValues } from './block-values.ts';
import { CONVOLVE_BAND_BACKWARD, CONVOLVE_THIN } from './tasks.ts';
import type { ThinCell, ThinInput } from './thin-cells.ts';

/** What is known of the values of a block. */
export interface BandedValues {
  readonly about: BlockValues;
  readonly whole: boolean;
  /** Missing where no sum leaves a doubt. */
  readonly covers: BandCovers | undefined;
}

/** @param parts all bands; @param own those with rows of the block */
export async function bandResults(
  work: BandedWork,
  block: Window,
  parts: readonly BandOfBlock[],
  own: readonly BandOfBlock[],
  { about, whole, covers }: BandedValues,
): Promise<void> {
  const { request, kernel, plan, bands, few, states, pieces, step } = work;
  const { pool, signal } = few;
  for (const { band } of parts) if (covers && !own.some((part) => part.band === band)) await covers.take(band);
  await eachTile(own, few, async (part) => {
    const { band, window } = part;
    const values = (await request.inputs.values.read(window)) as Float32Array<ArrayBuffer>;
    const given: ArrayBuffer[] = [];
    for (let group = 0; group < bands.groups; group++) {
      given.push(...(await states.take(pieceKey(bands, band, group))));
      states.drop(pieceKey(bands, band, group));
    }
    const top = band * bands.rows;
    const marginY = part.own.first - top;
    const height = part.own.end - part.own.first;
    const cells = {
      values,
      width: block.width,
      height,
      kernel,
      plan: { marginX: plan.marginX, marginY },
      wanted: Object.keys(request.outputs) as (keyof BlockOutput)[],
      part: { whole, top, cover: await covers?.take(band) },
    };
    const input: BackwardInput = { ...cells, bands, band, about, pieces: given };
    const transfer = [...given, values.buffer];
    const made = await pool.run<BackwardInput, BackwardOutput>(CONVOLVE_BAND_BACKWARD, input, { signal, transfer });
    putThin(await sumThin(work, parts, about, made.thin), cells, top, about, made.planes);
    const rows = { ...block, y: block.y + part.own.first - plan.marginY, height };
    await pieces.add(rows, made.planes as Readonly<Record<string, Float32Array>>);
    step(1 / own.length);
  });
}

/** Band by band, so that they are summed in the order of their block's rows. */
async function sumThin(
  { request, kernel, total, few, bands }: BandedWork,
  parts: readonly BandOfBlock[],
  { level }: BlockValues,
  thin: ThinCell[],
): Promise<ThinCell[]> {
  const { pool, signal } = few;
  let cells = thin;
  for (const { band, window } of parts) {
    const top = band * bands.rows;
    const reaches = ({ y }: ThinCell) => y + kernel.reachY >= top && y - kernel.reachY < top + window.height;
    if (!cells.some(reaches)) continue;
    const values = (await request.inputs.values.read(window)) as Float32Array<ArrayBuffer>;
    const input: ThinInput = { cells, values, pitch: window.width, top, kernel, total, level };
    cells = await pool.run<ThinInput, ThinCell[]>(CONVOLVE_THIN, input, { signal, transfer: [values.buffer] });
  }
  return cells;
}
