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

const pool = () => Buffer.allocUnsafe(1).buffer;

test('small buffers of Node share one', () => {
  expect(Buffer.allocUnsafe(30000).buffer).toBe(pool());
});

test('a small decoded block lies alone', async () => {
  const block = (await (
    await codecNamed('deflate')
  ).decode(deflateSync(new Uint8Array(1000).fill(7)), 1000)) as Uint8Array;
  expect([...block.subarray(0, 3)]).toEqual([7, 7, 7]);
  expect(block.buffer).not.toBe(pool());
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
  expect(transfer).toContain(bytes.buffer);
  expect(bytes.buffer).not.toBe(pool());
});
