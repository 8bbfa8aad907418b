// 64-bit unsigned counters as vec2<u32>(low word, high word), modulo 2^64.

fn u64_add(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  let low = a.x + b.x;
  return vec2<u32>(low, a.y + b.y + select(0u, 1u, low < a.x));
}

fn u64_add_u32(a: vec2<u32>, b: u32) -> vec2<u32> {
  let low = a.x + b;
  return vec2<u32>(low, a.y + select(0u, 1u, low < a.x));
}

fn u64_less(a: vec2<u32>, b: vec2<u32>) -> bool {
  return a.y < b.y || (a.y == b.y && a.x < b.x);
}

fn u64_equal(a: vec2<u32>, b: vec2<u32>) -> bool {
  return a.x == b.x && a.y == b.y;
}

// Four 16-bit limbs, lowest first. Limbs of up to 65 536 counters may be added with plain u32 atomics, in any order,
// before u64_from_limbs carries them.
fn u64_limbs(a: vec2<u32>) -> vec4<u32> {
  return vec4<u32>(a.x & 0xffffu, a.x >> 16u, a.y & 0xffffu, a.y >> 16u);
}

fn u64_from_limbs(limbs: vec4<u32>) -> vec2<u32> {
  let second = limbs.y + (limbs.x >> 16u);
  let third = limbs.z + (second >> 16u);
  let fourth = limbs.w + (third >> 16u);
  return vec2<u32>((limbs.x & 0xffffu) | (second << 16u), (third & 0xffffu) | (fourth << 16u));
}
