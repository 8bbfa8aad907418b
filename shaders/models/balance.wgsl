// Supply against demand of one cell. Equations (1)-(2) in src/models/balance/spec.ts.
#import tile
#import nodata

struct Params {
  supply_max: f32,
  demand_max: f32,
}

@group(0) @binding(0) var<storage, read> supply: array<f32>;
@group(0) @binding(1) var<storage, read> demand: array<f32>;
@group(0) @binding(2) var<storage, read_write> balance_static: array<f32>;
@group(0) @binding(3) var<storage, read_write> supply_demand_ratio: array<f32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

// (1)
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn difference(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(supply[i]) || is_nodata(demand[i])) { balance_static[i] = NODATA; return; }
  balance_static[i] = supply[i] - demand[i];
}

// (2) Nodata where nothing is supplied or demanded anywhere.
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn ratio(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  let middle = params.supply_max * 0.5 + params.demand_max * 0.5;
  if (is_nodata(supply[i]) || is_nodata(demand[i]) || middle <= 0.0) { supply_demand_ratio[i] = NODATA; return; }
  supply_demand_ratio[i] = (supply[i] - demand[i]) / middle;
}
