// What one visit to a tile knows about itself, and where its cells are in the planes of that visit.

// `tile` kernels run one invocation per cell of the interior in workgroups of this shape.
// 64 along a row: neighbours in x are neighbours in memory.
override WORKGROUP_X: u32 = 64;
override WORKGROUP_Y: u32 = 4;

struct Tile {
  // Cells of the interior.
  width: u32,
  height: u32,
  // Elements per row of every plane in this visit, padding included.
  pitch: u32,
  // Cells of padding on each side.
  halo: u32,
  // Elements per plane where several are packed in one buffer.
  plane: u32,
  // Column and row of the interior's first cell in the grid.
  x: u32,
  y: u32,
  grid_width: u32,
  grid_height: u32,
  // Metres.
  cell_width: f32,
  cell_height: f32,
  // Always 0 at run time, which no compiler can know; see opaque.wgsl.
  opaque_key: u32,
}

fn in_tile(id: vec2<u32>, tile: Tile) -> bool {
  return id.x < tile.width && id.y < tile.height;
}

// Element of interior cell `id` in a plane of this visit.
fn tile_index(id: vec2<u32>, tile: Tile) -> u32 {
  return (id.y + tile.halo) * tile.pitch + id.x + tile.halo;
}
