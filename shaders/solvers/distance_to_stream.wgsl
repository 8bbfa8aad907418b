// Length of the way along the flow to the stream, in steps and as a sum of weights, in float64.
// Equations in src/solvers/distance_to_stream/spec.ts.
#import tile
#import nodata
#import flow
#import flow-relax
#import f64
#import flow-f64

struct Params {
  round: u32,
  slot: u32,
  slots: u32,
  all: u32,
  // Bit 0: steps, bit 1: weighted.
  wanted: u32,
  // 0 D8, 1 MFD: whether the weight is that of the cell itself or of the one downslope.
  algorithm: u32,
}

@group(0) @binding(0) var<storage, read> direction: array<u32>;
@group(0) @binding(1) var<storage, read> stream: array<u32>;
@group(0) @binding(2) var<storage, read> weight: array<u32>; // bits of f32
@group(0) @binding(3) var<storage, read_write> values: array<vec2<u32>>; // float64, the distances of a cell side by side
@group(0) @binding(4) var<storage, read_write> rounds: array<atomic<u32>>;
@group(0) @binding(5) var<storage, read_write> wake: array<atomic<u32>>;
@group(0) @binding(6) var<storage, read_write> counters: array<atomic<u32>>;
@group(0) @binding(7) var<storage, read_write> steps: array<u32>; // outputs: bits of f32, without halo
@group(0) @binding(8) var<storage, read_write> weighted: array<u32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

fn is_wanted(k: u32) -> bool {
  return (params.wanted & (1u << k)) != 0u;
}

// Where the values have distance k of cell i.
fn distance_at(i: u32, k: u32) -> u32 {
  return i * countOneBits(params.wanted) + select(0u, params.wanted & 1u, k == 1u);
}

fn parents_of(i: u32) -> u32 {
  if (stream[i] == 1u) { return 0u; }
  return downslope_of(i);
}

fn children_of(i: u32) -> u32 {
  return upslope_of(i);
}

// What the way from cell i to its neighbour n in direction d adds to distance k.
fn added(i: u32, n: u32, d: u32, k: u32) -> vec2<u32> {
  if (k == 0u) { return select(F64_ONE, F64_SQRT2, (d & 1u) == 1u); }
  let bits = weight[select(n, i, params.algorithm == 0u)];
  if (bits == NODATA_BITS) { return F64_ZERO; }
  return f64_from_f32(bits);
}

fn distance_of(i: u32, k: u32) -> vec2<u32> {
  if (stream[i] == 1u) { return F64_ZERO; }
  var sum = F64_ZERO;
  var shares = 0u;
  for (var rest = downslope_of(i); rest != 0u; rest &= rest - 1u) {
    let d = firstTrailingBit(rest);
    let n = neighbour(i, d);
    let below = values[distance_at(n, k)];
    if (f64_is_undefined(below)) { continue; }
    let share = share_of(direction[i], d);
    sum = f64_add(sum, f64_weighed(f64_add(below, added(i, n, d, k)), share));
    shares += share;
  }
  if (shares == 0u) { return F64_UNDEFINED; }
  return f64_mean(sum, shares);
}

fn evaluate(i: u32) {
  for (var k = 0u; k < 2u; k++) {
    if (is_wanted(k)) { values[distance_at(i, k)] = distance_of(i, k); }
  }
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn start(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  flow_forget(tile_index(id.xy, tile), countOneBits(params.wanted));
}

@compute @workgroup_size(16, 16)
fn gather(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  flow_block(group.xy, local.xy, lane);
}

fn rounded(i: u32, k: u32, routed: bool) -> u32 {
  let value = values[distance_at(i, k)];
  return select(NODATA_BITS, f64_to_f32(value), routed && !f64_is_undefined(value));
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn finish(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  let at = id.y * tile.width + id.x;
  let routed = flow_is_routed(i);
  if (is_wanted(0u)) { steps[at] = rounded(i, 0u, routed); }
  if (is_wanted(1u)) { weighted[at] = rounded(i, 1u, routed); }
}
