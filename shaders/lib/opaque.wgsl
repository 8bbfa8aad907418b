// A float that the compiler cannot see through. Without it the error terms of two-sum and of argument reductions are
// "simplified" to 0 on some drivers, which WGSL permits.

// Needs the global `tile`. Returns x, bit for bit: the key is 0 at run time.
fn opaque(x: f32) -> f32 {
  return bitcast<f32>(bitcast<u32>(x) ^ tile.opaque_key);
}

// Needs the global `tile`.
fn opaque_u32(x: u32) -> u32 {
  return x ^ tile.opaque_key;
}
