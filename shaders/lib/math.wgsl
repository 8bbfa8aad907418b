// exp, log and pow within a few units in the last place on every device; the built-ins may be off by thousands.
// All need the global `tile` (see opaque.wgsl). Measured errors: test/shaders/math.test.ts.
// Polynomials: weighted minimax fits in double precision, each coefficient rounded to f32 before the next was fitted.
#import two-sum

// ln 2 = LN2_HIGH + LN2_LOW. LN2_HIGH has 16 bits, so its product with an exponent is exact.
const LN2_HIGH: f32 = 0.693145751953125;
const LN2_LOW: f32 = 1.4286068e-6;
const FLT_MIN: f32 = 1.17549435e-38;
// Largest argument whose exponential is below FLT_MAX, and smallest whose is a normal number.
const EXP_LARGEST: f32 = 0x1.62e42ep+6f;
const EXP_SMALLEST: f32 = -0x1.5d589ep+6f;

// e^x within 1 ulp. 0 below -87.33654; clamped to 3.4027e38 above 88.72283.
fn exp_accurate(x: f32) -> f32 {
  return exp_two_float(vec2<f32>(x, 0.0));
}

// e^(x.x + x.y) for a two-float, |x.y| at most half a unit in the last place of x.x; same domain.
fn exp_two_float(x: vec2<f32>) -> f32 {
  let clamped = clamp(x.x, EXP_SMALLEST, EXP_LARGEST);
  let low = select(0.0, x.y, clamped == x.x);
  // Cody-Waite: x = n ln 2 + r, |r| ≤ ln 2 / 2. The first difference is exact; opaque keeps it first.
  let n = floor(clamped * 1.442695 + 0.5);
  let r = opaque(clamped - n * LN2_HIGH) + (low - n * LN2_LOW);
  // (e^r − 1 − r) / r², error 2^-33 of e^r.
  var p = 0.000197402551;
  p = p * r + 0.00139350793;
  p = p * r + 0.00833357032;
  p = p * r + 0.041666463;
  p = p * r + 0.166666657;
  p = p * r + 0.5;
  let mantissa = 1.0 + opaque(r + r * r * p);
  // Times 2^n by adding to the exponent bits. At the ends of the domain the mantissa is on the side that keeps the result a
  // normal number. A product with a constant power of two could be regrouped by a compiler and overflow.
  let scaled = bitcast<f32>(bitcast<u32>(mantissa) + (bitcast<u32>(i32(n)) << 23u));
  return select(scaled, 0.0, x.x < EXP_SMALLEST);
}

// Natural logarithm within 1 ulp for x ≥ 1.18e-38; smaller arguments, zero and negative ones give log(1.18e-38).
fn log_accurate(x: f32) -> f32 {
  let parts = split_float(x);
  let f = parts.x - 1.0;
  // (log(1 + f) − f + f²/2) / f³, error 2^-30 of log(1 + f).
  var q = 0.0674920827;
  q = q * f - 0.116700329;
  q = q * f + 0.11883536;
  q = q * f - 0.124062389;
  q = q * f + 0.142203599;
  q = q * f - 0.166679889;
  q = q * f + 0.200020716;
  q = q * f - 0.250000089;
  q = q * f + 0.333333135;
  let f2 = f * f;
  let low = opaque(f * f2 * q + parts.y * LN2_LOW) - 0.5 * f2;
  return opaque(f + low) + parts.y * LN2_HIGH;
}

// x^y within 1 ulp for x in [1.18e-38, 1e30] where |y log x| < 80. Underflow gives 0 and overflow 3.4027e38, as in exp_accurate;
// 0^y is 0 for y > 0, 1 for y = 0, 3.4027e38 for y < 0. A negative x counts as 0.
fn pow_accurate(x: f32, y: f32) -> f32 {
  let logarithm = log_two_float(x);
  // Beyond 1e36 every power of x ≠ 1 has left the range of f32 already, and the product below would overflow.
  let exponent = clamp(y, -1e36, 1e36);
  let product = two_prod(logarithm.x, exponent);
  let power = exp_two_float(vec2<f32>(product.x, product.y + logarithm.y * exponent));
  let of_zero = select(select(exp_accurate(EXP_LARGEST), 1.0, y == 0.0), 0.0, y > 0.0);
  return select(power, of_zero, x < FLT_MIN);
}

// log x as a two-float, relative error below 2^-33; domain of log_accurate.
// log m = 2 artanh(s) with s = (m − 1) / (m + 1), |s| < 0.172: 2s + s·t·(2/3 + t·A(t)), t = s², all but A as two-floats.
fn log_two_float(x: f32) -> vec2<f32> {
  let parts = split_float(x);
  let f = parts.x - 1.0;
  let d = two_sum(parts.x, 1.0);
  let quotient = f / d.x;
  let back = two_prod(quotient, d.x);
  let s = vec2<f32>(quotient, (opaque(f - back.x) - back.y - quotient * d.y) / d.x);
  let t = two_float_product(s, s);
  let a = 0.4 + t.x * (0.285714298 + t.x * (0.222222224 + t.x * (0.181818187 + t.x * 0.153846160)));
  let p = quick_two_sum(0.666666687, t.x * a);
  let cubic = two_float_product(s, two_float_product(t, vec2<f32>(p.x, p.y - 1.98682151e-8)));
  let mantissa = quick_two_sum(2.0 * s.x, cubic.x);
  let whole = two_sum(parts.y * LN2_HIGH, mantissa.x);
  return quick_two_sum(whole.x, whole.y + (mantissa.y + (2.0 * s.y + cubic.y) + parts.y * LN2_LOW));
}

fn two_float_product(a: vec2<f32>, b: vec2<f32>) -> vec2<f32> {
  let p = two_prod(a.x, b.x);
  return quick_two_sum(p.x, p.y + (a.x * b.y + a.y * b.x));
}

// x = m · 2^e with m in [√½, √2), as (m, e).
fn split_float(x: f32) -> vec2<f32> {
  let bits = bitcast<u32>(max(x, FLT_MIN)) - 0x3f3504f3u;
  return vec2<f32>(bitcast<f32>((bits & 0x007fffffu) + 0x3f3504f3u), f32(bitcast<i32>(bits) >> 23u));
}
