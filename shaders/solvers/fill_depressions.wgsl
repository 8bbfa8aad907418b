// Depression filling by relaxation from above: filled(i) = max(elevation(i), min over neighbours of filled), at the outside the elevation.
// All heights are u32 in the order of floats.
#import tile
#import nodata
#import float-order
#import relax

struct Params {
  round: u32,
  slot: u32,
  slots: u32,
  all: u32,
}

@group(0) @binding(0) var<storage, read> dem: array<u32>; // bits of f32, one cell of halo
@group(0) @binding(1) var<storage, read_write> state: array<atomic<u32>>;
@group(0) @binding(2) var<storage, read_write> wake: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read_write> counters: array<atomic<u32>>;
@group(0) @binding(4) var<storage, read_write> filled: array<u32>; // bits of f32, without halo
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

// The least a cell can be; nodata stays where it is, which is above all.
fn fixed_of(i: u32) -> u32 {
  return select(order_of_f32(dem[i]), RELAX_TOP, dem[i] == NODATA_BITS);
}

fn relaxed(k: u32) -> u32 {
  var lowest = RELAX_TOP;
  for (var d = 0u; d < 8u; d++) { lowest = min(lowest, relax_state[relax_neighbour(k, d)]); }
  return max(relax_fixed[k], lowest);
}

// Cells at the outside drain at their own height.
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn start(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  var outlet = false;
  for (var d = 0u; d < 8u; d++) {
    outlet |= dem[u32(i32(i) + direction_dy(d) * i32(tile.pitch) + direction_dx(d))] == NODATA_BITS;
  }
  atomicStore(&state[i], select(RELAX_TOP, fixed_of(i), outlet));
}

@compute @workgroup_size(16, 16)
fn lower(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  relax_block(group.xy, local.xy, lane);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn finish(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  let level = atomicLoad(&state[i]);
  // What is not raised keeps its bits: −0, and nodata.
  filled[id.y * tile.width + id.x] = select(f32_of_order(level), dem[i], level == fixed_of(i));
}
