// Every operation of lib/f64.wgsl on rows of operands: for its test.
#import f64

// a.low, a.high, b.low, b.high
@group(0) @binding(0) var<storage, read> pairs: array<vec4<u32>>;
// Per pair: a + b, a − b; a b, a / b; b rounded to f32 and back, a.low as a number; f32 of a, whole part of |a|, a < b, a = b.
@group(0) @binding(1) var<storage, read_write> results: array<vec4<u32>>;

@compute @workgroup_size(64)
fn arithmetic(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= arrayLength(&pairs)) { return; }
  let a = pairs[id.x].xy;
  let b = pairs[id.x].zw;
  results[4u * id.x] = vec4<u32>(f64_add(a, b), f64_subtract(a, b));
  results[4u * id.x + 1u] = vec4<u32>(f64_multiply(a, b), f64_divide(a, b));
  results[4u * id.x + 2u] = vec4<u32>(f64_from_f32(f64_to_f32(b)), f64_from_u32(a.x));
  let whole = f64_to_u32(vec2<u32>(a.x, a.y & 0x7fffffffu));
  results[4u * id.x + 3u] = vec4<u32>(f64_to_f32(a), whole, u32(f64_less(a, b)), u32(f64_equal(a, b)));
}
