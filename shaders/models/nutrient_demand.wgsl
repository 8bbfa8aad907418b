// Nutrient of one cell above what its water may carry. Equation (1) in src/models/nutrient_demand/spec.ts.
#import tile
#import nodata

struct Params {
  c_max: f32, // kg/m³
}

@group(0) @binding(0) var<storage, read> nutrient_load: array<f32>; // kg/(ha yr)
@group(0) @binding(1) var<storage, read> water_yield: array<f32>; // mm/yr
@group(0) @binding(2) var<storage, read_write> demand: array<f32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

const M3_PER_HA_MM: f32 = 10.0;

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn excess(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  // No load needs no water to carry it: so streams, which have none, are valid whatever the soil maps lack there.
  if (nutrient_load[i] == 0.0) { demand[i] = 0.0; return; }
  if (is_nodata(nutrient_load[i]) || is_nodata(water_yield[i])) { demand[i] = NODATA; return; }
  demand[i] = max(0.0, nutrient_load[i] - params.c_max * M3_PER_HA_MM * water_yield[i]); // (1)
}
