// Fourier transforms of lines of up to 1024 complex numbers in workgroup memory, in pairs of float32: about 44 bits, because a kernel mean is the
// quotient of two sums that may both be small beside the rest of their block. Twin: src/solvers/convolve/fft.ts.
// Radix 4 in place, then brought from digit-reversed to natural order as the line is written. Backward is forward with real and imaginary part
// swapped before and after, so there is one kernel. Longer lines are two such passes (Bailey 1990): see src/solvers/convolve/line-passes.ts.
#import tile
#import math

struct Params {
  // Of a line: a power of two up to POINTS.
  length: u32,
  // Elements from one of a line to the next.
  stride: u32,
  // Line l begins at (l % low_lines) · low_stride + (l / low_lines) · high_stride.
  low_lines: u32,
  low_stride: u32,
  high_stride: u32,
  // Elements of `turns`, a full turn.
  turn: u32,
  // Turn by which element k of line l is turned in the end: k · (l % low_lines) · twist elements of `turns`; 0: none.
  twist: u32,
  backward: u32,
}

// Lines of one workgroup together, 16 KiB.
const POINTS = 1024u;
const LANES = 256u;

// Cosine and −sine of each part of a full turn, each as high and low part.
@group(0) @binding(0) var<storage, read> turns: array<vec4<f32>>;
// Spectrum of the kernel over the size of the transform, high and low part: real, because the kernel is even.
@group(0) @binding(1) var<storage, read> spectrum: array<vec2<f32>>;
// Complex numbers: real high, real low, imaginary high, imaginary low.
@group(0) @binding(2) var<storage, read_write> points: array<vec4<f32>>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

var<workgroup> line: array<vec4<f32>, POINTS>;

fn complex_sum(a: vec4<f32>, b: vec4<f32>) -> vec4<f32> {
  return vec4<f32>(two_float_add(a.xy, b.xy), two_float_add(a.zw, b.zw));
}

fn complex_product(a: vec4<f32>, b: vec4<f32>) -> vec4<f32> {
  let real = two_float_add(two_float_product(a.xy, b.xy), -two_float_product(a.zw, b.zw));
  let imaginary = two_float_add(two_float_product(a.xy, b.zw), two_float_product(a.zw, b.xy));
  return vec4<f32>(real, imaginary);
}

// Times −i.
fn quarter_turned(a: vec4<f32>) -> vec4<f32> {
  return vec4<f32>(a.zw, -a.xy);
}

fn swapped(a: vec4<f32>) -> vec4<f32> {
  return select(a, a.zwxy, params.backward == 1u);
}

// Where point p of the workgroup lies, and its line.
fn place_of(owner: u32, p: u32) -> vec2<u32> {
  let index = owner * (POINTS / params.length) + p / params.length;
  let low = index % params.low_lines;
  let start = low * params.low_stride + (index / params.low_lines) * params.high_stride;
  return vec2<u32>(start + (p % params.length) * params.stride, low);
}

// Place in a transformed line of frequency f.
fn reversed_digits(f: u32) -> u32 {
  var rest = f;
  var place = 0u;
  var size = params.length;
  while (size >= 4u) {
    size /= 4u;
    place += (rest & 3u) * size;
    rest >>= 2u;
  }
  return place + rest;
}

fn butterfly(first: u32, quarter: u32, angle: u32) {
  let a = line[first];
  let b = line[first + quarter];
  let c = line[first + 2u * quarter];
  let d = line[first + 3u * quarter];
  let even = complex_sum(a, c);
  let odd = complex_sum(a, -c);
  let sum = complex_sum(b, d);
  let difference = quarter_turned(complex_sum(b, -d));
  line[first] = complex_sum(even, sum);
  line[first + quarter] = complex_product(complex_sum(odd, difference), turns[angle]);
  line[first + 2u * quarter] = complex_product(complex_sum(even, -sum), turns[2u * angle]);
  line[first + 3u * quarter] = complex_product(complex_sum(odd, -difference), turns[3u * angle]);
}

@compute @workgroup_size(LANES)
fn transform_lines(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let owner = group.y * groups.x + group.x;
  for (var p = lane; p < POINTS; p += LANES) { line[p] = swapped(points[place_of(owner, p).x]); }
  workgroupBarrier();
  var size = params.length;
  while (size >= 4u) {
    let quarter = size / 4u;
    let k = lane % quarter;
    butterfly((lane / quarter) * size + k, quarter, k * (params.turn / size));
    workgroupBarrier();
    size = quarter;
  }
  if (size == 2u) {
    for (var p = 2u * lane; p < POINTS; p += 2u * LANES) {
      let a = line[p];
      let b = line[p + 1u];
      line[p] = complex_sum(a, b);
      line[p + 1u] = complex_sum(a, -b);
    }
    workgroupBarrier();
  }
  for (var p = lane; p < POINTS; p += LANES) {
    let f = p % params.length;
    let place = place_of(owner, p);
    var value = line[p - f + reversed_digits(f)];
    if (params.twist > 0u) { value = complex_product(value, turns[(f * place.y * params.twist) % params.turn]); }
    points[place.x] = swapped(value);
  }
}

@compute @workgroup_size(LANES)
fn multiply(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * LANES + lane;
  let factor = spectrum[i];
  let value = points[i];
  points[i] = vec4<f32>(two_float_product(value.xy, factor), two_float_product(value.zw, factor));
}
