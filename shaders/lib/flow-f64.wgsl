// Values that go along the flow, in float64: products and quotients with shares, as f64_multiply and f64_divide would round them.
#import f64

// Of a cell that has no value, as every cell upslope or downslope of it may learn; no number has it.
const F64_UNDEFINED: vec2<u32> = vec2<u32>(0u, 0x7ff80000u);

fn f64_is_undefined(value: vec2<u32>) -> bool {
  return value.y == 0x7ff80000u;
}

// value · share, a share below 2^11: the mantissa's 53 bits and the share's go into 64.
fn f64_weighed(value: vec2<u32>, share: u32) -> vec2<u32> {
  if (f64_is_zero(value) || share == 1u) { return value; }
  let mantissa = f64_mantissa(value);
  var product = f64_word_product(mantissa.x, share);
  product.y += mantissa.y * share;
  return f64_round(value.y & F64_SIGN, f64_exponent(value) + 11, product);
}

// sum / shares, of shares from 1 to 255: four digits of 16 bits leave at least 55 bits, and a mark for what is lost.
fn f64_mean(sum: vec2<u32>, shares: u32) -> vec2<u32> {
  if (f64_is_zero(sum) || shares == 1u) { return sum; }
  let mantissa = f64_shift_left(f64_mantissa(sum), 10u);
  let high = mantissa.y / shares;
  let third = ((mantissa.y % shares) << 16u) | (mantissa.x >> 16u);
  let fourth = ((third % shares) << 16u) | (mantissa.x & 0xffffu);
  let low = ((third / shares) << 16u) | (fourth / shares);
  let lost = u32(fourth % shares != 0u);
  return f64_round(sum.y & F64_SIGN, f64_exponent(sum) + 1, vec2<u32>(low | lost, high));
}

// value · share / shares, rounded after each.
fn f64_part(value: vec2<u32>, share: u32, shares: u32) -> vec2<u32> {
  return f64_mean(f64_weighed(value, share), shares);
}

// 0 where it is negative.
fn f64_positive(value: vec2<u32>) -> vec2<u32> {
  return select(value, F64_ZERO, value.y >= F64_SIGN);
}
