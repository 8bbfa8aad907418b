// Exact Euclidean distance and allocation of a strip of whole rows, in integers. First the nearest source of each column, then of each row the
// column whose source is nearest: for every 512th cell by search outward, then for the cells between two known ones among the columns between
// those of the two, because the nearest column never moves back. Ties go to the smallest index: (squared distance, row, column) is a total order.
// Definition in src/solvers/distance/reference.ts.
#import tile
#import nodata
#import u64

struct Params {
  // Cells from one that is looked for to the next, and from one that is known to the next; 0: none is.
  step: u32,
  known: u32,
}

const NONE: u32 = 0xffffffffu;

@group(0) @binding(0) var<storage, read> source: array<u32>;
// By column: the nearest row with a source above the strip and below it, or NONE.
@group(0) @binding(1) var<storage, read> above: array<u32>;
@group(0) @binding(2) var<storage, read> below: array<u32>;
// Row of the nearest source of the column, by cell; NONE in columns without one.
@group(0) @binding(3) var<storage, read> nearest_row: array<u32>;
// Column of the nearest source, by cell.
@group(0) @binding(4) var<storage, read> nearest_column: array<u32>;
// By column: the first and last row with a source, or NONE.
@group(0) @binding(5) var<storage, read_write> first: array<u32>;
@group(0) @binding(6) var<storage, read_write> last: array<u32>;
@group(0) @binding(7) var<storage, read_write> row_of: array<u32>;
@group(0) @binding(8) var<storage, read_write> column_of: array<u32>;
@group(0) @binding(9) var<storage, read_write> squared: array<u32>;
@group(0) @binding(10) var<storage, read_write> distance_cells: array<f32>;
@group(0) @binding(11) var<storage, read_write> allocation: array<u32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

fn is_source(value: u32) -> bool {
  return value != 0u && !is_nodata_code(value);
}

// Where the columns of the strip have their first and last source.
@compute @workgroup_size(64)
fn ends(@builtin(global_invocation_id) id: vec3<u32>) {
  let x = id.x;
  if (x >= tile.width) { return; }
  var found = vec2(NONE, NONE);
  for (var row = 0u; row < tile.height; row++) {
    if (is_source(source[row * tile.pitch + x])) {
      found.y = tile.y + row;
      if (found.x == NONE) { found.x = tile.y + row; }
    }
  }
  first[x] = found.x;
  last[x] = found.y;
}

@compute @workgroup_size(64)
fn columns(@builtin(global_invocation_id) id: vec3<u32>) {
  let x = id.x;
  if (x >= tile.width) { return; }
  var upper = above[x];
  for (var row = 0u; row < tile.height; row++) {
    let i = row * tile.pitch + x;
    if (is_source(source[i])) { upper = tile.y + row; }
    row_of[i] = upper;
  }
  var lower = below[x];
  for (var row = tile.height; row > 0u; row--) {
    let y = tile.y + row - 1u;
    let i = (row - 1u) * tile.pitch + x;
    let up = row_of[i];
    if (up == y) { lower = y; }
    // Of two at one distance the upper one has the smaller index.
    if (lower != NONE && (up == NONE || lower - y < y - up)) { row_of[i] = lower; }
  }
}

fn apart(a: u32, b: u32) -> u32 {
  return max(a, b) - min(a, b);
}

fn square_of(x: u32, y: u32, column: u32, row: u32) -> u32 {
  let dx = apart(x, column);
  let dy = apart(y, row);
  return dx * dx + dy * dy;
}

// The nearest so far: squared distance, row, column. Rows and columns are NONE as long as nothing was found.
fn nearer(best: vec3<u32>, x: u32, y: u32, column: u32, at: u32) -> vec3<u32> {
  let row = nearest_row[at + column];
  if (row == NONE) { return best; }
  let square = square_of(x, y, column, row);
  let better = square < best.x || (square == best.x && (row < best.y || (row == best.y && column < best.z)));
  return select(best, vec3(square, row, column), better);
}

// One cell of every `step` of a row, but for those that are known.
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn search(@builtin(global_invocation_id) id: vec3<u32>) {
  let x = id.x * params.step;
  if (x >= tile.width || id.y >= tile.height) { return; }
  var west = 0u;
  var east = tile.width - 1u;
  let y = tile.y + id.y;
  let at = id.y * tile.pitch;
  if (params.known > 0u) {
    let before = x - x % params.known;
    if (x == before) { return; }
    west = column_of[at + before];
    if (west == NONE) { column_of[at + x] = NONE; return; } // then there is no source at all
    if (before + params.known < tile.width) { east = column_of[at + before + params.known]; }
  }
  var best = vec3(NONE, NONE, NONE);
  // Outward from the cell, which may lie outside of its columns.
  var away = select(select(0u, x - east, x > east), west - x, west > x);
  let farthest = max(select(0u, x - west, x > west), select(0u, east - x, east > x));
  while (away <= farthest && away * away <= best.x) {
    if (x >= west + away && x - away <= east) { best = nearer(best, x, y, x - away, at); }
    if (x + away <= east && x + away >= west) { best = nearer(best, x, y, x + away, at); }
    away++;
  }
  column_of[at + x] = best.z;
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn write_squared(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  let column = nearest_column[i];
  if (column == NONE) { squared[i] = NODATA_CODE; return; }
  squared[i] = square_of(id.x, tile.y + id.y, column, nearest_row[id.y * tile.pitch + column]);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn write_distance(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  let column = nearest_column[i];
  if (column == NONE) { distance_cells[i] = NODATA; return; }
  distance_cells[i] = square_root(square_of(id.x, tile.y + id.y, column, nearest_row[id.y * tile.pitch + column]));
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn write_allocation(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  let column = nearest_column[i];
  if (column == NONE) { allocation[i] = NODATA_CODE; return; }
  allocation[i] = nearest_row[id.y * tile.pitch + column] * tile.grid_width + column;
}

// The square root of an integer, rounded to the nearest f32: the device's own may err in the last places, integers tell by how much.
fn square_root(n: u32) -> f32 {
  if (n == 0u) { return 0.0; }
  var bits = bitcast<u32>(sqrt(f32(n)));
  for (var i = 0u; i < 8u; i++) {
    let exponent = (bits >> 23u) - 127u; // 0 to 16
    let mantissa = (bits & 0x007fffffu) | 0x00800000u;
    // The root is mantissa · 2^(exponent − 23); in quarters of its last place, squared, it is compared with n.
    let scaled = shift_left(n, 50u - 2u * exponent);
    let low = select(4u * mantissa - 2u, 4u * mantissa - 1u, mantissa == 0x00800000u);
    if (u64_less(square_u64(4u * mantissa + 2u), scaled)) {
      bits++;
    } else if (u64_less(scaled, square_u64(low))) {
      bits--;
    } else {
      break;
    }
  }
  return bitcast<f32>(bits);
}

fn shift_left(n: u32, by: u32) -> vec2<u32> {
  if (by >= 32u) { return vec2(0u, n << (by - 32u)); }
  return vec2(n << by, select(n >> (32u - by), 0u, by == 0u));
}

fn square_u64(a: u32) -> vec2<u32> {
  let low = a & 0xffffu;
  let high = a >> 16u;
  let cross = low * high; // below 2^26: a has 26 bits
  return u64_add(vec2(low * low, high * high), vec2(cross << 17u, cross >> 15u));
}
