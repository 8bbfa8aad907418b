// Demand of one cell for habitat. Equations (1)-(2) in src/models/habitat_demand/spec.ts.
#import tile
#import nodata
#import math

struct Biophysical {
  developed: f32,
}

@group(0) @binding(0) var<storage, read> lulc: array<u32>;
@group(0) @binding(1) var<storage, read> biophysical: array<Biophysical>;
@group(0) @binding(2) var<storage, read> intensity: array<f32>;
@group(0) @binding(3) var<storage, read> population: array<f32>; // people/km²
@group(0) @binding(4) var<storage, read> gdp: array<f32>; // 10⁴ CNY/km²
@group(0) @binding(5) var<storage, read_write> developed: array<f32>;
@group(0) @binding(6) var<storage, read_write> demand: array<f32>;
@group(1) @binding(0) var<uniform> tile: Tile;

const LG_E: f32 = 0.434294482;

// 0 for what is below 1, so that demand is never negative.
fn lg(x: f32) -> f32 {
  return LG_E * log_accurate(max(1.0, x));
}

// (1), of the cell itself
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn development(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata_code(lulc[i])) { developed[i] = NODATA; return; }
  developed[i] = biophysical[lulc[i]].developed;
}

// (2)
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn pressure(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(intensity[i]) || is_nodata(population[i]) || is_nodata(gdp[i])) { demand[i] = NODATA; return; }
  demand[i] = intensity[i] * lg(population[i]) * lg(gdp[i]);
}
