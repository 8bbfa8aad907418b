/**
 * Compiled kernels of one device, by shader, entry point and override values. The cache holds compilations in progress as well, so that
 * whoever asks second waits for the first. Layouts come from the reflection, not from the driver.
 */
import { EcofluxError } from '../core/errors.ts';
import { originalPosition, type Shader, type ShaderEntry, type ShaderTable } from '../core/shader-table.ts';
import { scoped } from './faults.ts';
import { STAGE_COMPUTE } from './flags.ts';

export type Overrides = Readonly<Record<string, number>>;

export interface Kernel {
  readonly shader: string;
  readonly entry: string;
  /** "shader/entry". */
  readonly label: string;
  readonly pipeline: GPUComputePipeline;
  readonly reflection: ShaderEntry;
  readonly params: Shader['params'];
  /** Cells (or items) per workgroup in x, y, z. */
  readonly workgroup: readonly [number, number, number];
  /** Layouts of group 0 (data) and group 1 (tile, params). */
  readonly groups: readonly [GPUBindGroupLayout, GPUBindGroupLayout];
}

export class PipelineCache {
  readonly #device: GPUDevice;
  readonly #shaders: ShaderTable;
  readonly #tileBytes: number;
  readonly #kernels = new Map<string, Promise<Kernel>>();
  readonly #modules = new Map<string, Promise<GPUShaderModule>>();
  #compilations = 0;

  constructor(device: GPUDevice, shaders: ShaderTable, tileBytes: number) {
    this.#device = device;
    this.#shaders = shaders;
    this.#tileBytes = tileBytes;
  }

  /** Pipelines compiled so far. */
  get compilations(): number {
    return this.#compilations;
  }

  /**
   * The kernel, compiled now if it never was.
   * @throws EcofluxError Bug with file, line and column of the original .wgsl when it does not compile
   */
  get(shader: string, entry: string, overrides: Overrides = {}): Promise<Kernel> {
    const key = JSON.stringify([shader, entry, Object.entries(overrides).sort()]);
    const known = this.#kernels.get(key);
    if (known) return known;
    const kernel = this.#compile(shader, entry, overrides);
    this.#kernels.set(key, kernel);
    kernel.catch(() => this.#kernels.delete(key)); // asked again, it is tried again
    return kernel;
  }

  async #compile(id: string, entry: string, overrides: Overrides): Promise<Kernel> {
    const shader = lookUp(this.#shaders, id, 'shader');
    const reflection = lookUp(shader.entries, entry, `entry point of ${shader.file}`);
    for (const name of Object.keys(overrides)) lookUp(shader.overrides, name, `override of ${shader.file}`);
    const module = await this.#module(id, shader);
    const label = `${id}/${entry}`;
    const groups = this.#layouts(shader, reflection, label);
    this.#compilations++;
    const pipeline = await this.#device
      .createComputePipelineAsync({
        label,
        layout: this.#device.createPipelineLayout({ label, bindGroupLayouts: groups }),
        compute: { module, entryPoint: entry, constants: { ...overrides } },
      })
      .catch((cause: Error) => {
        throw new EcofluxError('Bug', `${entry} could not be compiled for this device`, {
          file: shader.file,
          found: cause.message,
          cause,
        });
      });
    const all = { ...shader.overrides, ...overrides };
    const workgroup =
      reflection.workgroup === 'tile' ? ([all.WORKGROUP_X, all.WORKGROUP_Y, 1] as const) : reflection.workgroup;
    return { shader: id, entry, label, pipeline, reflection, params: shader.params, workgroup, groups };
  }

  #module(id: string, shader: Shader): Promise<GPUShaderModule> {
    const known = this.#modules.get(id);
    if (known) return known;
    const module = this.#checkedModule(id, shader);
    this.#modules.set(id, module);
    module.catch(() => this.#modules.delete(id));
    return module;
  }

  async #checkedModule(label: string, shader: Shader): Promise<GPUShaderModule> {
    const { value: module, fault } = scoped(this.#device, shader.file, () =>
      this.#device.createShaderModule({ label, code: shader.code }),
    );
    const [{ messages }, error] = await Promise.all([module.getCompilationInfo(), fault]);
    const worst = messages.find((message) => message.type === 'error');
    if (worst) {
      const { file, line, column } = originalPosition(shader, worst.lineNum, worst.linePos);
      const place = `line ${line}, column ${column}`;
      throw new EcofluxError('Bug', 'the shader does not compile', { file, place, found: worst.message });
    }
    if (error) throw error;
    return module;
  }

  #layouts(shader: Shader, reflection: ShaderEntry, label: string): [GPUBindGroupLayout, GPUBindGroupLayout] {
    const data = reflection.bindings.map(({ binding, access }): GPUBindGroupLayoutEntry => {
      const type = access === 'read' ? 'read-only-storage' : 'storage';
      return { binding, visibility: STAGE_COMPUTE, buffer: { type } };
    });
    const uniforms = reflection.uniforms.map((name): GPUBindGroupLayoutEntry => {
      const minBindingSize = name === 'tile' ? this.#tileBytes : shader.params!.size;
      return { binding: UNIFORM_BINDING[name], visibility: STAGE_COMPUTE, buffer: { type: 'uniform', minBindingSize } };
    });
    return [
      this.#device.createBindGroupLayout({ label: `${label}/data`, entries: data }),
      this.#device.createBindGroupLayout({ label: `${label}/uniforms`, entries: uniforms }),
    ];
  }
}

/** Where the uniforms stand in group 1, by the conventions of shaders/. */
export const UNIFORM_BINDING = { tile: 0, params: 1 } as const;

function lookUp<T>(record: Readonly<Record<string, T>>, name: string, what: string): T {
  if (Object.hasOwn(record, name)) return record[name];
  throw new EcofluxError('Bug', `there is no ${what} named ${name}`, {
    expected: Object.keys(record).join(', ') || 'none',
  });
}
