// Services combined into one number per cell. Equations (1)-(3) in src/models/composite/spec.ts.
#import tile
#import nodata

struct Params {
  low: f32,
  high: f32,
  weight: f32,
}

@group(0) @binding(0) var<storage, read> values: array<f32>;
@group(0) @binding(1) var<storage, read> total_before: array<f32>;
@group(0) @binding(2) var<storage, read> composite_supply: array<f32>;
@group(0) @binding(3) var<storage, read> composite_demand: array<f32>;
@group(0) @binding(4) var<storage, read_write> total: array<f32>;
@group(0) @binding(5) var<storage, read_write> composite_ratio: array<f32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

// (1) 0 where all cells are equal.
fn normalised(x: f32) -> f32 {
  if (params.high <= params.low) { return 0.0; }
  return (x - params.low) / (params.high - params.low);
}

// (2), the first service
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn first(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(values[i])) { total[i] = NODATA; return; }
  total[i] = params.weight * normalised(values[i]);
}

// (2), each further service
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn add(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(values[i]) || is_nodata(total_before[i])) { total[i] = NODATA; return; }
  total[i] = total_before[i] + params.weight * normalised(values[i]);
}

// (3) Nodata where nothing is demanded.
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn ratio(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  let supply = composite_supply[i];
  let demand = composite_demand[i];
  if (is_nodata(supply) || is_nodata(demand) || demand <= 0.0) { composite_ratio[i] = NODATA; return; }
  composite_ratio[i] = supply / demand;
}
