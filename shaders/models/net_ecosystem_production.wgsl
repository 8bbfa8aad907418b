// Carbon that one cell sequesters in a year. Equation (1) in src/models/net_ecosystem_production/spec.ts.
#import tile
#import nodata

@group(0) @binding(0) var<storage, read> npp: array<f32>;
@group(0) @binding(1) var<storage, read> respiration: array<f32>;
@group(0) @binding(2) var<storage, read_write> nep: array<f32>;
@group(1) @binding(0) var<uniform> tile: Tile;

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn production(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(npp[i]) || is_nodata(respiration[i])) { nep[i] = NODATA; return; }
  nep[i] = npp[i] - respiration[i]; // (1)
}
