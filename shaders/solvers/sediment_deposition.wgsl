// Sediment that stays and sediment that goes on, in float64. Equations in src/solvers/sediment_deposition/spec.ts.
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
  // Bit 0: deposition, bit 1: flux.
  wanted: u32,
}

@group(0) @binding(0) var<storage, read> direction: array<u32>;
@group(0) @binding(1) var<storage, read> sdr: array<u32>; // bits of f32
@group(0) @binding(2) var<storage, read> e_prime: array<u32>;
@group(0) @binding(3) var<storage, read_write> values: array<vec2<u32>>; // float64: flux, deposition
@group(0) @binding(4) var<storage, read_write> rounds: array<atomic<u32>>;
@group(0) @binding(5) var<storage, read_write> wake: array<atomic<u32>>;
@group(0) @binding(6) var<storage, read_write> counters: array<atomic<u32>>;
@group(0) @binding(7) var<storage, read_write> deposition: array<u32>; // outputs: bits of f32, without halo
@group(0) @binding(8) var<storage, read_write> flux: array<u32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

fn has_inputs(i: u32) -> bool {
  return sdr[i] != NODATA_BITS && e_prime[i] != NODATA_BITS;
}

fn parents_of(i: u32) -> u32 {
  if (!has_inputs(i)) { return 0u; }
  return upslope_of(i);
}

fn children_of(i: u32) -> u32 {
  return downslope_of(i);
}

// Undefined where the flux of a cell upslope is.
fn arriving(i: u32) -> vec2<u32> {
  var sum = F64_ZERO;
  for (var rest = upslope_of(i); rest != 0u; rest &= rest - 1u) {
    let d = firstTrailingBit(rest);
    let n = neighbour(i, d);
    let code = direction[n];
    if (f64_is_undefined(values[2u * n])) { return F64_UNDEFINED; }
    sum = f64_add(sum, f64_part(values[2u * n], share_of(code, d ^ 4u), sum_of_shares(code)));
  }
  return sum;
}

// Mean delivery ratio downslope, inside the raster; cells without one count 0, and 0 counts 1.
fn ratio_below(i: u32) -> vec2<u32> {
  var sum = F64_ZERO;
  var shares = 0u;
  for (var d = 0u; d < 8u; d++) {
    let share = share_of(direction[i], d);
    if (share == 0u || !in_grid(i, d)) { continue; }
    shares += share;
    let bits = sdr[neighbour(i, d)];
    if (bits == NODATA_BITS) { continue; }
    let ratio = f64_from_f32(bits);
    sum = f64_add(sum, f64_weighed(select(ratio, F64_ONE, f64_is_zero(ratio)), share));
  }
  if (shares == 0u) { return F64_ZERO; }
  return f64_mean(sum, shares);
}

// The part of what arrives that stays.
fn kept_part(i: u32) -> vec2<u32> {
  let ratio = f64_from_f32(sdr[i]);
  if (f64_equal(ratio, F64_ONE)) { return F64_ONE; }
  let below = ratio_below(i);
  let largest = select(below, ratio, f64_less(below, ratio));
  return f64_divide(f64_subtract(largest, ratio), f64_subtract(F64_ONE, ratio));
}

fn evaluate(i: u32) {
  let arrived = arriving(i);
  if (!has_inputs(i) || f64_is_undefined(arrived)) {
    values[2u * i] = F64_UNDEFINED;
    return;
  }
  let kept = kept_part(i);
  let passed = f64_multiply(f64_subtract(F64_ONE, kept), arrived);
  values[2u * i] = f64_positive(f64_add(passed, f64_from_f32(e_prime[i])));
  values[2u * i + 1u] = f64_positive(f64_multiply(kept, arrived));
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn start(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  flow_forget(tile_index(id.xy, tile), 2u);
}

@compute @workgroup_size(16, 16)
fn gather(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  flow_block(group.xy, local.xy, lane);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn finish(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  let at = id.y * tile.width + id.x;
  let routed = flow_is_routed(i);
  let defined = routed && !f64_is_undefined(values[2u * i]);
  if ((params.wanted & 1u) != 0u) { deposition[at] = select(NODATA_BITS, f64_to_f32(values[2u * i + 1u]), defined); }
  if ((params.wanted & 2u) != 0u) { flux[at] = select(NODATA_BITS, f64_to_f32(values[2u * i]), defined); }
}
