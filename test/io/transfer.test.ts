/** What a worker hands over must not lie in the buffer pool that Node shares out, which cannot be transferred: 8 KiB in Node 20, 64 KiB in 24. */
import { deflateSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { codecNamed } from '../../src/io/codecs/index.ts';
import { ioTasks } from '../../src/io/tasks.ts';
import { useNodeCodecs } from '../../src/node/codecs.ts';

const ordinary = Buffer.poolSize;
beforeEach(() => {
  useNodeCodecs();
  Buffer.poolSize = 2 ** 17;
  Buffer.allocUnsafe(2 ** 16); // the next pool has the new size
});
afterEach(() => {
  Buffer.poolSize = ordinary;
});

test('the pool itself cannot be transferred', () => {
  const { buffer } = Buffer.allocUnsafe(100);
  expect(() => structuredClone(buffer, { transfer: [buffer as ArrayBuffer] })).toThrow();
});

test('a small decoded block can', async () => {
  const block = (await codecNamed('deflate')).decode(deflateSync(new Uint8Array(1000).fill(7)), 1000) as Uint8Array;
  const { buffer } = structuredClone(block, { transfer: [block.buffer as ArrayBuffer] });
  expect(buffer.byteLength).toBeGreaterThanOrEqual(1000);
});

test('a small encoded block travels alone', async () => {
  const encoding = {
    file: 'a',
    sampleType: 'f32',
    nodata: -1,
    kind: 'quantity',
    compression: 'deflate',
    level: undefined,
    predictor: 3,
    blockSize: 16,
  };
  const { output, transfer } = await ioTasks.encode_block(
    { cells: new Float32Array(256).fill(3), encoding, reduce: false },
    { services: {} },
  );
  const { bytes } = output as { bytes: Uint8Array };
  expect(bytes.buffer.byteLength).toBe(bytes.byteLength);
  structuredClone(output, { transfer });
});
