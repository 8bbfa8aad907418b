// Cells of a window of a plane from cells of a raster in another grid: nearest, bilinear, cubic; and the mask of an area. Twin of
// src/io/warp, with the positions of src/core/warp.ts. Cells travel as bits, so that one kernel serves quantities and codes.
#import tile
#import nodata

struct Params {
  // Cells of the target window, and where its first one stands in the padded plane.
  width: u32,
  height: u32,
  inset_x: u32,
  inset_y: u32,
  // Cells of the window of the source that is held.
  held_width: i32,
  held_height: i32,
  // Column and row of the first node in the target window, nodes in a row, log2 of the cells between them, bits of a fraction.
  origin_x: i32,
  origin_y: i32,
  columns: u32,
  step_bits: u32,
  bits: u32,
  // What a cell without an image is.
  nodata: u32,
}

// Column, its fraction, row, its fraction.
@group(0) @binding(0) var<storage, read> nodes: array<vec4<i32>>;
@group(0) @binding(1) var<storage, read> cells: array<u32>;
// One byte for each cell of the target window, 0 outside of the area.
@group(0) @binding(2) var<storage, read> inside: array<u32>;
@group(0) @binding(3) var<storage, read_write> warped: array<u32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

const NO_POSITION: i32 = -1073741824;

// Where the centre of a target cell lies: its source cell, counted in the held window, and how far into it in 2^-bits.
struct Position {
  known: bool,
  cell: vec2<i32>,
  fraction: vec2<i32>,
}

// Element of the plane for a cell of the target window.
fn plane_index(id: vec2<u32>) -> u32 {
  return (id.y + params.inset_y) * tile.pitch + id.x + params.inset_x;
}

fn in_window(id: vec2<u32>) -> bool {
  return id.x < params.width && id.y < params.height;
}

// A window may reach beyond the grid, where cells are nodata whatever the source has there.
fn in_grid(id: vec2<u32>) -> bool {
  let x = i32(tile.x + params.inset_x + id.x) - i32(tile.halo);
  let y = i32(tile.y + params.inset_y + id.y) - i32(tile.halo);
  return x >= 0 && y >= 0 && x < i32(tile.grid_width) && y < i32(tile.grid_height);
}

// Place of a node in 2^-bits of a cell, from the first cell of `first`.
fn place_of(node: vec4<i32>, first: vec4<i32>) -> vec2<i32> {
  return ((node.xz - first.xz) << vec2<u32>(params.bits)) + node.yw;
}

fn between(p: vec2<i32>, q: vec2<i32>, t: i32) -> vec2<i32> {
  let half = (1i << params.step_bits) >> 1u;
  return p + (((q - p) * t + half) >> vec2<u32>(params.step_bits));
}

fn position_of(id: vec2<u32>) -> Position {
  if (!in_grid(id)) { return Position(false, vec2<i32>(), vec2<i32>()); }
  let column = u32(i32(id.x) - params.origin_x);
  let row = u32(i32(id.y) - params.origin_y);
  let node = (row >> params.step_bits) * params.columns + (column >> params.step_bits);
  let n00 = nodes[node];
  let n10 = nodes[node + 1u];
  let n01 = nodes[node + params.columns];
  let n11 = nodes[node + params.columns + 1u];
  let lacking = n10.x == NO_POSITION || n01.x == NO_POSITION || n11.x == NO_POSITION;
  // A node for every cell: what its neighbours have does not matter.
  if (n00.x == NO_POSITION || (lacking && params.step_bits > 0u)) {
    return Position(false, vec2<i32>(), vec2<i32>());
  }
  let last = (1u << params.step_bits) - 1u;
  let a = i32(column & last);
  let b = i32(row & last);
  let above = between(place_of(n00, n00), place_of(n10, n00), a);
  let below = between(place_of(n01, n00), place_of(n11, n00), a);
  let place = between(above, below, b);
  return Position(true, n00.xz + (place >> vec2<u32>(params.bits)), place & vec2<i32>((1i << params.bits) - 1i));
}

fn is_held(cell: vec2<i32>) -> bool {
  return cell.x >= 0 && cell.y >= 0 && cell.x < params.held_width && cell.y < params.held_height;
}

// Bits of a source cell; those of nodata outside of what is held.
fn cell_at(cell: vec2<i32>) -> u32 {
  if (!is_held(cell)) { return params.nodata; }
  return cells[u32(cell.y * params.held_width + cell.x)];
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn nearest(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_window(id.xy)) { return; }
  let position = position_of(id.xy);
  var bits = params.nodata;
  if (position.known) { bits = cell_at(position.cell); }
  warped[plane_index(id.xy)] = bits;
}

// The source cell whose centre is the last one not behind a place, both ways, and how far behind that centre the place is, in cells.
struct Between {
  cell: vec2<i32>,
  t: vec2<f32>,
}

fn centre_before(position: Position) -> Between {
  let half = 1i << (params.bits - 1u);
  let shifted = position.fraction + vec2<i32>(half);
  let t = vec2<f32>(shifted & vec2<i32>(2 * half - 1)) / f32(2 * half);
  return Between(position.cell + (shifted >> vec2<u32>(params.bits)) - vec2<i32>(1), t);
}

// Weights of the centres at −1, 0, 1 and 2 cells from the one before the place.
fn linear_weights(t: f32) -> vec4<f32> {
  return vec4<f32>(0.0, 1.0 - t, t, 0.0);
}

// Catmull-Rom (a = −½).
fn cubic_weights(t: f32) -> vec4<f32> {
  return vec4<f32>(
    t * (t * (1.0 - 0.5 * t) - 0.5),
    1.0 + t * t * (1.5 * t - 2.5),
    t * (0.5 + t * (2.0 - 1.5 * t)),
    t * t * (0.5 * t - 0.5),
  );
}

// Weighted sum of the valid cells' differences from the own cell, and of their weights: rounding then grows with the differences of the
// cells, not with their size. The taps are those from `first` to `last` of both axes, counted from 0.
struct Sum {
  rise: f32,
  weights: f32,
  missing: bool,
}

fn sum_of(own: f32, before: vec2<i32>, wx: vec4<f32>, wy: vec4<f32>, first: i32, last: i32) -> Sum {
  var sum = Sum(0.0, 0.0, false);
  for (var j = first; j <= last; j++) {
    for (var i = first; i <= last; i++) {
      let value = bitcast<f32>(cell_at(before + vec2<i32>(i - 1, j - 1)));
      if (is_nodata(value)) {
        sum.missing = true;
      } else {
        let weight = wx[i] * wy[j];
        sum.rise += weight * (value - own);
        sum.weights += weight;
      }
    }
  }
  return sum;
}

// The own cell is one of the four and weighs a quarter at least.
fn linear_value(own: f32, between: Between) -> f32 {
  let sum = sum_of(own, between.cell, linear_weights(between.t.x), linear_weights(between.t.y), 1, 2);
  if (sum.missing) { return own + sum.rise / sum.weights; }
  return own + sum.rise;
}

// Just inside FLT_MAX, whose negative is nodata: only next to the largest floats there are can the cubic overshoot it.
const LARGEST: f32 = 3.402823e38;

// Bilinear where one of the sixteen is missing.
fn cubic_value(own: f32, between: Between) -> f32 {
  let sum = sum_of(own, between.cell, cubic_weights(between.t.x), cubic_weights(between.t.y), 0, 3);
  if (sum.missing) { return linear_value(own, between); }
  return clamp(own + sum.rise, -LARGEST, LARGEST);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn bilinear(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_window(id.xy)) { return; }
  let position = position_of(id.xy);
  var bits = params.nodata;
  if (position.known) { bits = cell_at(position.cell); }
  if (bits != params.nodata) { bits = bitcast<u32>(linear_value(bitcast<f32>(bits), centre_before(position))); }
  warped[plane_index(id.xy)] = bits;
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn cubic(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_window(id.xy)) { return; }
  let position = position_of(id.xy);
  var bits = params.nodata;
  if (position.known) { bits = cell_at(position.cell); }
  if (bits != params.nodata) { bits = bitcast<u32>(cubic_value(bitcast<f32>(bits), centre_before(position))); }
  warped[plane_index(id.xy)] = bits;
}

// Nodata outside of the area, after one of the above.
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn mask(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_window(id.xy)) { return; }
  let cell = id.y * params.width + id.x;
  let byte = (inside[cell >> 2u] >> (8u * (cell & 3u))) & 0xffu;
  if (byte == 0u) { warped[plane_index(id.xy)] = params.nodata; }
}
