// Sums over a workgroup by a binary tree of one fixed shape: 256 leaves, leaf i joined with leaf i + 128, then i + 64, …
// The shape depends on nothing but the lane number, so one input gives one result on every run.
// Every invocation of the workgroup must call, from uniform control flow, with its local_invocation_index as `lane`;
// `lanes` is the size of the workgroup (at most 256). All invocations get the total. Each call may follow another directly.
#import two-sum
#import u64

const SUM_LEAVES = 256u;

var<workgroup> sum_f32: array<vec2<f32>, SUM_LEAVES>;
var<workgroup> sum_u32: array<u32, SUM_LEAVES>;
var<workgroup> sum_i32: array<i32, SUM_LEAVES>;
var<workgroup> sum_u64: array<vec2<u32>, SUM_LEAVES>;

// The sum as a two-float. Needs the global `tile` (see opaque.wgsl).
fn workgroup_sum_f32(value: vec2<f32>, lane: u32, lanes: u32) -> vec2<f32> {
  sum_f32[lane] = value;
  for (var i = lane + lanes; i < SUM_LEAVES; i += lanes) { sum_f32[i] = vec2<f32>(0.0, 0.0); }
  workgroupBarrier();
  for (var stride = SUM_LEAVES / 2u; stride > 0u; stride /= 2u) {
    for (var i = lane; i < stride; i += lanes) { sum_f32[i] = two_float_add(sum_f32[i], sum_f32[i + stride]); }
    workgroupBarrier();
  }
  let total = sum_f32[0];
  workgroupBarrier();
  return total;
}

// Modulo 2^32.
fn workgroup_sum_u32(value: u32, lane: u32, lanes: u32) -> u32 {
  sum_u32[lane] = value;
  for (var i = lane + lanes; i < SUM_LEAVES; i += lanes) { sum_u32[i] = 0u; }
  workgroupBarrier();
  for (var stride = SUM_LEAVES / 2u; stride > 0u; stride /= 2u) {
    for (var i = lane; i < stride; i += lanes) { sum_u32[i] += sum_u32[i + stride]; }
    workgroupBarrier();
  }
  let total = sum_u32[0];
  workgroupBarrier();
  return total;
}

// Two's complement, modulo 2^32.
fn workgroup_sum_i32(value: i32, lane: u32, lanes: u32) -> i32 {
  sum_i32[lane] = value;
  for (var i = lane + lanes; i < SUM_LEAVES; i += lanes) { sum_i32[i] = 0i; }
  workgroupBarrier();
  for (var stride = SUM_LEAVES / 2u; stride > 0u; stride /= 2u) {
    for (var i = lane; i < stride; i += lanes) { sum_i32[i] += sum_i32[i + stride]; }
    workgroupBarrier();
  }
  let total = sum_i32[0];
  workgroupBarrier();
  return total;
}

// (low, high) words, modulo 2^64.
fn workgroup_sum_u64(value: vec2<u32>, lane: u32, lanes: u32) -> vec2<u32> {
  sum_u64[lane] = value;
  for (var i = lane + lanes; i < SUM_LEAVES; i += lanes) { sum_u64[i] = vec2<u32>(0u, 0u); }
  workgroupBarrier();
  for (var stride = SUM_LEAVES / 2u; stride > 0u; stride /= 2u) {
    for (var i = lane; i < stride; i += lanes) { sum_u64[i] = u64_add(sum_u64[i], sum_u64[i + stride]); }
    workgroupBarrier();
  }
  let total = sum_u64[0];
  workgroupBarrier();
  return total;
}
