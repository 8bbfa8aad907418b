// Kernel mean, sum and weight of a block of cells: sums cell by cell of the kernel, or by Fourier transforms (convolve_transform.wgsl) of which this
// holds the beginning and the end; and which cells have a source within the kernel. Definition in src/solvers/convolve/reference.ts.
// Sums are pairs of float32. The interior of the tile is the block, its halo and pitch those of the values in it and `reach` around it.
#import tile
#import nodata
#import math

struct Params {
  // Cells around the block on each side: as many as the kernel has beside its centre, or none where a transform holds the raster.
  reach_x: u32,
  reach_y: u32,
  // Rows of values.
  rows: u32,
  // Columns of the transform.
  columns: u32,
  // Taken off every value before the sums.
  level: f32,
  // Of the valid values.
  low: f32,
  high: f32,
  // Columns that a source covers in its row.
  gaps: u32,
  // 1: weights are whole numbers; 2: the values too.
  whole: u32,
  // 1: cells without a source are looked for; 2: no cell has one.
  zeros: u32,
}

@group(0) @binding(0) var<storage, read> values: array<f32>;
// Of the quadrant of the kernel with its centre, rows of reach_x + 1.
@group(0) @binding(1) var<storage, read> weights: array<f32>;
// Rows that a source covers above and below it, by distance along its row.
@group(0) @binding(2) var<storage, read> heights: array<u32>;
@group(0) @binding(3) var<storage, read> points: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> covers: array<i32>;
@group(0) @binding(5) var<storage, read_write> loaded: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> distances: array<u32>;
@group(0) @binding(7) var<storage, read_write> covered: array<i32>;
// planes: mean sum weight
@group(0) @binding(8) var<storage, read_write> results: array<f32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

// Value less the level, and 1, each as a pair; 0 where there is no value.
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn load(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= params.columns) { return; }
  let i = id.y * params.columns + id.x;
  loaded[i] = vec4<f32>(0.0, 0.0, 0.0, 0.0);
  if (id.x >= tile.pitch || id.y >= params.rows) { return; }
  let value = values[id.y * tile.pitch + id.x];
  if (!is_nodata(value)) { loaded[i] = vec4<f32>(two_sum(value, -params.level), 1.0, 0.0); }
}

// Along each row: distance to the nearest source in it, at most that to the edge.
@compute @workgroup_size(64)
fn row_distances(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= params.rows) { return; }
  let start = id.x * tile.pitch;
  var distance = params.gaps;
  for (var x = 0u; x < tile.pitch; x++) {
    let value = values[start + x];
    distance = select(min(distance + 1u, params.gaps), 0u, value != 0.0 && !is_nodata(value));
    distances[start + x] = distance;
  }
  distance = params.gaps;
  for (var x = tile.pitch; x > 0u; x--) {
    distance = min(distance + 1u, distances[start + x - 1u]);
    distances[start + x - 1u] = distance;
  }
}

// Down each column: how many sources cover each cell, as differences from row to row first.
@compute @workgroup_size(64)
fn cover_columns(@builtin(global_invocation_id) id: vec3<u32>) {
  let x = id.x;
  if (x >= tile.pitch) { return; }
  for (var y = 0u; y <= params.rows; y++) { covered[y * tile.pitch + x] = 0; }
  for (var y = 0u; y < params.rows; y++) {
    let distance = distances[y * tile.pitch + x];
    if (distance >= params.gaps) { continue; }
    let height = heights[distance];
    covered[(y - min(y, height)) * tile.pitch + x] += 1;
    covered[min(params.rows, y + height + 1u) * tile.pitch + x] -= 1;
  }
  for (var y = 1u; y < params.rows; y++) { covered[y * tile.pitch + x] += covered[(y - 1u) * tile.pitch + x]; }
}

// Quotient of two pairs.
fn two_float_quotient(a: vec2<f32>, b: vec2<f32>) -> vec2<f32> {
  let first = a.x / b.x;
  let rest = two_float_add(a, -two_float_product(vec2<f32>(first, 0.0), b));
  return quick_two_sum(first, rest.x / b.x);
}

fn rounded(a: vec2<f32>) -> vec2<f32> {
  return quick_two_sum(round(a.x), round(opaque(a.x - round(a.x)) + a.y));
}

// With a source, and where values have one sign, no sum or mean is 0, however small it is beside the error of a transform.
fn away(value: f32) -> f32 {
  if (params.low >= 0.0) { return max(value, 1e-18 * params.high); }
  if (params.high <= 0.0) { return min(value, 1e-18 * params.low); }
  return value;
}

fn write_results(id: vec2<u32>, contrast: vec2<f32>, weight: vec2<f32>, covers_it: bool) {
  let o = id.y * tile.width + id.x;
  var k = weight;
  if (params.whole > 0u) { k = rounded(weight); }
  results[o + 2u * tile.plane] = k.x;
  if (!covers_it) {
    results[o] = 0.0;
    results[o + tile.plane] = 0.0;
    return;
  }
  let level = vec2<f32>(params.level, 0.0);
  var sum = two_float_add(contrast, two_float_product(level, k));
  var mean = two_float_add(two_float_quotient(contrast, k), level);
  if (params.whole == 2u) {
    sum = rounded(sum);
    mean = two_float_quotient(sum, k);
  }
  results[o] = clamp(away(mean.x), params.low, params.high);
  results[o + tile.plane] = clamp(away(sum.x), params.low * k.x, params.high * k.x);
}

fn write_nothing(id: vec2<u32>) {
  let o = id.y * tile.width + id.x;
  results[o] = NODATA;
  results[o + tile.plane] = NODATA;
  results[o + 2u * tile.plane] = NODATA;
}

// Element of cell `id` of the block among the values.
fn value_index(id: vec2<u32>) -> u32 {
  return (id.y + params.reach_y) * tile.pitch + id.x + params.reach_x;
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn store(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = value_index(id.xy);
  if (is_nodata(values[i])) { write_nothing(id.xy); return; }
  let sums = points[(id.y + params.reach_y) * params.columns + id.x + params.reach_x];
  let none = params.zeros == 2u || (params.zeros == 1u && covers[i] == 0);
  write_results(id.xy, sums.xy, sums.zw, !none);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn sum_directly(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let centre = value_index(id.xy);
  if (is_nodata(values[centre])) { write_nothing(id.xy); return; }
  var contrast = vec2<f32>(0.0, 0.0);
  var weight = vec2<f32>(0.0, 0.0);
  var sources = 0u;
  for (var v = 0u; v <= 2u * params.reach_y; v++) {
    let dy = max(v, params.reach_y) - min(v, params.reach_y);
    for (var u = 0u; u <= 2u * params.reach_x; u++) {
      let dx = max(u, params.reach_x) - min(u, params.reach_x);
      let k = weights[dy * (params.reach_x + 1u) + dx];
      let value = values[(id.y + v) * tile.pitch + id.x + u];
      if (k == 0.0 || is_nodata(value)) { continue; }
      sources += select(0u, 1u, value != 0.0);
      contrast = two_float_add(contrast, two_float_product(two_sum(value, -params.level), vec2<f32>(k, 0.0)));
      weight = two_float_add(weight, vec2<f32>(k, 0.0));
    }
  }
  write_results(id.xy, contrast, weight, sources > 0u);
}
