// Flow directions: eight shares of four bits, that of direction d (0 E, 1 NE, 2 N, … 7 SE) in bits 4d to 4d + 3.
// Twin of src/solvers/routing/directions.ts.
#import nodata
#import directions

// 0 to 15; 0 outside, whose code is nodata.
fn share_of(code: u32, d: u32) -> u32 {
  return select((code >> (4u * d)) & 15u, 0u, is_nodata_code(code));
}

fn sum_of_shares(code: u32) -> u32 {
  let pairs = (code & 0x0f0f0f0fu) + ((code >> 4u) & 0x0f0f0f0fu);
  let halves = pairs + (pairs >> 16u);
  return (halves + (halves >> 8u)) & 0xffu;
}

// Needs the global `tile`. The element of the neighbour in direction d.
fn neighbour(i: u32, d: u32) -> u32 {
  return u32(i32(i) + direction_dy(d) * i32(tile.pitch) + direction_dx(d));
}

// Needs the globals `tile` and `direction`. Bit d: the neighbour in direction d sends some of its flow here.
fn upslope_of(i: u32) -> u32 {
  var mask = 0u;
  for (var d = 0u; d < 8u; d++) {
    if (share_of(direction[neighbour(i, d)], d ^ 4u) > 0u) { mask |= 1u << d; }
  }
  return mask;
}

// Needs the globals `tile` and `direction`. Bit d: flow goes to the neighbour in direction d, and that is no nodata.
fn downslope_of(i: u32) -> u32 {
  let code = direction[i];
  var mask = 0u;
  for (var d = 0u; d < 8u; d++) {
    if (share_of(code, d) > 0u && !is_nodata_code(direction[neighbour(i, d)])) { mask |= 1u << d; }
  }
  return mask;
}

// Needs the global `tile`. The neighbour in direction d of a cell of the interior lies in the grid.
fn in_grid(i: u32, d: u32) -> bool {
  let x = i32(tile.x + i % tile.pitch - 1u) + direction_dx(d);
  let y = i32(tile.y + i / tile.pitch - 1u) + direction_dy(d);
  return x >= 0 && y >= 0 && x < i32(tile.grid_width) && y < i32(tile.grid_height);
}
