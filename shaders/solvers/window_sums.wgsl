// Sums of whole numbers over the neighbourhood of every cell of a block, without rounding, and how many valid cells there are in it. A number comes
// as three parts of 16 bits; running sums along rows may wrap around, for differences of them do not. Definition in src/solvers/getis_ord/reference.ts.
// The interior of the tile is the block; `reach` cells around it are there too, valid or not.
#import tile

struct Params {
  // Cells around the block on each side.
  reach_x: u32,
  reach_y: u32,
  // Cells of a row of what is reached, and rows.
  columns: u32,
  rows: u32,
}

// Of a cell: the lowest and the middle part; the highest part, and 1 in the upper half where the cell is valid.
@group(0) @binding(0) var<storage, read> lower: array<u32>;
@group(0) @binding(1) var<storage, read> upper: array<u32>;
// Columns of the neighbourhood on each side, by distance from its middle row.
@group(0) @binding(2) var<storage, read> half_widths: array<u32>;
// By row, and one more in each: the sums of the three parts and of valid cells before.
@group(0) @binding(3) var<storage, read> before: array<vec4<u32>>;
@group(0) @binding(4) var<storage, read_write> running: array<vec4<u32>>;
// planes: count low high
@group(0) @binding(5) var<storage, read_write> sums: array<u32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

@compute @workgroup_size(64)
fn sum_along_rows(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= params.rows) { return; }
  var sum = vec4<u32>(0u);
  let start = id.x * (params.columns + 1u);
  for (var x = 0u; x < params.columns; x++) {
    running[start + x] = sum;
    let low = lower[id.x * params.columns + x];
    let high = upper[id.x * params.columns + x];
    sum += vec4<u32>(low & 0xffffu, low >> 16u, high & 0xffffu, high >> 16u);
  }
  running[start + params.columns] = sum;
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn sum_windows(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  var sum = vec4<u32>(0u);
  var carries = vec4<u32>(0u);
  for (var v = 0u; v <= 2u * params.reach_y; v++) {
    let half = half_widths[max(v, params.reach_y) - min(v, params.reach_y)];
    let at = (id.y + v) * (params.columns + 1u) + id.x + params.reach_x;
    let chord = before[at + half + 1u] - before[at - half];
    sum += chord;
    carries += select(vec4<u32>(0u), vec4<u32>(1u), sum < chord);
  }
  // First part + middle part · 2^16 + highest part · 2^32, in two words.
  let middle = sum.y << 16u;
  let low = sum.x + middle;
  let carry = select(0u, 1u, low < middle);
  let o = id.y * tile.width + id.x;
  sums[o] = sum.w;
  sums[o + tile.plane] = low;
  sums[o + 2u * tile.plane] = carries.x + carry + (sum.y >> 16u) + (carries.y << 16u) + sum.z;
}
