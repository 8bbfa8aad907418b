// Cells on their way from tile to tile: two rows and two columns of the tile's own cells (border) to a row of words, and a row of words into
// the cells around what it works on (halo). Order of cells in src/solvers/device/rings.ts; the words of a cell stand together.
#import tile
#import blocks

struct Params {
  words: u32, // per cell
  // Of the tile's own cells in what it works on, and how far from their edge the border lies.
  column: u32,
  row: u32,
  width: u32,
  height: u32,
  overlap: u32,
  round: u32, // before the one in which the blocks beside changed cells of the halo wake
  slot: u32,
  all: u32,
}

@group(0) @binding(0) var<storage, read> halo: array<u32>;
@group(0) @binding(1) var<storage, read_write> plane: array<u32>;
@group(0) @binding(2) var<storage, read_write> wake: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read_write> counters: array<atomic<u32>>;
@group(0) @binding(4) var<storage, read_write> border: array<u32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

@compute @workgroup_size(64)
fn gather(@builtin(global_invocation_id) id: vec3<u32>) {
  let width = params.width;
  let height = params.height;
  if (id.x >= 2u * (width + height)) { return; }
  // Of a tile that is no wider than the overlap nobody asks for what lies beyond its edge.
  let first = min(vec2<u32>(params.overlap), vec2<u32>(width, height) - 1u);
  let last = vec2<u32>(width, height) - 1u - first;
  var at = vec2<u32>(id.x % width, select(first.y, last.y, id.x >= width)); // the rows
  if (id.x >= 2u * width) {
    let along = id.x - 2u * width;
    at = vec2<u32>(select(first.x, last.x, along >= height), along % height);
  }
  let cell = tile_index(at + vec2<u32>(params.column, params.row), tile);
  for (var word = 0u; word < params.words; word++) {
    border[id.x * params.words + word] = plane[cell * params.words + word];
  }
}

@compute @workgroup_size(64)
fn scatter(@builtin(global_invocation_id) id: vec3<u32>) {
  let width = tile.width + 2u;
  let height = tile.height;
  if (id.x >= 2u * (width + height)) { return; }
  var at = vec2<u32>(id.x % width, select(0u, height + 1u, id.x >= width)); // in the padded plane
  if (id.x >= 2u * width) {
    let along = id.x - 2u * width;
    at = vec2<u32>(select(0u, width - 1u, along >= height), along % height + 1u);
  }
  let cell = at.y * tile.pitch + at.x;
  var changed = false;
  for (var word = 0u; word < params.words; word++) {
    let value = halo[id.x * params.words + word];
    changed |= plane[cell * params.words + word] != value;
    plane[cell * params.words + word] = value;
  }
  if (!changed) { return; }
  // The blocks of the interior cells beside it.
  for (var y = max(at.y, 2u) - 1u; y <= min(at.y + 1u, tile.height); y++) {
    for (var x = max(at.x, 2u) - 1u; x <= min(at.x + 1u, tile.width); x++) {
      wake_block(vec2<u32>(x - 1u, y - 1u) / BLOCK_EDGE);
    }
  }
}
