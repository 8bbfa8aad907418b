// The eight directions: 0 E, 1 NE, 2 N, … 7 SE, columns to the east and rows to the south. Twin of src/solvers/routing/directions.ts.

fn direction_dx(d: u32) -> i32 {
  return i32((0x21000122u >> (4u * d)) & 3u) - 1;
}

fn direction_dy(d: u32) -> i32 {
  return i32((0x22210001u >> (4u * d)) & 3u) - 1;
}
