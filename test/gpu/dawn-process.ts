/** Run as a process of its own by dawn.test.ts: Dawn as the command line loads it, without WebGPU's globals. Prints what it saw. */
import { Gpu } from '../../src/gpu/gpu.ts';
import { adapterName } from '../../src/gpu/provider.ts';
import { dawnProvider } from '../../src/node/dawn.ts';

const provider = await dawnProvider();
if (!provider || 'GPUBufferUsage' in globalThis) throw new Error('Dawn is missing, or globals are there');
const found = await provider.adapters();
const gpu = await Gpu.open(provider, found[0]);
const plane = gpu.buffers.acquire(1 << 20, 'plane', 'test/plane');
await gpu.upload(plane, (view) => new Uint8Array(view).fill(42));
const batch = gpu.batch('test/read');
const value = batch.read(plane, 'test/plane', (bytes) => new Uint8Array(bytes)[12_345]);
// Everybody else's setImmediate is as it was: at once, in order, with its arguments.
const order: number[] = [];
for (const n of [1, 2, 3]) setImmediate((m: number) => order.push(m), n);
clearImmediate(setImmediate(() => order.push(4)));
await batch.submit();
await new Promise((resolve) => setImmediate(resolve));
plane.release();
await gpu.destroy();
console.log(JSON.stringify({ names: found.map((each) => adapterName(each.description)), value: await value, order }));
