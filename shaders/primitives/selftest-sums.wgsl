// The tree sums of shaders/lib/sum.wgsl on their own. Not part of the start-up self-test: one driver takes a second to compile
// loops with barriers.
#import tile
#import sum

@group(0) @binding(0) var<storage, read> values: array<f32>;
// low, high
@group(0) @binding(1) var<storage, read> counts: array<vec2<u32>>;
// Sum and its error.
@group(0) @binding(2) var<storage, read_write> float_sums: array<vec2<f32>>;
// Sums of the low words as u32 and as i32, of both as u64.
@group(0) @binding(3) var<storage, read_write> integer_sums: array<vec4<u32>>;
@group(1) @binding(0) var<uniform> tile: Tile;

// One workgroup sums as many values and counts as it has lanes.
fn sum_group(lane: u32, lanes: u32, group: u32) {
  let count = counts[group * lanes + lane];
  let f = workgroup_sum_f32(vec2<f32>(values[group * lanes + lane], 0.0), lane, lanes);
  let u = workgroup_sum_u32(count.x, lane, lanes);
  let i = workgroup_sum_i32(bitcast<i32>(count.x), lane, lanes);
  let wide = workgroup_sum_u64(count, lane, lanes);
  if (lane == 0u) {
    float_sums[group] = f;
    integer_sums[group] = vec4<u32>(u, bitcast<u32>(i), wide);
  }
}

@compute @workgroup_size(256)
fn sums(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3<u32>) {
  sum_group(lane, 256u, group.x);
}

@compute @workgroup_size(64)
fn sums_of_64(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3<u32>) {
  sum_group(lane, 64u, group.x);
}
