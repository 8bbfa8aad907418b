// f32 as u32 of the same order, so that devices compare and keep even the smallest numbers exactly; they may flush those as floats.

// From the bits of a finite f32; −0 counts as 0. Never 0xffffffff.
fn order_of_f32(bits: u32) -> u32 {
  if (bits == 0x80000000u) { return bits; }
  return bits ^ select(0x80000000u, 0xffffffffu, bits >= 0x80000000u);
}

// Back to the bits.
fn f32_of_order(order: u32) -> u32 {
  return order ^ select(0xffffffffu, 0x80000000u, order >= 0x80000000u);
}
