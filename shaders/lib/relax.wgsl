// Relaxation of a plane of u32 downwards to a fixpoint, one round: state(i) = min(state(i), relaxed(i)), where relaxed never falls when a
// state of the eight neighbours rises. Whatever the schedule, the fixpoint is the same. A workgroup iterates on its block of 16 × 16 cells
// until nothing moves there; a block runs again when a cell on the border of a neighbour block moved.
//
// The shader that imports this declares, besides `tile` (with a halo of 1) and what blocks.wgsl asks for:
//   state: array<atomic<u32>>     the plane
//   params.slots                  the counter of cells that moved
//   fn fixed_of(i: u32) -> u32    what relaxed(i) needs to know of element i besides its state
//   fn relaxed(k: u32) -> u32     from relax_fixed and relax_state; k is the cell's place in the block
#import blocks
#import directions

const RELAX_PITCH = 18u; // with one cell of the neighbours on each side
const RELAX_TOP = 0xffffffffu; // of what is beyond the tile, state and fixed

var<workgroup> relax_state: array<u32, 324>;
var<workgroup> relax_fixed: array<u32, 324>;
var<workgroup> relax_step: atomic<u32>;
var<workgroup> relax_count: atomic<u32>;
var<workgroup> relax_word: u32;

// Place in the block of the neighbour of place k in direction d.
fn relax_neighbour(k: u32, d: u32) -> u32 {
  return u32(i32(k) + direction_dy(d) * i32(RELAX_PITCH) + direction_dx(d));
}

// Called by all invocations of a workgroup of 16 × 16.
fn relax_block(group: vec2<u32>, local: vec2<u32>, lane: u32) {
  if (lane == 0u) { relax_word = awake_block(group); }
  let own = workgroupUniformLoad(&relax_word);
  if (own == NO_BLOCK) { return; }

  let place = block_place(own);
  let origin = place * BLOCK_EDGE; // in the padded plane, whose first row and column are halo
  for (var k = lane; k < RELAX_PITCH * RELAX_PITCH; k += BLOCK_EDGE * BLOCK_EDGE) {
    let at = origin + vec2<u32>(k % RELAX_PITCH, k / RELAX_PITCH);
    relax_state[k] = RELAX_TOP;
    relax_fixed[k] = RELAX_TOP;
    if (at.x < tile.width + 2u && at.y < tile.height + 2u) {
      let i = at.y * tile.pitch + at.x;
      relax_state[k] = atomicLoad(&state[i]);
      relax_fixed[k] = fixed_of(i);
    }
  }
  workgroupBarrier();

  let id = origin + local;
  let inside = in_tile(id, tile);
  let mine = (local.y + 1u) * RELAX_PITCH + local.x + 1u;
  let before = relax_state[mine];
  var now = before;
  for (var step = 1u; ; step++) {
    let next = select(now, min(now, relaxed(mine)), inside);
    workgroupBarrier(); // all have read
    if (next < now) {
      now = next;
      relax_state[mine] = now;
      atomicStore(&relax_step, step);
    }
    workgroupBarrier();
    if (lane == 0u) { relax_word = atomicLoad(&relax_step); }
    if (workgroupUniformLoad(&relax_word) != step) { break; }
  }

  if (now < before) {
    atomicStore(&state[tile_index(id, tile)], now);
    atomicAdd(&relax_count, 1u);
    relax_wake(id, place);
  }
  workgroupBarrier();
  if (lane == 0u) { atomicAdd(&counters[params.slots], atomicLoad(&relax_count)); }
}

// The other blocks of the tile that see cell `id`.
fn relax_wake(id: vec2<u32>, own: vec2<u32>) {
  let within = id - own * BLOCK_EDGE;
  let last = BLOCK_EDGE - 1u;
  if (within.x != 0u && within.y != 0u && within.x != last && within.y != last) { return; }
  for (var d = 0u; d < 8u; d++) {
    let x = i32(id.x) + direction_dx(d);
    let y = i32(id.y) + direction_dy(d);
    if (x < 0 || y < 0 || x >= i32(tile.width) || y >= i32(tile.height)) { continue; }
    let other = vec2<u32>(u32(x), u32(y)) / BLOCK_EDGE;
    if (any(other != own)) { wake_block(other); }
  }
}
