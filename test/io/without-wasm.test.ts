/** Where a page may not compile WebAssembly, rasters of floats are written all the same, and with the same bytes. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { inlinePool } from '../../src/core/tasks.ts';
import type { RasterDescription } from '../../src/io/raster-writer.ts';
import { gridOf, seeded } from './rasters.ts';

const [WIDTH, HEIGHT] = [150, 131];
const { CompileError } = WebAssembly;

/** As browsers refuse it: by an exception of the constructor. */
const REFUSED = {
  Module: class {
    constructor() {
      throw new CompileError('Refused to compile WebAssembly by the policy of the page');
    }
  },
};

/** Rows all valid, all nodata or mixed, with whatever a model might let through. */
function floats(): Float32Array {
  const random = seeded(11);
  const odd = [NODATA, Number.NaN, Infinity, -Infinity, -9999, 0, -0, 3.4028234663852886e38];
  const cells = new Float32Array(WIDTH * HEIGHT);
  for (let row = 0; row < HEIGHT; row++) {
    const share = [0, 0.1, 1][Math.floor(random() * 3)];
    for (let i = 0; i < WIDTH; i++)
      cells[row * WIDTH + i] =
        random() < share ? odd[Math.floor(random() * (share === 1 ? 2 : odd.length))] : 1000 * random() - 500;
  }
  return cells;
}

/** The file, by modules that have not been used before. */
async function written(description: Partial<RasterDescription>): Promise<Uint8Array> {
  vi.resetModules();
  const { ioTasks } = await import('../../src/io/tasks.ts');
  const { writeRaster } = await import('../../src/io/raster-writer.ts');
  const { memoryTarget } = await import('../../src/io/output.ts');
  const target = memoryTarget('x.tif');
  const usual = { grid: gridOf(WIDTH, HEIGHT), sampleType: 'f32', kind: 'quantity', nodata: -9999 } as const;
  await writeRaster(target, { ...usual, blockSize: 64, ...description }, floats(), { pool: inlinePool(ioTasks) });
  return target.bytes();
}

afterEach(() => vi.unstubAllGlobals());

describe('writing floats without WebAssembly', () => {
  const cases: Readonly<Record<string, Partial<RasterDescription>>> = {
    'predictor 3, deflate': {},
    'no predictor, no compression': { predictor: 1, compression: 'none' },
    'nodata NaN': { nodata: Number.NaN },
    'nodata 0': { nodata: 0 },
  };
  it.each(Object.entries(cases))('%s', async (_, description) => {
    const usual = await written(description);
    vi.stubGlobal('WebAssembly', REFUSED);
    const refused = await written(description);
    expect(refused.length).toBeGreaterThan(10_000);
    expect(Buffer.compare(refused, usual)).toBe(0);
  });

  it('is refused in these cases, and asked for where nobody refuses it', async () => {
    const mayCompile = async () => {
      vi.resetModules();
      return (await import('../../src/core/wasm/allowed.ts')).mayCompile();
    };
    expect(await mayCompile()).toBe(true);
    vi.stubGlobal('WebAssembly', REFUSED);
    expect(await mayCompile()).toBe(false);
  });
});
