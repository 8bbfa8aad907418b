/** Turns the commands of a batch into those of a WebGPU command encoder. */
import type { Command } from './batch.ts';
import type { PooledBuffer } from './buffers.ts';
import type { Dispatch } from './dispatch.ts';
import type { BatchTimes } from './timestamps.ts';
import { UNIFORM_ALIGNMENT } from './uniforms.ts';

/** Records all commands in their order and writes their uniforms; returns the bytes of these. */
export function recordCommands(
  device: GPUDevice,
  encoder: GPUCommandEncoder,
  commands: readonly Command[],
  times: BatchTimes | undefined,
  acquireUniforms: (bytes: number) => PooledBuffer,
): number {
  const dispatches = commands.flatMap((command) => (command.kind === 'dispatch' ? [command.dispatch] : []));
  const uniforms = writeUniforms(device, dispatches, acquireUniforms);
  let pass: GPUComputePassEncoder | undefined;
  let index = 0;
  for (const command of commands) {
    if (command.kind !== 'dispatch' || times) {
      pass?.end();
      pass = undefined;
    }
    if (command.kind === 'copy') {
      const { from, to } = command;
      encoder.copyBufferToBuffer(from.buffer, from.offset, to.buffer, to.offset, from.size);
    } else if (command.kind === 'clear') {
      encoder.clearBuffer(command.slice.buffer, command.slice.offset, command.slice.size);
    } else {
      const { dispatch } = command;
      pass ??= encoder.beginComputePass({ label: dispatch.label, timestampWrites: times?.writes(index) });
      recordDispatch(device, pass, dispatch, uniforms?.entries[index] ?? []);
      index++;
    }
  }
  pass?.end();
  return uniforms?.bytes ?? 0;
}

function recordDispatch(
  device: GPUDevice,
  pass: GPUComputePassEncoder,
  { label, kernel, bindings, workgroups }: Dispatch,
  uniforms: readonly GPUBindGroupEntry[],
): void {
  const data = kernel.reflection.bindings.map(
    ({ name, binding }): GPUBindGroupEntry => ({ binding, resource: bindings[name] }),
  );
  const [dataLayout, uniformLayout] = kernel.groups;
  pass.setPipeline(kernel.pipeline);
  pass.setBindGroup(0, device.createBindGroup({ label, layout: dataLayout, entries: data }));
  pass.setBindGroup(1, device.createBindGroup({ label, layout: uniformLayout, entries: [...uniforms] }));
  if ('buffer' in workgroups) pass.dispatchWorkgroupsIndirect(workgroups.buffer, workgroups.offset);
  else pass.dispatchWorkgroups(...workgroups);
}

/** All uniforms of the batch in one buffer and one write; the entries of each dispatch point into it. */
function writeUniforms(
  device: GPUDevice,
  dispatches: readonly Dispatch[],
  acquire: (bytes: number) => PooledBuffer,
): { readonly bytes: number; readonly entries: readonly (readonly GPUBindGroupEntry[])[] } | undefined {
  const count = dispatches.reduce((sum, { uniforms }) => sum + uniforms.length, 0);
  if (count === 0) return undefined;
  const all = new Uint8Array(dispatches.reduce((sum, { uniforms }) => sum + uniforms.reduce(paddedBytes, 0), 0));
  const { buffer } = acquire(all.length);
  let offset = 0;
  const entries = dispatches.map(({ uniforms }) =>
    uniforms.map(({ binding, bytes }): GPUBindGroupEntry => {
      all.set(bytes, offset);
      const resource = { buffer, offset, size: bytes.length };
      offset += padded(bytes.length);
      return { binding, resource };
    }),
  );
  device.queue.writeBuffer(buffer, 0, all);
  return { bytes: all.length, entries };
}

function paddedBytes(sum: number, { bytes }: { readonly bytes: Uint8Array }): number {
  return sum + padded(bytes.length);
}

function padded(size: number): number {
  return Math.ceil(size / UNIFORM_ALIGNMENT) * UNIFORM_ALIGNMENT;
}
