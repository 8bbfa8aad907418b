// Z-scores of supply and demand and the quadrant that a cell lies in. Equations (1)-(2) in src/models/quadrants/spec.ts.
#import tile
#import nodata

struct Params {
  // Means in two parts, so that their rounding does not show where they are far from 0.
  supply_upper: f32,
  supply_lower: f32,
  // The least number that counts as high.
  supply_high: f32,
  // 1 / deviation
  supply_factor: f32,
  demand_upper: f32,
  demand_lower: f32,
  demand_high: f32,
  demand_factor: f32,
}

@group(0) @binding(0) var<storage, read> supply: array<f32>;
@group(0) @binding(1) var<storage, read> demand: array<f32>;
@group(0) @binding(2) var<storage, read_write> z_supply: array<f32>;
@group(0) @binding(3) var<storage, read_write> z_demand: array<f32>;
@group(0) @binding(4) var<storage, read_write> quadrant: array<u32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

// (2)
fn quadrant_of(high: bool, wanted: bool) -> u32 {
  return select(select(3u, 4u, high), select(2u, 1u, high), wanted);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn match_cells(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  let s = supply[i];
  let d = demand[i];
  if (is_nodata(s) || is_nodata(d)) {
    z_supply[i] = NODATA;
    z_demand[i] = NODATA;
    quadrant[i] = NODATA_CODE;
    return;
  }
  z_supply[i] = ((s - params.supply_upper) - params.supply_lower) * params.supply_factor; // (1)
  z_demand[i] = ((d - params.demand_upper) - params.demand_lower) * params.demand_factor;
  quadrant[i] = quadrant_of(s >= params.supply_high, d >= params.demand_high);
}
