// The amount in a cell from an amount per area. Equation (1) in src/models/per_cell/spec.ts.
#import tile
#import nodata

struct Params {
  factor: f32, // wanted unit per m² for one unit of the density
}

@group(0) @binding(0) var<storage, read> density: array<f32>;
@group(0) @binding(1) var<storage, read_write> amount: array<f32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn per_cell(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(density[i])) { amount[i] = NODATA; return; }
  amount[i] = density[i] * (params.factor * tile.cell_width * tile.cell_height);
}
