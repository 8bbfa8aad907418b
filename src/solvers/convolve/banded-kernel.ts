/** The kernel of a convolution in bands: its sum, and its spectrum in groups of columns. */
import { eachTile } from '../each-tile.ts';
import type { KernelInput, SpectrumOfGroup } from './band-steps.ts';
import type { BandedSolve, BandedWork } from './banded.ts';
import { kernelKey, spectrumKey } from './bands.ts';
import { ringsOf, sumOfRings } from './kernels.ts';
import { CONVOLVE_GROUP_SPECTRUM, CONVOLVE_KERNEL_BAND, CONVOLVE_RINGS, type RingsInput } from './tasks.ts';

/** Whose sums one task makes. */
const RINGS = 512;

/** Its rings shared among workers. */
export async function kernelTotal({ kernel, few }: Pick<BandedSolve, 'kernel' | 'few'>): Promise<number> {
  const { pool, signal } = few;
  const rings = ringsOf(kernel);
  const parts: Float64Array[] = Array.from({ length: kernel.shape === 'disc' ? 0 : Math.ceil(rings / RINGS) });
  await eachTile(parts.keys(), few, async (part) => {
    const input: RingsInput = { kernel, from: part * RINGS, end: Math.min((part + 1) * RINGS, rings) };
    parts[part] = await pool.run<RingsInput, Float64Array>(CONVOLVE_RINGS, input, { signal });
  });
  return sumOfRings(kernel, parts);
}

/** Leaves a state for each group. */
export async function bringSpectra({ kernel, bands, few, states, total, step }: BandedWork): Promise<void> {
  const { pool, signal } = few;
  const count = Math.ceil((kernel.reachY + 1) / bands.rows);
  await eachTile(Array(count).keys(), few, async (band) => {
    const input: KernelInput = { bands, band, kernel, total };
    const pieces = await pool.run<KernelInput, ArrayBuffer[]>(CONVOLVE_KERNEL_BAND, input, { signal });
    for (const [group, piece] of pieces.entries()) await states.put(kernelKey(bands, band, group), [piece]);
    step(1 / count);
  });
  await eachTile(Array(bands.groups).keys(), few, async (group) => {
    const pieces: ArrayBuffer[] = [];
    for (let band = 0; band < count; band++) {
      const key = kernelKey(bands, band, group);
      pieces.push(...(await states.take(key)));
      states.drop(key);
    }
    const input: SpectrumOfGroup = { bands, group, reachY: kernel.reachY, pieces };
    const options = { signal, transfer: pieces };
    const spectrum = await pool.run<SpectrumOfGroup, ArrayBuffer>(CONVOLVE_GROUP_SPECTRUM, input, options);
    await states.put(spectrumKey(bands, group), [spectrum]);
    step(1 / bands.groups);
  });
}
