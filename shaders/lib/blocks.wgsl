// Blocks of 16 × 16 cells of a tile, a workgroup each, and which of them a round of a relaxation runs: those that the round before woke.
//
// The shader that imports this declares, besides `tile`:
//   wake: array<atomic<u32>>      per block, the last round that it was woken for; then the blocks of an even round, then those of an odd one
//   counters: array<atomic<u32>>  of a submit: blocks woken for its first round, for its second, …; then the cells that changed
//   params.round (from 2), params.slot (of the counters: blocks for the next round), params.all (1: all blocks run)

const BLOCK_EDGE = 16u;
const NO_BLOCK = 0xffffffffu;
// Workgroups in x of a round that runs woken blocks; twin of shaders/solvers/relax_rounds.wgsl.
const BLOCKS_ACROSS = 65535u;

fn blocks_of_tile() -> vec2<u32> {
  return (vec2<u32>(tile.width, tile.height) + BLOCK_EDGE - 1u) / BLOCK_EDGE;
}

// The index of the block that a workgroup of this round runs, row by row; NO_BLOCK where there are more workgroups than blocks.
fn awake_block(group: vec2<u32>) -> u32 {
  let size = blocks_of_tile();
  if (params.all == 1u) { return group.y * size.x + group.x; }
  let place = group.y * BLOCKS_ACROSS + group.x;
  if (place >= atomicLoad(&counters[params.slot - 1u])) { return NO_BLOCK; }
  return atomicLoad(&wake[(1u + (params.round & 1u)) * size.x * size.y + place]);
}

// Column and row of a block.
fn block_place(index: u32) -> vec2<u32> {
  let across = blocks_of_tile().x;
  return vec2<u32>(index % across, index / across);
}

// Lets the block at `place` run in the next round.
fn wake_block(place: vec2<u32>) {
  let size = blocks_of_tile();
  let index = place.y * size.x + place.x;
  let next = params.round + 1u;
  if (atomicMax(&wake[index], next) >= next) { return; }
  let at = atomicAdd(&counters[params.slot], 1u);
  atomicStore(&wake[(1u + (next & 1u)) * size.x * size.y + at], index);
}
