// Cooling of one cell in degrees. Equation (1) in src/models/cooling/spec.ts.
#import tile
#import nodata

struct Params {
  uhi_max: f32, // °C
}

@group(0) @binding(0) var<storage, read> heat_mitigation: array<f32>;
@group(0) @binding(1) var<storage, read_write> cooling: array<f32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn cool(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(heat_mitigation[i])) { cooling[i] = NODATA; return; }
  cooling[i] = heat_mitigation[i] * params.uhi_max; // (1)
}
