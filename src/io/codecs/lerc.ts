/** LERC by Esri's lerc package (WebAssembly, decoding only), bare or wrapped in deflate or zstd as GDAL writes it. */
import * as Lerc from 'lerc';
import { type Codec, codecNamed } from './index.ts';

/** Decodes to samples; cells that LERC masks out are NaN in floats and 0 in integers. */
export async function loadLerc(wrapping: 'none' | 'deflate' | 'zstd'): Promise<Codec> {
  if (!Lerc.isLoaded()) await Lerc.load();
  const unwrap = await codecNamed(wrapping);
  return {
    async decode(bytes, size) {
      // A LERC blob is smaller than its samples but for its header of some hundred bytes.
      const blob = wrapping === 'none' ? bytes : await unwrap.decode(bytes, 2 * size + 4096);
      const { pixels, mask, width, height, depthCount, pixelType } = Lerc.decode(blob, { returnInterleaved: true });
      const cells = width * height;
      if (pixels.length === 1) {
        const only = pixels[0];
        if (mask && pixelType[0] === 'F')
          for (let i = 0; i < only.length; i++) if (!mask[Math.floor(i / depthCount)]) only[i] = Number.NaN;
        return new Uint8Array(only.buffer, only.byteOffset, only.byteLength);
      }
      const out = new (pixels[0].constructor as Float32ArrayConstructor)(cells * pixels.length);
      pixels.forEach((plane, band) => {
        for (let i = 0; i < cells; i++) out[i * pixels.length + band] = plane[i];
      });
      return new Uint8Array(out.buffer);
    },
  };
}
