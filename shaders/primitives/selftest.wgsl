// What every other kernel relies on, run once on the device that was chosen: error-free transforms, exp/log/pow, the nodata
// sentinel, 64-bit counters. src/gpu/self-test.ts compares with float64.
#import tile
#import nodata
#import math
#import two-sum
#import u64

// Operands a, b.
@group(0) @binding(0) var<storage, read> pairs: array<vec2<f32>>;
// x of exp, x of log, x and y of pow.
@group(0) @binding(1) var<storage, read> arguments: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> values: array<f32>;
// a.low, a.high, b.low, b.high
@group(0) @binding(3) var<storage, read> counts: array<vec4<u32>>;
// Sum and its error, product and its error.
@group(0) @binding(4) var<storage, read_write> exact: array<vec4<f32>>;
// exp, log, pow.
@group(0) @binding(5) var<storage, read_write> results: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> words: array<vec4<u32>>;
@group(0) @binding(7) var<storage, read_write> copies: array<f32>;
@group(1) @binding(0) var<uniform> tile: Tile;

@compute @workgroup_size(64)
fn transforms(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= arrayLength(&pairs)) { return; }
  let pair = pairs[id.x];
  exact[id.x] = vec4<f32>(two_sum(pair.x, pair.y), two_prod(pair.x, pair.y));
}

@compute @workgroup_size(64)
fn functions(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= arrayLength(&arguments)) { return; }
  let x = arguments[id.x];
  results[id.x] = vec4<f32>(exp_accurate(x.x), log_accurate(x.y), pow_accurate(x.z, x.w), 0.0);
}

// A copy through arithmetic-free code, and a replacement by the constant where the sentinel is recognised.
@compute @workgroup_size(64)
fn sentinels(@builtin(global_invocation_id) id: vec3<u32>) {
  let count = arrayLength(&values);
  if (id.x >= count) { return; }
  let value = values[id.x];
  copies[id.x] = value;
  copies[count + id.x] = select(0.0, NODATA, is_nodata(value));
}

// Per pair: a + b and a + b.low, then a < b, a = b, and a carried through limbs.
@compute @workgroup_size(64)
fn counters(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= arrayLength(&counts)) { return; }
  let a = counts[id.x].xy;
  let b = counts[id.x].zw;
  words[2u * id.x] = vec4<u32>(u64_add(a, b), u64_add_u32(a, b.x));
  let limbs = u64_limbs(a) + u64_limbs(b);
  words[2u * id.x + 1u] = vec4<u32>(u32(u64_less(a, b)), u32(u64_equal(a, b)), u64_from_limbs(limbs));
}
