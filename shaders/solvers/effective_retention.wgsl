// Effective retention downslope, in float64 but for the exponential. Equations in src/solvers/effective_retention/spec.ts.
#import tile
#import nodata
#import flow
#import flow-relax
#import f64
#import flow-f64
#import math

struct Params {
  round: u32,
  slot: u32,
  slots: u32,
  all: u32,
  // Metres.
  step_x: f32,
  step_y: f32,
  step_diagonal: f32,
}

@group(0) @binding(0) var<storage, read> direction: array<u32>;
@group(0) @binding(1) var<storage, read> stream: array<u32>;
@group(0) @binding(2) var<storage, read> efficiency: array<f32>;
@group(0) @binding(3) var<storage, read> critical_length: array<f32>; // m
@group(0) @binding(4) var<storage, read_write> values: array<vec2<u32>>; // float64
@group(0) @binding(5) var<storage, read_write> rounds: array<atomic<u32>>;
@group(0) @binding(6) var<storage, read_write> wake: array<atomic<u32>>;
@group(0) @binding(7) var<storage, read_write> counters: array<atomic<u32>>;
@group(0) @binding(8) var<storage, read_write> retention: array<u32>; // bits of f32, without halo
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

fn has_inputs(i: u32) -> bool {
  return !is_nodata(efficiency[i]) && !is_nodata(critical_length[i]);
}

fn parents_of(i: u32) -> u32 {
  if (stream[i] == 1u || !has_inputs(i)) { return 0u; }
  return downslope_of(i);
}

fn children_of(i: u32) -> u32 {
  return upslope_of(i);
}

// exp(-5 step / critical length). Lengths below a twentieth of a step count as that: the exponential is 0 there.
fn passed_part(i: u32, d: u32) -> vec2<u32> {
  if (critical_length[i] <= 0.0) { return F64_ZERO; }
  var step = params.step_diagonal;
  if (d % 4u == 0u) { step = params.step_x; }
  if (d % 4u == 2u) { step = params.step_y; }
  return f64_from_f32(bitcast<u32>(exp_accurate(-5.0 * step / max(critical_length[i], 0.05 * step))));
}

// What the efficiency `own` of a cell makes of the retention `below` downslope of it.
fn retained(own: vec2<u32>, below: vec2<u32>, passed: vec2<u32>) -> vec2<u32> {
  let adds = f64_multiply(own, f64_subtract(F64_ONE, passed));
  if (f64_is_zero(below)) { return adds; }
  if (f64_less(below, own)) { return f64_add(f64_multiply(below, passed), adds); }
  return below;
}

fn evaluate(i: u32) {
  if (stream[i] == 1u) {
    values[i] = F64_ZERO;
    return;
  }
  if (!has_inputs(i)) {
    values[i] = F64_UNDEFINED;
    return;
  }
  let own = f64_from_f32(bitcast<u32>(efficiency[i]));
  var sum = F64_ZERO;
  for (var rest = downslope_of(i); rest != 0u; rest &= rest - 1u) {
    let d = firstTrailingBit(rest);
    let below = values[neighbour(i, d)];
    if (f64_is_undefined(below)) { continue; }
    sum = f64_add(sum, f64_weighed(retained(own, below, passed_part(i, d)), share_of(direction[i], d)));
  }
  values[i] = f64_mean(sum, max(1u, sum_of_shares(direction[i])));
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn start(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  flow_forget(tile_index(id.xy, tile), 1u);
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
  let routed = flow_is_routed(i);
  let defined = routed && !f64_is_undefined(values[i]);
  retention[id.y * tile.width + id.x] = select(NODATA_BITS, f64_to_f32(values[i]), defined);
}
