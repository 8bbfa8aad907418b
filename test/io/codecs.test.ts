/** Codecs and predictors by themselves: what goes in comes out, checked against Node's zlib and against definitions. */
import { constants, deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adler32 } from '../../src/io/codecs/adler32.ts';
import { deflate } from '../../src/io/codecs/deflate.ts';
import { deflateBytes } from '../../src/io/codecs/deflate-encoder.ts';
import { deflateRuns } from '../../src/io/codecs/deflate-runs.ts';
import { huffmanCode } from '../../src/io/codecs/huffman.ts';
import { codecNamed } from '../../src/io/codecs/index.ts';
import { applyFloat32Planes, undoFloat32Row } from '../../src/io/float32-planes.ts';
import { applyDifferences, applyFloatPlanes, undoDifferences, undoFloatPlanes } from '../../src/io/predictors.ts';
import { useNodeCodecs } from '../../src/node/codecs.ts';
import { seeded } from './rasters.ts';

/** Bytes as rasters have them: stretches of runs, repeats from before, small differences, and noise. */
const rasterBytes = fc
  .array(fc.record({ kind: fc.nat(4), length: fc.integer({ min: 1, max: 40000 }), seed: fc.nat(1e9) }), {
    maxLength: 14,
  })
  .map((parts) => {
    const bytes: number[] = [];
    for (const { kind, length, seed } of parts) {
      const random = seeded(seed);
      const from = bytes.length - 1 - (seed % Math.max(1, bytes.length));
      for (let i = 0; i < length; i++) {
        if (kind === 0) bytes.push(seed & 255);
        else if (kind === 1) bytes.push(bytes[from + i] ?? 0);
        else if (kind === 2) bytes.push(Math.floor(random() * random() * 8));
        else if (kind === 3) bytes.push(Math.floor(random() * 256));
        else bytes.push(i % 512 < 3 ? 7 : 0);
      }
    }
    return Uint8Array.from(bytes);
  });

describe('our deflate', () => {
  const expectBack = (bytes: Uint8Array) => {
    expect(Buffer.from(bytes).equals(inflateSync(deflateBytes(bytes)))).toBe(true);
  };

  it('is unpacked by zlib to the same bytes', () => {
    fc.assert(fc.property(rasterBytes, expectBack), { numRuns: 60, seed: 3 });
  });
  it('short inputs, one value, all values, matches across the borders of blocks and of the window', () => {
    for (let length = 0; length < 70; length++) expectBack(new Uint8Array(length).map((_, i) => (i * i) & 3));
    expectBack(new Uint8Array(300_000));
    expectBack(new Uint8Array(300_000).fill(200));
    expectBack(new Uint8Array(300_000).map((_, i) => i & 255));
    expectBack(new Uint8Array(300_000).map((_, i) => ((i % 32768) * 2654435761) >>> 24));
    expectBack(new Uint8Array(300_000).map((_, i) => ((i % 32769) * 2654435761) >>> 24));
    expectBack(new Uint8Array(300_000).map((_, i) => ((i % 131072) * 2654435761) >>> 24));
  });
  it('a part of a larger buffer', () => {
    const whole = new Uint8Array(5000).map((_, i) => (i >> 3) & 255);
    expect(inflateSync(deflateBytes(whole.subarray(1001, 3002)))).toEqual(Buffer.from(whole.subarray(1001, 3002)));
  });
  it('packs about as well as level 1 of zlib, and noise never grows by more than a thousandth', () => {
    const random = seeded(5);
    const ground = Float32Array.from({ length: 512 * 512 }, (_, i) => 300 + 200 * Math.sin(i / 5000) + random());
    const words = new Int32Array(ground.buffer);
    applyFloat32Planes(words, 512, 512);
    const planes = new Uint8Array(words.buffer);
    expect(deflateBytes(planes).length).toBeLessThan(1.02 * deflateSync(planes, { level: 1 }).length);
    const noise = Uint8Array.from({ length: 300_000 }, () => Math.floor(random() * 256));
    expect(deflateBytes(noise).length).toBeLessThan(1.001 * noise.length);
    expectBack(noise);
  });
  it('checksum by definition', () => {
    const bytes = Uint8Array.from({ length: 100_003 }, (_, i) => 255 - (i % 7));
    let [a, b] = [1, 0];
    for (const byte of bytes) {
      a = (a + byte) % 65521;
      b = (b + a) % 65521;
    }
    expect(adler32(bytes)).toBe(b * 65536 + a);
    expect(adler32(new Uint8Array(8000).fill(255))).toBe(
      Buffer.from(deflateSync(new Uint8Array(8000).fill(255))).readUInt32BE(
        deflateSync(new Uint8Array(8000).fill(255)).length - 4,
      ),
    );
  });
  it('codes fit the limit and are complete, also for frequencies that ask for longer ones', () => {
    const fibonacci = [1, 1];
    while (fibonacci.length < 30) fibonacci.push(fibonacci.at(-1)! + fibonacci.at(-2)!);
    for (const limit of [7, 11, 12, 15]) {
      const { lengths } = huffmanCode(Int32Array.from(fibonacci), limit);
      expect(Math.max(...lengths)).toBe(limit);
      expect(lengths.reduce((sum, length) => sum + 2 ** -length, 0)).toBe(1);
    }
  });
});

describe('deflate of runs', () => {
  const expectBack = (bytes: Uint8Array) => {
    expect(inflateSync(deflateRuns(bytes)).equals(bytes)).toBe(true);
  };

  it('is unpacked by zlib to the same bytes', () => {
    fc.assert(fc.property(rasterBytes, expectBack), { numRuns: 60, seed: 4 });
  });
  it('short inputs, runs of every length, more than one block of codes, parts of larger buffers', () => {
    for (let length = 0; length < 70; length++) expectBack(new Uint8Array(length).map((_, i) => (i * i) & 3));
    for (let run = 1; run < 530; run++) {
      const bytes = new Uint8Array(run + 20).map((_, i) => (i < 10 || i >= 10 + run ? i : 99));
      expectBack(bytes);
      expectBack(new Uint8Array(run).fill(run));
    }
    expectBack(new Uint8Array(2_500_000).map((_, i) => (i % 1000 < 900 ? 0 : i)));
    const whole = new Uint8Array(5000).map((_, i) => (i >> 3) & 255);
    expectBack(whole.subarray(1001, 3002));
  });
  it('packs as well as zlib does with Z_RLE; noise never grows by more than a thousandth', () => {
    const random = seeded(5);
    const ground = Float32Array.from({ length: 512 * 512 }, (_, i) => 300 + 200 * Math.sin(i / 5000) + random());
    applyFloat32Planes(new Int32Array(ground.buffer), 512, 512);
    const planes = new Uint8Array(ground.buffer);
    const zlib = deflateSync(planes, { level: 1, strategy: constants.Z_RLE, memLevel: 9 });
    expect(deflateRuns(planes).length).toBeLessThan(1.01 * zlib.length);
    const noise = Uint8Array.from({ length: 300_000 }, () => Math.floor(random() * 256));
    expect(deflateRuns(noise).length).toBeLessThan(1.001 * noise.length);
    expectBack(noise);
  });
});

describe('deflate of Node', () => {
  const floats = (value: (i: number) => number) => {
    const ground = Float32Array.from({ length: 512 * 512 }, (_, i) => value(i));
    const words = new Int32Array(ground.buffer);
    applyFloat32Planes(words, 512, 512);
    return new Uint8Array(words.buffer);
  };
  it('after predictor 3 looks for more than runs where values repeat, and unpacks to the same bytes', async () => {
    useNodeCodecs();
    const { encode } = await codecNamed('deflate');
    const random = seeded(8);
    const measured = floats((i) => 300 + 200 * Math.sin(i / 5000) + random());
    const distances = floats((i) => 250 * Math.hypot(i % 32, (i >> 9) % 32));
    for (const [bytes, onlyRuns] of [
      [measured, true],
      [distances, false],
    ] as const) {
      const packed = await encode!(bytes, undefined, 3);
      expect(inflateSync(packed).equals(bytes)).toBe(true);
      const runs = deflateSync(bytes, { level: 1, strategy: constants.Z_RLE, memLevel: 9 });
      if (onlyRuns) expect(Buffer.from(packed).equals(deflateRuns(bytes))).toBe(true);
      else expect(packed.length).toBeLessThan(runs.length / 2);
    }
    expect(Buffer.from(await encode!(measured, 6, 3))).toEqual(deflateSync(measured, { level: 6, memLevel: 9 }));
  });
});

describe('decoders', () => {
  it("the browser's deflate stream", async () => {
    const bytes = new Uint8Array(10000).map((_, i) => i >> 4);
    expect(await deflate.decode(deflateSync(bytes), bytes.length)).toEqual(bytes);
    expect(inflateSync(await deflate.encode!(bytes))).toEqual(Buffer.from(bytes));
    await expect(Promise.resolve(deflate.decode(bytes, 10))).rejects.toThrow();
  });
  it('packbits: literals, runs, the code that does nothing', async () => {
    const { decode } = await codecNamed('packbits');
    const packed = Uint8Array.from([0xfe, 0xaa, 0x02, 0x80, 0x00, 0x2a, 0x80, 0xfd, 0xaa, 0x00, 0x01]);
    expect(Array.from(await decode(packed, 11))).toEqual([
      0xaa, 0xaa, 0xaa, 0x80, 0x00, 0x2a, 0xaa, 0xaa, 0xaa, 0xaa, 0x01,
    ]);
  });
  it('lzw: the example of the TIFF specification, and a code before it is defined', async () => {
    const { decode } = await codecNamed('lzw');
    const pack = (codes: number[]) => {
      const bits = codes.map((code) => code.toString(2).padStart(9, '0')).join('');
      return Uint8Array.from(bits.padEnd(Math.ceil(bits.length / 8) * 8, '0').match(/.{8}/g)!, (byte) =>
        Number.parseInt(byte, 2),
      );
    };
    expect(Array.from(await decode(pack([256, 7, 258, 8, 8, 258, 6, 257]), 9))).toEqual([7, 7, 7, 8, 8, 7, 7, 6]);
    expect(() => decode(pack([256, 7, 300, 257]), 9)).toThrow(/before it is defined/);
  });
  it('an unknown compression says what there is', () => {
    expect(() => codecNamed('JPEG')).toThrow(/JPEG compression is not supported.*deflate.*Convert the file/);
  });
});

describe('predictors', () => {
  const shapes = fc.record({
    rows: fc.integer({ min: 1, max: 9 }),
    cells: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(64, 600)),
    stride: fc.integer({ min: 1, max: 3 }),
    seed: fc.nat(1e6),
  });
  const noise = (length: number, seed: number) => {
    const random = seeded(seed);
    return Uint8Array.from({ length }, () => Math.floor(random() * 256));
  };

  it('2: undone and applied, all widths, all strides', () => {
    fc.assert(
      fc.property(shapes, fc.constantFrom(1, 2, 4, 8), ({ rows, cells, stride, seed }, width) => {
        const across = cells * stride;
        const bytes = noise(rows * across * width, seed);
        const undone = bytes.slice();
        undoDifferences(undone, width, { rows, across, stride });
        // By the definition: every sample is the one before it in its band plus the difference, modulo the width.
        const read = (array: Uint8Array, i: number) =>
          BigInt.asUintN(
            64,
            array
              .subarray(i * width, (i + 1) * width)
              .reduce((sum, byte, at) => sum | (BigInt(byte) << BigInt(8 * at)), 0n),
          );
        for (let i = 0; i < rows * across; i++) {
          const before = i % across < stride ? 0n : read(undone, i - stride);
          expect(read(undone, i)).toBe(BigInt.asUintN(8 * width, before + read(bytes, i)));
        }
        if (stride > 1) return;
        applyDifferences(undone, width, { rows, across, stride });
        expect(undone).toEqual(bytes);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('3: undone and applied, the fast way for f32 as the general one', () => {
    fc.assert(
      fc.property(shapes, fc.constantFrom(2, 4, 8), ({ rows, cells, seed }, width) => {
        const shape = { rows, across: cells, stride: 1 };
        const bytes = noise(rows * cells * width, seed);
        const applied = applyFloatPlanes(bytes, width, shape);
        expect(undoFloatPlanes(applied.slice(), width, shape)).toEqual(bytes);
        if (width !== 4 || cells % 4 > 0) return;
        const fast = new Int32Array(bytes.slice().buffer);
        applyFloat32Planes(fast, rows, cells);
        expect(new Uint8Array(fast.buffer)).toEqual(applied);
        const back = new Int32Array(rows * cells);
        for (let row = 0; row < rows; row++) undoFloat32Row(fast, row * cells, cells, back, row * cells);
        expect(new Uint8Array(back.buffer)).toEqual(bytes);
      }),
      { seed: 2, numRuns: 100 },
    );
  });
});
