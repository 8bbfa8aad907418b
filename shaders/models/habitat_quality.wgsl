// Quality of habitat from the degradation by all threats, and how rare a land cover has become. Equations (5)-(7) in src/models/habitat_quality/spec.ts.
#import tile
#import nodata

struct Params {
  // Twice the half-saturation.
  degradation_scale: f32,
}

struct Suitability {
  habitat: f32,
}

struct Rarity {
  rarity: f32,
}

@group(0) @binding(0) var<storage, read> lulc: array<u32>;
@group(0) @binding(1) var<storage, read> suitabilities: array<Suitability>;
@group(0) @binding(2) var<storage, read> rarities: array<Rarity>;
@group(0) @binding(3) var<storage, read> deg_sum: array<f32>;
// How far threats reach into the cell, 0 to 1.
@group(0) @binding(4) var<storage, read> access: array<f32>;
@group(0) @binding(5) var<storage, read> lulc_bas: array<u32>;
@group(0) @binding(6) var<storage, read_write> degradation: array<f32>;
@group(0) @binding(7) var<storage, read_write> quality: array<f32>;
@group(0) @binding(8) var<storage, read_write> habitat: array<f32>;
@group(0) @binding(9) var<storage, read_write> new_cover: array<u32>;
@group(0) @binding(10) var<storage, read_write> rarity: array<f32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

// (5) Access is the same for all threats, so that it comes after their sum. A cell without a value is open.
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn limit_access(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(deg_sum[i]) || is_nodata(access[i])) { degradation[i] = deg_sum[i]; return; }
  degradation[i] = deg_sum[i] * access[i];
}

// (6) H (1 − r / (1 + r)) with r = (D / k)^2.5, which is 0 where nothing degrades, whatever k.
fn quality_of(suitability: f32, degraded: f32, k: f32) -> f32 {
  if (degraded <= 0.0) { return suitability; }
  if (k <= 0.0) { return 0.0; }
  let part = min(degraded / k, 1e14); // its power is still a number
  return suitability / (1.0 + part * part * sqrt(part));
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn rate_habitat(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata_code(lulc[i]) || is_nodata(deg_sum[i])) { quality[i] = NODATA; return; }
  quality[i] = quality_of(suitabilities[lulc[i]].habitat, deg_sum[i], 0.5 * params.degradation_scale);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn suitability_of(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata_code(lulc[i])) { habitat[i] = NODATA; return; }
  habitat[i] = suitabilities[lulc[i]].habitat;
}

// Land cover where there was some on the baseline map.
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn cover_since(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  new_cover[i] = select(lulc[i], NODATA_CODE, is_nodata_code(lulc_bas[i]));
}

// (7)
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn rarity_of(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata_code(lulc[i])) { rarity[i] = NODATA; return; }
  rarity[i] = rarities[lulc[i]].rarity;
}
