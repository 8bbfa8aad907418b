/** One dispatch of a batch: what the caller gave, checked against the shader's reflection before anything reaches the device. */
import { EcofluxError } from '../core/errors.ts';
import type { StructLayout } from '../core/shader-table.ts';
import { type BufferSlice, formatBytes } from './buffers.ts';
import { type Kernel, UNIFORM_BINDING } from './pipelines.ts';
import { packStruct, type TileValues } from './uniforms.ts';

export type Bindings = Readonly<Record<string, BufferSlice>>;

/** Cells to cover with workgroups, the workgroups themselves, or three u32 on the device that tell them when the dispatch runs. */
export type DispatchSize =
  | { readonly width: number; readonly height: number }
  | { readonly workgroups: readonly [number, number] }
  | { readonly indirect: BufferSlice };

export interface Dispatch {
  readonly label: string;
  readonly kernel: Kernel;
  readonly bindings: Bindings;
  readonly uniforms: readonly { readonly binding: number; readonly bytes: Uint8Array }[];
  readonly workgroups: readonly [number, number] | BufferSlice;
}

/** @throws EcofluxError Bug for bindings, values or sizes that do not fit the kernel; OutOfCapacity for a slice too large to bind */
export function prepareDispatch(
  kernel: Kernel,
  bindings: Bindings,
  tile: TileValues,
  params: Readonly<Record<string, number>>,
  size: DispatchSize,
  label: string,
  device: { readonly limits: GPUSupportedLimits; readonly tileLayout: StructLayout },
): Dispatch {
  checkBindings(kernel, bindings, label, device.limits);
  const uniforms = kernel.reflection.uniforms.map((name) => ({
    binding: UNIFORM_BINDING[name],
    bytes:
      name === 'tile'
        ? packStruct(device.tileLayout, { ...tile, opaque_key: 0 }, `tile of ${label}`)
        : packStruct(kernel.params!, params, `parameters of ${label}`),
  }));
  return { label, kernel, bindings, uniforms, workgroups: workgroupsFor(kernel, size, label, device.limits) };
}

function checkBindings(kernel: Kernel, bindings: Bindings, label: string, limits: GPUSupportedLimits): void {
  const named = kernel.reflection.bindings;
  const expected = named.map((each) => each.name).join(', ');
  for (const name of Object.keys(bindings)) {
    if (!named.some((each) => each.name === name))
      throw mistake(label, `${kernel.label} has no binding ${name}`, expected);
  }
  const written = new Map<GPUBuffer, string>();
  for (const { name, access, stride } of named) {
    const slice = bindings[name];
    if (!slice) throw mistake(label, `binding ${name} of ${kernel.label} is missing`, expected);
    const align = limits.minStorageBufferOffsetAlignment;
    if (slice.offset % align !== 0)
      throw mistake(label, `${name} starts at byte ${slice.offset}`, `a multiple of ${align}`);
    if (slice.size < stride || slice.size % 4 !== 0) {
      throw mistake(label, `${name} has ${slice.size} bytes`, `a multiple of 4, at least one element of ${stride}`);
    }
    if (slice.size > limits.maxStorageBufferBindingSize) {
      throw new EcofluxError('OutOfCapacity', `${label}: ${name} is too large to bind`, {
        found: formatBytes(slice.size),
        expected: `up to ${formatBytes(limits.maxStorageBufferBindingSize)} on this device`,
        fix: 'use smaller tiles (--tile)',
      });
    }
    if (access === 'read_write') written.set(slice.buffer, name);
  }
  // WebGPU judges whole buffers: one that is written may not be read in the same dispatch, whatever the slices.
  for (const { name, access } of named) {
    const other = access === 'read' && written.get(bindings[name].buffer);
    if (other)
      throw mistake(
        label,
        `${name} and ${other} lie in one buffer`,
        'separate buffers for what is read and what is written',
      );
  }
}

function workgroupsFor(
  kernel: Kernel,
  size: DispatchSize,
  label: string,
  limits: GPUSupportedLimits,
): [number, number] | BufferSlice {
  if ('indirect' in size) return size.indirect;
  const [x, y] =
    'workgroups' in size
      ? size.workgroups
      : [Math.ceil(size.width / kernel.workgroup[0]), Math.ceil(size.height / kernel.workgroup[1])];
  const most = limits.maxComputeWorkgroupsPerDimension;
  if (!(Number.isInteger(x) && Number.isInteger(y) && x >= 1 && y >= 1 && x <= most && y <= most)) {
    throw mistake(label, `${kernel.label} would run in ${x} × ${y} workgroups`, `1 to ${most} each way`);
  }
  return [x, y];
}

function mistake(label: string, what: string, expected: string): EcofluxError {
  return new EcofluxError('Bug', `${label}: ${what}`, { expected });
}
