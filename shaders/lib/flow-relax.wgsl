// Recursions on the flow graph, one round: each cell is computed once, when everything it gathers is final. A workgroup goes on inside its
// block of 16 × 16 cells until nothing more becomes final there; a block runs again when a neighbour block gave it something.
// So results depend on no schedule: a cell's inputs are final values, gathered in the order of directions.
//
// The shader that imports this declares, besides `tile`, `direction` and what blocks.wgsl asks for:
//   values: array<vec2<u32>>      float64, the values of a cell side by side
//   rounds: array<atomic<u32>>    per element, the round in which the cell became final; 0 before
//   params.slots                  the counter of cells that became final, among those of blocks.wgsl
//   fn parents_of(i: u32) -> u32  bit d: cell i gathers from its neighbour in direction d
//   fn children_of(i: u32) -> u32 bit d: that neighbour gathers from cell i
//   fn evaluate(i: u32)           writes the values of cell i; those of its parents are there
// Values need no atomics: they are read only where `rounds` tells of an earlier round, or after a barrier in the same block.
#import blocks
#import directions
#import f64
#import nodata

const FLOW_PITCH = 18u; // with one cell of the neighbours on each side

var<workgroup> flow_final: array<u32, 324>;
var<workgroup> flow_step: atomic<u32>;
var<workgroup> flow_count: atomic<u32>;
var<workgroup> flow_word: u32;

// Before the first round.
fn flow_forget(i: u32, count: u32) {
  atomicStore(&rounds[i], 0u);
  for (var k = 0u; k < count; k++) { values[i * count + k] = F64_ZERO; }
}

// After the last one: whether cell i has a direction. One that has, and never became final, is counted: the directions go in circles.
fn flow_is_routed(i: u32) -> bool {
  let routed = !is_nodata_code(direction[i]);
  if (routed && atomicLoad(&rounds[i]) == 0u) { atomicAdd(&counters[params.slots], 1u); }
  return routed;
}

// Called by all invocations of a workgroup of 16 × 16.
fn flow_block(group: vec2<u32>, local: vec2<u32>, lane: u32) {
  if (lane == 0u) { flow_word = awake_block(group); }
  let own = workgroupUniformLoad(&flow_word);
  if (own == NO_BLOCK) { return; }

  // What is final before this round. Elements of the padding and beyond the tile stand as they are: halo cells of neighbour tiles.
  let place = block_place(own);
  let origin = place * BLOCK_EDGE;
  for (var k = lane; k < FLOW_PITCH * FLOW_PITCH; k += BLOCK_EDGE * BLOCK_EDGE) {
    let at = origin + vec2<u32>(k % FLOW_PITCH, k / FLOW_PITCH); // in the padded plane
    var before = 0u;
    if (at.x < tile.width + 2u && at.y < tile.height + 2u) {
      let round = atomicLoad(&rounds[at.y * tile.pitch + at.x]);
      before = u32(round != 0u && round < params.round);
    }
    flow_final[k] = before;
  }
  workgroupBarrier();

  let id = origin + local;
  let inside = in_tile(id, tile);
  let i = tile_index(select(vec2<u32>(0u, 0u), id, inside), tile);
  let mine = (local.y + 1u) * FLOW_PITCH + local.x + 1u;
  var waiting = inside && flow_final[mine] == 0u && !is_nodata_code(direction[i]);
  let was_waiting = waiting;
  var parents = 0u;
  if (waiting) { parents = parents_of(i); }
  for (var step = 1u; ; step++) {
    for (var rest = parents; rest != 0u; rest &= rest - 1u) {
      let d = firstTrailingBit(rest);
      let there = u32(i32(mine) + direction_dy(d) * i32(FLOW_PITCH) + direction_dx(d));
      if (flow_final[there] == 1u) { parents &= ~(1u << d); }
    }
    let ready = waiting && parents == 0u;
    if (ready) { evaluate(i); }
    storageBarrier();
    workgroupBarrier();
    if (ready) {
      flow_final[mine] = 1u;
      waiting = false;
      atomicStore(&flow_step, step);
    }
    workgroupBarrier();
    if (lane == 0u) { flow_word = atomicLoad(&flow_step); }
    if (workgroupUniformLoad(&flow_word) != step) { break; }
  }

  if (was_waiting && !waiting) {
    atomicStore(&rounds[i], params.round);
    atomicAdd(&flow_count, 1u);
    wake_children(i, id, place);
  }
  workgroupBarrier();
  if (lane == 0u) { atomicAdd(&counters[params.slots], atomicLoad(&flow_count)); }
}

// The blocks of the tile, other than this one, where something waits for cell i.
fn wake_children(i: u32, id: vec2<u32>, own: vec2<u32>) {
  let in_block = id - own * BLOCK_EDGE;
  let last = BLOCK_EDGE - 1u;
  if (in_block.x != 0u && in_block.y != 0u && in_block.x != last && in_block.y != last) { return; }
  for (var rest = children_of(i); rest != 0u; rest &= rest - 1u) {
    let d = firstTrailingBit(rest);
    let x = i32(id.x) + direction_dx(d);
    let y = i32(id.y) + direction_dy(d);
    if (x < 0 || y < 0 || x >= i32(tile.width) || y >= i32(tile.height)) { continue; }
    let other = vec2<u32>(u32(x), u32(y)) / BLOCK_EDGE;
    if (any(other != own)) { wake_block(other); }
  }
}
