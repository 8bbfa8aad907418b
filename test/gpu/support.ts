/** Opens devices through src/gpu on each software driver, and the small shaders its tests run. */
import { afterEach, describe } from 'vitest';
import type { Shader, ShaderTable } from '../../src/core/shader-table.ts';
import { Gpu, type GpuOptions } from '../../src/gpu/gpu.ts';
import { findAdapters, type GpuProvider } from '../../src/gpu/provider.ts';
import type { TileValues } from '../../src/gpu/uniforms.ts';
import { gpuOf, type TestDriver, testDrivers } from '../support/devices.ts';

export function providerOf(driver: TestDriver): GpuProvider {
  return { name: 'dawn', adapters: () => findAdapters(gpuOf(driver)) };
}

export async function openGpu(driver: TestDriver, options: GpuOptions = {}): Promise<Gpu> {
  const provider = providerOf(driver);
  const [adapter] = await provider.adapters();
  return Gpu.open(provider, adapter, { shaders: TEST_SHADERS, ...options });
}

/** `describe` once per driver; what a test opens is destroyed after it, and must then have no buffers on loan. */
export function describeGpu(
  name: string,
  body: (open: (options?: GpuOptions) => Promise<Gpu>, driver: TestDriver) => void,
): void {
  for (const driver of testDrivers()) {
    const missing = driver.manifest === undefined && process.env.REQUIRE_GPU !== '1';
    const title = `${name} on ${driver.name}${missing ? ' (skipped: not installed)' : ''}`;
    describe.skipIf(missing)(title, () => {
      let opened: Gpu[] = [];
      afterEach(async () => {
        const closing = opened;
        opened = [];
        for (const gpu of closing) await gpu.destroy();
      });
      body(async (options) => {
        const gpu = await openGpu(driver, options);
        opened.push(gpu);
        return gpu;
      }, driver);
    });
  }
}

export function tileOf(width: number, height: number, values: Partial<TileValues> = {}): TileValues {
  const own = { width, height, pitch: width, halo: 0, plane: width * height, x: 0, y: 0 };
  return { ...own, grid_width: width, grid_height: height, cell_width: 30, cell_height: 30, ...values };
}

const HEAD = `override WORKGROUP_X: u32 = 64;
override WORKGROUP_Y: u32 = 4;
struct Tile { width: u32, height: u32, pitch: u32, halo: u32, plane: u32, x: u32, y: u32,
  grid_width: u32, grid_height: u32, cell_width: f32, cell_height: f32, opaque_key: u32 }
@group(1) @binding(0) var<uniform> tile: Tile;
fn outside(id: vec3<u32>) -> bool { return id.x >= tile.width || id.y >= tile.height; }
fn cell(id: vec3<u32>) -> u32 { return (id.y + tile.halo) * tile.pitch + id.x + tile.halo; }
`;
const HEAD_LINES = HEAD.split('\n').length - 1;
const TILE_ENTRY = '@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)';

const plane = (name: string, binding: number, access: 'read' | 'read_write', planes?: string[]) =>
  ({ name, group: 0, binding, access, type: 'f32', stride: 4, ...(planes && { planes }) }) as const;

function shader(id: string, body: string, rest: Pick<Shader, 'entries'> & Partial<Shader>): Shader {
  const file = `shaders/test/${id}.wgsl`;
  const lines = [
    { file: 'shaders/lib/tile.wgsl', from: 1 },
    { file, from: HEAD_LINES + 1 },
  ];
  return { file, code: HEAD + body, overrides: { WORKGROUP_X: 64, WORKGROUP_Y: 4 }, lines, ...rest };
}

/** `scale`: out = factor · in + offset · column. `sums`: two planes in one buffer. `spin`: slow. `broken`, `greedy`: do not compile. */
export const TEST_SHADERS: ShaderTable = {
  scale: shader(
    'scale',
    `struct Params { factor: f32, offset: i32 }
@group(0) @binding(0) var<storage, read> source: array<f32>;
@group(0) @binding(1) var<storage, read_write> scaled: array<f32>;
@group(1) @binding(1) var<uniform> params: Params;
${TILE_ENTRY}
fn scale(@builtin(global_invocation_id) id: vec3<u32>) {
  if (outside(id)) { return; }
  scaled[cell(id)] = params.factor * source[cell(id)] + f32(params.offset) * f32(tile.x + id.x);
}
`,
    {
      entries: {
        scale: {
          workgroup: 'tile',
          bindings: [plane('source', 0, 'read'), plane('scaled', 1, 'read_write')],
          uniforms: ['tile', 'params'],
        },
      },
      params: {
        size: 8,
        fields: [
          { name: 'factor', offset: 0, type: 'f32' },
          { name: 'offset', offset: 4, type: 'i32' },
        ],
      },
    },
  ),
  sums: shader(
    'sums',
    `@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read_write> both: array<f32>;
${TILE_ENTRY}
fn sums(@builtin(global_invocation_id) id: vec3<u32>) {
  if (outside(id)) { return; }
  both[cell(id)] = a[cell(id)] + b[cell(id)];
  both[cell(id) + tile.plane] = a[cell(id)] - b[cell(id)];
}
`,
    {
      entries: {
        sums: {
          workgroup: 'tile',
          bindings: [
            plane('a', 0, 'read'),
            plane('b', 2, 'read'),
            plane('both', 3, 'read_write', ['sum', 'difference']),
          ],
          uniforms: ['tile'],
        },
      },
    },
  ),
  spin: shader(
    'spin',
    `override ROUNDS: u32 = 1000;
@group(0) @binding(0) var<storage, read_write> words: array<u32>;
@compute @workgroup_size(64)
fn spin(@builtin(global_invocation_id) id: vec3<u32>) {
  var x = words[id.x];
  for (var i = 0u; i < ROUNDS; i++) { x = x * 1664525u + 1013904223u; }
  words[id.x] = x;
}
`,
    {
      overrides: { WORKGROUP_X: 64, WORKGROUP_Y: 4, ROUNDS: 1000 },
      entries: {
        spin: {
          workgroup: [64, 1, 1],
          bindings: [{ ...plane('words', 0, 'read_write'), type: 'u32' }],
          uniforms: [],
        },
      },
    },
  ),
  broken: shader('broken', `// a comment\nfn twice(x: f32) -> f32 {\n  return 2.0 * y;\n}\n`, {
    entries: { twice: { workgroup: 'tile', bindings: [], uniforms: [] } },
  }),
  greedy: shader('greedy', `@compute @workgroup_size(4096)\nfn greedy() {}\n`, {
    entries: { greedy: { workgroup: [4096, 1, 1], bindings: [], uniforms: [] } },
  }),
};
