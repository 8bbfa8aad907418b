// Flow accumulation in float64, up to three sums in one visit. Bit for bit what src/solvers/flow_accumulation/reference.ts computes.
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
  // Bit k: sum k is kept; 0 of cells, 1 of the first weight, 2 of the second. Of sum 0, bit 3: reach, bit 4: accumulation.
  wanted: u32,
  // float64, low and high word.
  threshold: u32,
  threshold_high: u32,
  traced: u32,
  traced_high: u32,
}

@group(0) @binding(0) var<storage, read> direction: array<u32>;
@group(0) @binding(1) var<storage, read> weight: array<u32>; // bits of f32
@group(0) @binding(2) var<storage, read> weight_2: array<u32>;
@group(0) @binding(3) var<storage, read_write> values: array<vec2<u32>>; // float64, the sums of a cell side by side
@group(0) @binding(4) var<storage, read_write> rounds: array<atomic<u32>>;
@group(0) @binding(5) var<storage, read_write> wake: array<atomic<u32>>;
@group(0) @binding(6) var<storage, read_write> counters: array<atomic<u32>>;
@group(0) @binding(7) var<storage, read_write> accumulation: array<u32>; // outputs: bits of f32, without halo
@group(0) @binding(8) var<storage, read_write> weighted: array<u32>;
@group(0) @binding(9) var<storage, read_write> weighted_2: array<u32>;
@group(0) @binding(10) var<storage, read_write> reach: array<u32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

fn is_wanted(k: u32) -> bool {
  return (params.wanted & (1u << k)) != 0u;
}

// Where the values have sum k of cell i.
fn sum_at(i: u32, k: u32) -> u32 {
  return i * countOneBits(params.wanted & 7u) + countOneBits(params.wanted & ((1u << k) - 1u));
}

fn parents_of(i: u32) -> u32 {
  return upslope_of(i);
}

fn children_of(i: u32) -> u32 {
  return downslope_of(i);
}

fn own_weight(i: u32, k: u32) -> vec2<u32> {
  if (k == 0u) { return F64_ONE; }
  var bits = 0u;
  if (k == 1u) { bits = weight[i]; } else { bits = weight_2[i]; }
  if (bits == NODATA_BITS) { return F64_ZERO; }
  return f64_from_f32(bits);
}

fn evaluate(i: u32) {
  let upslope = upslope_of(i);
  for (var k = 0u; k < 3u; k++) {
    if (!is_wanted(k)) { continue; }
    var sum = own_weight(i, k);
    for (var rest = upslope; rest != 0u; rest &= rest - 1u) {
      let d = firstTrailingBit(rest);
      let n = neighbour(i, d);
      let code = direction[n];
      sum = f64_add(sum, f64_part(values[sum_at(n, k)], share_of(code, d ^ 4u), sum_of_shares(code)));
    }
    values[sum_at(i, k)] = sum;
  }
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn start(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  flow_forget(tile_index(id.xy, tile), countOneBits(params.wanted & 7u));
}

@compute @workgroup_size(16, 16)
fn gather(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  flow_block(group.xy, local.xy, lane);
}

fn reach_of(sum: vec2<u32>) -> u32 {
  let threshold = vec2<u32>(params.threshold, params.threshold_high);
  if (f64_less(threshold, sum)) { return 3u; }
  if (f64_equal(threshold, sum)) { return 2u; }
  return u32(!f64_less(sum, vec2<u32>(params.traced, params.traced_high)));
}

fn rounded(i: u32, k: u32, routed: bool) -> u32 {
  return select(NODATA_BITS, f64_to_f32(values[sum_at(i, k)]), routed);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn finish(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  let at = id.y * tile.width + id.x;
  let routed = flow_is_routed(i);
  if (is_wanted(4u)) { accumulation[at] = rounded(i, 0u, routed); }
  if (is_wanted(1u)) { weighted[at] = rounded(i, 1u, routed); }
  if (is_wanted(2u)) { weighted_2[at] = rounded(i, 2u, routed); }
  if (is_wanted(3u)) { reach[at] = select(NODATA_CODE, reach_of(values[sum_at(i, 0u)]), routed); }
}
