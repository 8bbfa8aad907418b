// Carbon that one cell sequesters in a year. Equation (1) in src/models/carbon_change/spec.ts.
#import tile
#import nodata

struct Params {
  years: f32,
}

@group(0) @binding(0) var<storage, read> carbon_before: array<f32>;
@group(0) @binding(1) var<storage, read> carbon_after: array<f32>;
@group(0) @binding(2) var<storage, read_write> change: array<f32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn difference(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(carbon_before[i]) || is_nodata(carbon_after[i])) { change[i] = NODATA; return; }
  change[i] = (carbon_after[i] - carbon_before[i]) / params.years; // (1)
}
