/** A project folder with the real shaders/lib and the given files, for tests of the shader build. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** Paths are relative to shaders/: { 'models/carbon.wgsl': text }. Removed after the test. */
export function shaderProject(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'ecoflux-shaders-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  cpSync(join(ROOT, 'shaders/lib'), join(root, 'shaders/lib'), { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, 'shaders', path)), { recursive: true });
    writeFileSync(join(root, 'shaders', path), text);
  }
  return root;
}

/** A shader that the build accepts, for changing one thing at a time. */
export const DECAY = `// Decay of a load with distance, per class.
#import tile
#import nodata
#import math

struct Params {
  steepness: f32,
  steps: u32,
}

struct Retention {
  efficiency: f32,
  critical_length: f32,
  group: u32,
}

@group(0) @binding(0) var<storage, read> lulc: array<u32>;
@group(0) @binding(1) var<storage, read> retention: array<Retention>;
@group(0) @binding(2) var<storage, read> load: array<f32>;
// planes: retained exported
@group(0) @binding(3) var<storage, read_write> loads: array<f32>;
@group(0) @binding(4) var<storage, read_write> histogram: array<atomic<u32>>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

fn decay(load: f32, row: Retention) -> f32 {
  return load * exp_accurate(-params.steepness / row.critical_length);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn retain(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata_code(lulc[i]) || is_nodata(load[i])) {
    loads[i] = NODATA;
    loads[i + tile.plane] = NODATA;
    return;
  }
  let left = decay(load[i], retention[lulc[i]]);
  loads[i] = load[i] - left;
  loads[i + tile.plane] = left;
}

@compute @workgroup_size(256)
fn count(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x < arrayLength(&lulc)) { atomicAdd(&histogram[lulc[id.x] % 64u], params.steps); }
}
`;
