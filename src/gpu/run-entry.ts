/**
 * One dispatch of one entry point in plain WebGPU, buffers made and freed around it: for the self-test and for tests of shaders.
 * Not for models: the engine keeps pipelines and buffers.
 */
import { EcofluxError } from '../core/errors.ts';
import type { EntryNames, ReadNames, Shader } from '../core/shader-table.ts';
import { BUFFER_USAGE, MAP_READ } from './flags.ts';

export interface EntryRun<S extends Shader, E extends EntryNames<S>> {
  /** Contents of every buffer that is read. */
  readonly read: Readonly<Record<ReadNames<S, E>, ArrayBufferView<ArrayBuffer>>>;
  /** Bytes of every buffer that is written, by name of the binding; they start as 0. */
  readonly write: Readonly<Record<string, number>>;
  /** Contents of the uniforms; `tile` is all 0 when absent. */
  readonly tile?: ArrayBuffer;
  readonly params?: ArrayBuffer;
  readonly workgroups: readonly [number, number?, number?];
}

const TILE_BYTES = 48;

/** Runs it and gives the written buffers by name. Throws an EcofluxError with the device's message where it refuses. */
export async function runEntry<S extends Shader, const E extends EntryNames<S>>(
  device: GPUDevice,
  shader: S,
  entry: E,
  run: EntryRun<S, E>,
): Promise<Record<string, ArrayBuffer>> {
  const { bindings, uniforms } = shader.entries[entry];
  const buffers: GPUBuffer[] = [];
  const buffer = (size: number, usage: number, label: string) => {
    const made = device.createBuffer({ label: `${shader.file}/${entry}/${label}`, size: Math.max(16, size), usage });
    buffers.push(made);
    return made;
  };
  const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = BUFFER_USAGE;
  device.pushErrorScope('out-of-memory');
  device.pushErrorScope('validation');
  try {
    const module = device.createShaderModule({ label: shader.file, code: shader.code });
    const pipeline = await device.createComputePipelineAsync({
      layout: 'auto',
      compute: { module, entryPoint: entry },
    });
    const encoder = device.createCommandEncoder({ label: `${shader.file}/${entry}` });
    const staging = new Map<string, GPUBuffer>();

    const data = bindings.map(({ name, binding, access }) => {
      const contents = (run.read as Record<string, ArrayBufferView<ArrayBuffer> | undefined>)[name];
      const size = contents?.byteLength ?? run.write[name];
      const made = buffer(size, STORAGE | COPY_SRC | COPY_DST, name);
      if (access === 'read') device.queue.writeBuffer(made, 0, contents!);
      else staging.set(name, made);
      return { binding, resource: { buffer: made, size } };
    });
    const settings = uniforms.map((name) => {
      const contents = run[name] ?? new ArrayBuffer(TILE_BYTES);
      const made = buffer(contents.byteLength, UNIFORM | COPY_DST, name);
      device.queue.writeBuffer(made, 0, contents);
      return { binding: name === 'tile' ? 0 : 1, resource: { buffer: made } };
    });

    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    for (const [index, entries] of [data, settings].entries()) {
      if (entries.length > 0) {
        pass.setBindGroup(index, device.createBindGroup({ layout: pipeline.getBindGroupLayout(index), entries }));
      }
    }
    pass.dispatchWorkgroups(...(run.workgroups as [number, number?, number?]));
    pass.end();
    const copies = [...staging].map(([name, source]) => {
      const target = buffer(source.size, BUFFER_USAGE.MAP_READ | COPY_DST, `${name} for reading`);
      encoder.copyBufferToBuffer(source, 0, target, 0, source.size);
      return { name, target };
    });
    device.queue.submit([encoder.finish()]);

    const written: Record<string, ArrayBuffer> = {};
    for (const { name, target } of copies) {
      await target.mapAsync(MAP_READ);
      written[name] = target.getMappedRange().slice(0, run.write[name]);
      target.unmap();
    }
    return written;
  } catch (cause) {
    throw refused(shader, entry, cause instanceof Error ? cause.message : String(cause), cause);
  } finally {
    const errors = [await device.popErrorScope(), await device.popErrorScope()].filter((error) => error !== null);
    for (const made of buffers) made.destroy();
    // biome-ignore lint/correctness/noUnsafeFinally: the device's own message tells more than the error that followed from it
    if (errors.length > 0) throw refused(shader, entry, errors.map((error) => error.message).join('; '));
  }
}

function refused(shader: Shader, entry: string, message: string, cause?: unknown): EcofluxError {
  return new EcofluxError('Unsupported', `the device did not run ${entry}: ${message}`, { file: shader.file, cause });
}
