// Food of a region on one of its cells. Equations (1)-(3) in src/models/food_supply/spec.ts.
#import tile
#import nodata

struct Biophysical {
  cropland: f32,
}

struct Food {
  food: f32, // t/yr
}

@group(0) @binding(0) var<storage, read> lulc: array<u32>;
@group(0) @binding(1) var<storage, read> biophysical: array<Biophysical>;
@group(0) @binding(2) var<storage, read> ndvi: array<f32>;
@group(0) @binding(3) var<storage, read> regions: array<u32>;
@group(0) @binding(4) var<storage, read> food: array<Food>;
@group(0) @binding(5) var<storage, read> weight_sum: array<f32>;
@group(0) @binding(6) var<storage, read_write> weight: array<f32>;
@group(0) @binding(7) var<storage, read_write> food_supply: array<f32>;
@group(1) @binding(0) var<uniform> tile: Tile;

// The weight of a cell, or nodata.
fn weight_of(i: u32) -> f32 {
  if (is_nodata_code(lulc[i]) || is_nodata(ndvi[i])) { return NODATA; }
  return max(0.0, ndvi[i]) * biophysical[lulc[i]].cropland; // (1)
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn greenness(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  weight[i] = weight_of(i);
}

// The weight is worked out again: to read it would take a buffer more than there may be.
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn spread(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  let share = weight_of(i);
  if (is_nodata(share) || is_nodata_code(regions[i]) || is_nodata(weight_sum[i])) { food_supply[i] = NODATA; return; }
  if (weight_sum[i] <= 0.0) { food_supply[i] = 0.0; return; }
  food_supply[i] = food[regions[i]].food * (share / weight_sum[i]); // (3)
}
