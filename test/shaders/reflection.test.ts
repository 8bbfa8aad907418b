/**
 * Which bindings an entry point uses: the device's own opinion against the table's, and the quirks of wgsl_reflect because of which
 * the build does not ask it.
 */
import { expect, test } from 'vitest';
import { WgslReflect } from 'wgsl_reflect/wgsl_reflect.module.js';
import { buildShaderTable } from '../../scripts/build-shaders.mjs';
import type { Shader } from '../../src/core/shader-table.ts';
import { SHADERS } from '../../src/generated/shaders.ts';
import { describeOnDevices } from '../support/devices.ts';
import { DECAY, shaderProject } from './shader-project.ts';

/** `add` and `chain` use `load` only as the name of a parameter. */
const SHADOWED = `// Parameters named like bindings, calls through calls, nested comments.
#import tile

struct Row { kc: f32, depth: f32 }

@group(0) @binding(0) var<storage, read> load: array<f32>;
@group(0) @binding(1) var<storage, read> rows: array<Row>;
@group(0) @binding(2) var<storage, read_write> out: array<f32>;
@group(0) @binding(3) var<storage, read_write> partials: array<Row>;
@group(1) @binding(0) var<uniform> tile: Tile;

fn twice(load: f32) -> f32 { return load * 2.0; }
fn deep() -> f32 { return twice(rows[0].kc); } /* load /* load */ load */
fn index(id: vec2<u32>, tile: Tile) -> u32 { return id.x * tile.pitch; }

@compute @workgroup_size(16, 2u)
fn add() { out[0] = twice(1.0); } // load
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn chain() { out[0] = deep(); }
@compute @workgroup_size(8)
fn both() { partials[index(vec2(0u), Tile())] = Row(load[0], out[0]); }
@compute @workgroup_size(8)
fn local() { let kc = load[0]; { var depth = kc; depth += 1.0; out[tile.x] = depth; } }
`;

test('use of bindings', () => {
  const { entries } = buildShaderTable(shaderProject({ 'models/s.wgsl': SHADOWED })).shaders.s as Shader;
  const used = Object.fromEntries(
    Object.entries(entries).map(([name, entry]) => [
      name,
      [...entry.bindings.map((each) => each.name), ...entry.uniforms],
    ]),
  );
  expect(used).toEqual({
    add: ['out'],
    chain: ['rows', 'out'],
    both: ['load', 'out', 'partials'],
    local: ['load', 'out', 'tile'],
  });
  expect(entries.add.workgroup).toEqual([16, 2, 1]);
  expect(entries.chain.workgroup).toBe('tile');
  expect(entries.both.bindings[2].record).toEqual({
    stride: 8,
    fields: [
      { name: 'kc', offset: 0, type: 'f32' },
      { name: 'depth', offset: 4, type: 'f32' },
    ],
  });
});

test('wgsl_reflect counts a parameter named like a binding as its use, and reads a size of 2u as 1', () => {
  const parsed = new WgslReflect(
    SHADOWED.replace('#import tile', 'struct Tile { pitch: u32, x: u32 }').replaceAll('WORKGROUP_X, WORKGROUP_Y', '1'),
  );
  const add = parsed.entry.compute.find(({ name }) => name === 'add');
  expect(add?.resources.map(({ name }) => name)).toContain('load');
  expect(add?.workgroupSize).toEqual([16, 1, 1]);
});

/** Whether bind groups with these bindings fit the layout that the device derived from the code. */
async function accepts(
  device: GPUDevice,
  pipeline: GPUComputePipeline,
  bindings: readonly { readonly group: number; readonly binding: number }[],
): Promise<boolean> {
  const { STORAGE, UNIFORM } = GPUBufferUsage;
  const buffers = [STORAGE, UNIFORM].map((usage) => device.createBuffer({ size: 256, usage }));
  device.pushErrorScope('validation');
  buffers.forEach((buffer, group) => {
    const entries = bindings
      .filter((each) => each.group === group)
      .map(({ binding }) => ({ binding, resource: { buffer } }));
    device.createBindGroup({ layout: pipeline.getBindGroupLayout(group), entries });
  });
  const error = await device.popErrorScope();
  for (const buffer of buffers) buffer.destroy();
  return error === null;
}

/** The device accepts what the table says, and nothing less. */
async function expectExact(device: GPUDevice, shader: Shader, entry: string): Promise<void> {
  const module = device.createShaderModule({ code: shader.code });
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint: entry } });
  const { bindings, uniforms } = shader.entries[entry];
  const all = [...bindings, ...uniforms.map((name) => ({ name, group: 1, binding: name === 'tile' ? 0 : 1 }))];
  expect(await accepts(device, pipeline, all), entry).toBe(true);
  for (const { name } of all) {
    const rest = all.filter((each) => each.name !== name);
    expect(await accepts(device, pipeline, rest), `${entry} without ${name}`).toBe(false);
  }
}

describeOnDevices('use of bindings', (get) => {
  const entries = Object.entries<Shader>(SHADERS).flatMap(([id, shader]) =>
    Object.keys(shader.entries).map((entry) => [id, entry] as const),
  );

  test.each(entries)('%s: %s uses what the table says', async (id, entry) => {
    await expectExact(get(), SHADERS[id as keyof typeof SHADERS], entry);
  });

  test('parameters that are named like bindings', async () => {
    const { shaders } = buildShaderTable(
      shaderProject({ 'models/shadowed.wgsl': SHADOWED, 'models/decay.wgsl': DECAY }),
    );
    for (const shader of Object.values<Shader>(shaders)) {
      for (const entry of Object.keys(shader.entries)) await expectExact(get(), shader, entry);
    }
  });
});
