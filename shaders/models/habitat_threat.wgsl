// How one threat degrades habitat. Equations (1)-(4) in src/models/habitat_quality/spec.ts; the distance between them is a global operator.
#import tile
#import nodata
#import math

struct Params {
  // Square of the largest distance that still counts, and that distance, in cells.
  limit: u32,
  reach: f32,
  exponential: u32,
  // Share in the sum of all weights.
  weight: f32,
}

struct Presence {
  presence: f32,
}

struct Sensitivity {
  sensitivity: f32,
}

@group(0) @binding(0) var<storage, read> lulc: array<u32>;
@group(0) @binding(1) var<storage, read> classes: array<Presence>;
@group(0) @binding(2) var<storage, read> sensitivities: array<Sensitivity>;
@group(0) @binding(3) var<storage, read> threat: array<f32>;
// Square of the distance to the nearest source, in cells; nodata where there is none on the map.
@group(0) @binding(4) var<storage, read> squared: array<u32>;
@group(0) @binding(5) var<storage, read> total_before: array<f32>;
@group(0) @binding(6) var<storage, read_write> source: array<u32>;
@group(0) @binding(7) var<storage, read_write> filtered: array<f32>;
@group(0) @binding(8) var<storage, read_write> total: array<f32>;
@group(0) @binding(9) var<storage, read_write> sens: array<f32>;
@group(0) @binding(10) var<storage, read_write> distance_transform: array<f32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

// (1) of a raster of the threat
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn present(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(threat[i])) { source[i] = NODATA_CODE; return; }
  source[i] = select(0u, 1u, threat[i] != 0.0);
}

// (1) of land-cover classes
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn present_class(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata_code(lulc[i])) { source[i] = NODATA_CODE; return; }
  source[i] = u32(classes[lulc[i]].presence);
}

// (3)
fn decay(square: u32) -> f32 {
  if (square > params.limit) { return 0.0; } // nodata too, the largest number there is
  let part = sqrt(f32(square)) / params.reach;
  if (params.exponential != 0u) { return exp_accurate(-2.99 * part); }
  return max(0.0, 1.0 - part);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn filter_distance(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  filtered[i] = decay(squared[i]);
}

// (4) of the first threat
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn degrade(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata_code(lulc[i])) { total[i] = NODATA; return; }
  total[i] = decay(squared[i]) * sensitivities[lulc[i]].sensitivity * params.weight;
}

// (4) of each further one
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn degrade_more(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata_code(lulc[i])) { total[i] = NODATA; return; }
  total[i] = total_before[i] + decay(squared[i]) * sensitivities[lulc[i]].sensitivity * params.weight;
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn sensitivity_of(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata_code(lulc[i])) { sens[i] = NODATA; return; }
  sens[i] = sensitivities[lulc[i]].sensitivity;
}

// (2) As InVEST writes it: where the map has no source, the distance is columns and rows of the map and the row of the cell.
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn distance_of(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  let nowhere = f32(tile.grid_width + tile.grid_height + tile.y + id.y);
  distance_transform[i] = select(sqrt(f32(squared[i])), nowhere, is_nodata_code(squared[i]));
}
