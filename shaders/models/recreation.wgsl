// Recreation opportunity of one cell. Equations (1)-(2) in src/models/recreation/spec.ts.
#import tile
#import nodata
#import math

struct Params {
  w_naturalness: f32,
  w_attractions: f32,
  w_access: f32,
  reach: f32, // m
  density_low: f32,
  density_high: f32,
}

struct Biophysical {
  naturalness: f32,
}

@group(0) @binding(0) var<storage, read> lulc: array<u32>;
@group(0) @binding(1) var<storage, read> biophysical: array<Biophysical>;
@group(0) @binding(2) var<storage, read> density: array<f32>;
@group(0) @binding(3) var<storage, read> access: array<f32>; // m
@group(0) @binding(4) var<storage, read_write> recreation: array<f32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

// (2) 0 where all cells are equal.
fn scaled(x: f32) -> f32 {
  if (params.density_high <= params.density_low) { return 0.0; }
  return (x - params.density_low) / (params.density_high - params.density_low);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn opportunity(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata_code(lulc[i]) || is_nodata(density[i]) || is_nodata(access[i])) { recreation[i] = NODATA; return; }
  let near = exp_accurate(-max(0.0, access[i]) / params.reach);
  let sum = params.w_naturalness * biophysical[lulc[i]].naturalness + params.w_attractions * scaled(density[i]) + params.w_access * near;
  let weights = params.w_naturalness + params.w_attractions + params.w_access;
  recreation[i] = select(0.0, sum / weights, weights > 0.0); // (1)
}
