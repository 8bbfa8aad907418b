// Error-free transforms: a sum or a product of two f32 as the rounded result (x) and the exact rounding error (y).
// All of them need the global `tile` (see opaque.wgsl). Valid while nothing overflows and no error term is subnormal.
#import opaque

// Knuth: a + b = x + y exactly, in any order of magnitude.
fn two_sum(a: f32, b: f32) -> vec2<f32> {
  let s = opaque(a + b);
  let bb = opaque(s - a);
  return vec2<f32>(s, (a - (s - bb)) + (b - bb));
}

// Dekker: as two_sum where |a| ≥ |b| or a = 0; half the work.
fn quick_two_sum(a: f32, b: f32) -> vec2<f32> {
  let s = opaque(a + b);
  return vec2<f32>(s, b - opaque(s - a));
}

// a · b = x + y exactly, by products of 12-bit halves. Never fma: WGSL lets it round twice, and it does.
fn two_prod(a: f32, b: f32) -> vec2<f32> {
  let p = opaque(a * b);
  let a_high = bitcast<f32>(bitcast<u32>(a) & 0xfffff000u);
  let b_high = bitcast<f32>(bitcast<u32>(b) & 0xfffff000u);
  let a_low = opaque(a - a_high);
  let b_low = opaque(b - b_high);
  let error = ((a_high * b_high - p) + a_high * b_low + a_low * b_high) + a_low * b_low;
  return vec2<f32>(p, error);
}

// Sum of two two-floats, again as a two-float; relative error below 2^-44.
fn two_float_add(a: vec2<f32>, b: vec2<f32>) -> vec2<f32> {
  let high = two_sum(a.x, b.x);
  let low = two_sum(a.y, b.y);
  let carried = quick_two_sum(high.x, high.y + low.x);
  return quick_two_sum(carried.x, carried.y + low.y);
}
