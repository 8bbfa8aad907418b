// Differences and parts of 64-bit amounts, low word first. Twin of src/solvers/service-flow/quanta.ts.
#import u64

// a − b for b ≤ a.
fn u64_subtract(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  return vec2<u32>(a.x - b.x, a.y - b.y - select(0u, 1u, a.x < b.x));
}

// a / n rounded down, and in z what is left over, for n below 2^16.
fn u64_divide(a: vec2<u32>, n: u32) -> vec3<u32> {
  let high = a.y / n;
  let upper = ((a.y % n) << 16u) | (a.x >> 16u);
  let lower = ((upper % n) << 16u) | (a.x & 0xffffu);
  return vec3<u32>(((upper / n) << 16u) | (lower / n), high, lower % n);
}

// What direction d gets of an amount that goes in equal parts to those in `mask`, one of which is d: the first get what is left over.
fn equal_part(amount: vec2<u32>, mask: u32, d: u32) -> vec2<u32> {
  let parts = u64_divide(amount, countOneBits(mask));
  let before = countOneBits(mask & ((1u << d) - 1u));
  return u64_add_u32(parts.xy, select(0u, 1u, before < parts.z));
}
