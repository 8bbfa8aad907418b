// float64 in software: the bits of a finite IEEE double as vec2<u32>(low word, high word). Sums, products and quotients are rounded to
// nearest even, so they are the bits that a CPU computes. Integers only: no driver may fold, fuse or flush them.
// Results below 2^-1022 become 0, those of 2^1024 and more infinity; what has the bits of infinity or NaN must not come in.

const F64_ZERO: vec2<u32> = vec2<u32>(0u, 0u);
const F64_HALF: vec2<u32> = vec2<u32>(0u, 0x3fe00000u);
const F64_ONE: vec2<u32> = vec2<u32>(0u, 0x3ff00000u);
const F64_SQRT2: vec2<u32> = vec2<u32>(0x667f3bcdu, 0x3ff6a09eu);

const F64_SIGN = 0x80000000u;

// From the bits of a finite f32 (bitcast<u32>), exactly. By bits, because a device may flush small floats.
fn f64_from_f32(bits: u32) -> vec2<u32> {
  let sign = bits & F64_SIGN;
  let size = bits & 0x7fffffffu;
  if (size == 0u) { return vec2<u32>(0u, sign); }
  if (size >= 0x00800000u) { return vec2<u32>(size << 29u, sign | ((size >> 3u) + 0x38000000u)); }
  let shift = countLeadingZeros(size) - 8u; // a subnormal one: 2^-126 times a fraction
  let mantissa = (size << shift) & 0x007fffffu;
  return vec2<u32>(mantissa << 29u, sign | ((897u - shift) << 20u) | (mantissa >> 3u));
}

fn f64_from_u32(value: u32) -> vec2<u32> {
  if (value == 0u) { return F64_ZERO; }
  let zeros = countLeadingZeros(value);
  let fraction = f64_shift_left(vec2<u32>(value, 0u), zeros + 21u);
  return vec2<u32>(fraction.x, ((1053u - zeros) << 20u) + fraction.y);
}

// Bits of the nearest f32, ties to even; beyond its range those of infinity.
fn f64_to_f32(a: vec2<u32>) -> u32 {
  let sign = a.y & F64_SIGN;
  let exponent = i32((a.y >> 20u) & 0x7ffu) - 896; // of the f32
  if (exponent >= 255) { return sign | 0x7f800000u; }
  if (exponent < -23) { return sign; }
  let mantissa = f64_mantissa(a);
  let shift = 29u + u32(max(0, 1 - exponent));
  let kept = f64_shift_right(mantissa, shift).x;
  let lost = f64_shift_left(mantissa, 64u - shift);
  let up = lost.y > F64_SIGN || (lost.y == F64_SIGN && (lost.x != 0u || (kept & 1u) == 1u));
  // The leading bit of `kept`, where it has one, adds 1 to the exponent, and so may the rounding.
  return sign | ((u32(max(0, exponent - 1)) << 23u) + kept + u32(up));
}

// Whole part of a non-negative number below 2^32.
fn f64_to_u32(a: vec2<u32>) -> u32 {
  let exponent = a.y >> 20u;
  if (exponent < 1023u) { return 0u; }
  return f64_shift_right(f64_mantissa(a), 1075u - exponent).x;
}

fn f64_negative(a: vec2<u32>) -> vec2<u32> {
  return vec2<u32>(a.x, a.y ^ F64_SIGN);
}

// As numbers: −0 equals 0.
fn f64_equal(a: vec2<u32>, b: vec2<u32>) -> bool {
  return (a.x == b.x && a.y == b.y) || (f64_is_zero(a) && f64_is_zero(b));
}

fn f64_less(a: vec2<u32>, b: vec2<u32>) -> bool {
  if (f64_is_zero(a) && f64_is_zero(b)) { return false; }
  let a_negative = a.y >= F64_SIGN;
  if (a_negative != (b.y >= F64_SIGN)) { return a_negative; }
  return select(f64_below(a, b), f64_below(b, a), a_negative);
}

fn f64_is_zero(a: vec2<u32>) -> bool {
  return a.x == 0u && (a.y << 1u) == 0u;
}

fn f64_add(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  let swapped = f64_below(vec2<u32>(a.x, a.y & 0x7fffffffu), vec2<u32>(b.x, b.y & 0x7fffffffu));
  let large = select(a, b, swapped);
  let small = select(b, a, swapped);
  let sign = large.y & F64_SIGN;
  if (f64_is_zero(small)) { return vec2<u32>(large.x, select(large.y, a.y & b.y, f64_is_zero(large))); }
  let exponent = (large.y >> 20u) & 0x7ffu;
  // Leading bit at 62: ten bits below the last of the result, and what is shifted out beyond leaves a mark in the lowest.
  let high = f64_shift_left(f64_mantissa(large), 10u);
  let low = f64_shift_sticky(f64_shift_left(f64_mantissa(small), 10u), exponent - ((small.y >> 20u) & 0x7ffu));
  if (sign == (small.y & F64_SIGN)) { return f64_round(sign, i32(exponent) + 1, f64_word_sum(high, low)); }
  let difference = f64_word_difference(high, low);
  if (difference.x == 0u && difference.y == 0u) { return F64_ZERO; }
  return f64_round(sign, i32(exponent) + 1, difference);
}

fn f64_subtract(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  return f64_add(a, f64_negative(b));
}

fn f64_multiply(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  let sign = (a.y ^ b.y) & F64_SIGN;
  if (f64_is_zero(a) || f64_is_zero(b)) { return vec2<u32>(0u, sign); }
  // Leading bits at 63: the product of 128 bits has its own at 127 or 126.
  let m = f64_shift_left(f64_mantissa(a), 11u);
  let n = f64_shift_left(f64_mantissa(b), 11u);
  let bottom = f64_word_product(m.x, n.x);
  let cross = f64_word_product(m.x, n.y);
  let other = f64_word_product(m.y, n.x);
  let middle = f64_word_sum(vec2<u32>(bottom.y, 0u), vec2<u32>(cross.x, 0u));
  let second = f64_word_sum(middle, vec2<u32>(other.x, 0u));
  let top = f64_word_sum(f64_word_product(m.y, n.y), f64_word_sum(vec2<u32>(cross.y, 0u), vec2<u32>(other.y, 0u)));
  var product = f64_word_sum(top, vec2<u32>(second.y, 0u));
  product.x |= u32((bottom.x | second.x) != 0u);
  return f64_round(sign, f64_exponent(a) + f64_exponent(b) - 1022, product);
}

// Of a by b, which is not 0.
fn f64_divide(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  let sign = (a.y ^ b.y) & F64_SIGN;
  if (f64_is_zero(a)) { return vec2<u32>(0u, sign); }
  let divisor = f64_mantissa(b);
  var rest = f64_mantissa(a);
  var quotient = F64_ZERO;
  if (!f64_below(rest, divisor)) {
    rest = f64_word_difference(rest, divisor);
    quotient = vec2<u32>(1u, 0u);
  }
  // Five digits of 11 bits: the most that, times a divisor of 53 bits, stays in two words. By the high words alone a digit is at most
  // 1 too large.
  for (var i = 0u; i < 5u; i++) {
    rest = f64_shift_left(rest, 11u);
    var digit = min(rest.y / divisor.y, 2047u);
    let low = (divisor.x & 0xffffu) * digit;
    let high = (divisor.x >> 16u) * digit;
    var part = f64_word_sum(vec2<u32>(low, divisor.y * digit), vec2<u32>(high << 16u, high >> 16u));
    if (f64_below(rest, part)) {
      digit -= 1u;
      part = f64_word_difference(part, divisor);
    }
    rest = f64_word_difference(rest, part);
    quotient = f64_shift_left(quotient, 11u);
    quotient.x |= digit;
  }
  quotient = f64_shift_left(quotient, 8u); // 1 of the quotient is now bit 63
  quotient.x |= u32((rest.x | rest.y) != 0u);
  return f64_round(sign, f64_exponent(a) - f64_exponent(b) + 1023, quotient);
}

// The number whose first bit would have the biased exponent `exponent` at bit 63 of `mantissa`, which is not 0.
fn f64_round(sign: u32, exponent: i32, mantissa: vec2<u32>) -> vec2<u32> {
  let zeros = select(countLeadingZeros(mantissa.y), 32u + countLeadingZeros(mantissa.x), mantissa.y == 0u);
  let first = exponent - i32(zeros);
  if (first <= 0) { return vec2<u32>(0u, sign); }
  if (first >= 2047) { return vec2<u32>(0u, sign | 0x7ff00000u); }
  let whole = f64_shift_left(mantissa, zeros);
  let kept = f64_shift_right(whole, 11u);
  let lost = whole.x & 0x7ffu;
  let up = lost > 0x400u || (lost == 0x400u && (kept.x & 1u) == 1u);
  // The leading bit adds 1 to the exponent, and so may the rounding.
  let rounded = f64_word_sum(kept, vec2<u32>(u32(up), 0u));
  return vec2<u32>(rounded.x, sign | ((u32(first - 1) << 20u) + rounded.y));
}

fn f64_exponent(a: vec2<u32>) -> i32 {
  return i32((a.y >> 20u) & 0x7ffu);
}

// 53 bits, the first one set.
fn f64_mantissa(a: vec2<u32>) -> vec2<u32> {
  return vec2<u32>(a.x, (a.y & 0x000fffffu) | 0x00100000u);
}

// Words of 64 bits.

fn f64_below(a: vec2<u32>, b: vec2<u32>) -> bool {
  return a.y < b.y || (a.y == b.y && a.x < b.x);
}

fn f64_word_sum(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  let low = a.x + b.x;
  return vec2<u32>(low, a.y + b.y + u32(low < a.x));
}

fn f64_word_difference(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  return vec2<u32>(a.x - b.x, a.y - b.y - u32(a.x < b.x));
}

fn f64_word_product(a: u32, b: u32) -> vec2<u32> {
  let low = (a & 0xffffu) * (b & 0xffffu);
  let cross = (a >> 16u) * (b & 0xffffu) + (low >> 16u);
  let other = (a & 0xffffu) * (b >> 16u) + (cross & 0xffffu);
  return vec2<u32>((other << 16u) | (low & 0xffffu), (a >> 16u) * (b >> 16u) + (cross >> 16u) + (other >> 16u));
}

// By less than 64.
fn f64_shift_left(a: vec2<u32>, by: u32) -> vec2<u32> {
  if (by >= 32u) { return vec2<u32>(0u, a.x << (by - 32u)); }
  if (by == 0u) { return a; }
  return vec2<u32>(a.x << by, (a.y << by) | (a.x >> (32u - by)));
}

// By less than 64.
fn f64_shift_right(a: vec2<u32>, by: u32) -> vec2<u32> {
  if (by >= 32u) { return vec2<u32>(a.y >> (by - 32u), 0u); }
  if (by == 0u) { return a; }
  return vec2<u32>((a.x >> by) | (a.y << (32u - by)), a.y >> by);
}

// By any number; the lowest bit is set where a bit that was set is lost.
fn f64_shift_sticky(a: vec2<u32>, by: u32) -> vec2<u32> {
  if (by == 0u) { return a; }
  if (by >= 64u) { return vec2<u32>(u32((a.x | a.y) != 0u), 0u); }
  let lost = f64_shift_left(a, 64u - by);
  let kept = f64_shift_right(a, by);
  return vec2<u32>(kept.x | u32((lost.x | lost.y) != 0u), kept.y);
}
