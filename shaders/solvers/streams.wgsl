// Streams: cells followed upslope from outlets, and of these the ones at the threshold with what lies downslope of them. Bits are only ever
// set, each by a rule that more bits never break, so that the result depends on no order. Rules in docs/decisions/0014.
#import tile
#import nodata
#import flow
#import blocks
#import directions

struct Params {
  round: u32,
  slot: u32,
  slots: u32,
  all: u32,
  // 0 D8, 1 MFD.
  algorithm: u32,
}

@group(0) @binding(0) var<storage, read> direction: array<u32>;
@group(0) @binding(1) var<storage, read> reach: array<u32>;
@group(0) @binding(2) var<storage, read_write> marks: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read_write> wake: array<atomic<u32>>; // as in shaders/lib/blocks.wgsl
@group(0) @binding(4) var<storage, read_write> counters: array<atomic<u32>>;
@group(0) @binding(5) var<storage, read_write> stream: array<u32>; // output, without halo
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

const FOLLOWED = 1u;
const STREAM = 2u;
const PITCH = 18u;

var<workgroup> block_marks: array<atomic<u32>, 324>;
var<workgroup> block_step: atomic<u32>;
var<workgroup> block_word: u32;

fn is_outlet(i: u32) -> bool {
  let code = direction[i];
  for (var d = 0u; d < 8u; d++) {
    if (share_of(code, d) > 0u && is_nodata_code(direction[neighbour(i, d)])) { return true; }
  }
  return false;
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn start(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  var first = 0u;
  if (!is_nodata_code(direction[i])) {
    if (params.algorithm == 0u) {
      first = select(0u, STREAM, reach[i] == 3u);
    } else if (reach[i] >= 2u && is_outlet(i)) {
      first = FOLLOWED | STREAM;
    }
  }
  atomicStore(&marks[i], first);
}

// The marks of the neighbours of place k of the block whose bit is in `mask`, together.
fn marks_around(k: u32, mask: u32) -> u32 {
  var found = 0u;
  for (var rest = mask; rest != 0u; rest &= rest - 1u) {
    let d = firstTrailingBit(rest);
    let there = u32(i32(k) + direction_dy(d) * i32(PITCH) + direction_dx(d));
    found |= atomicLoad(&block_marks[there]);
  }
  return found;
}

@compute @workgroup_size(16, 16)
fn follow(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  if (lane == 0u) { block_word = select(NO_BLOCK, awake_block(group.xy), params.algorithm == 1u); }
  let own = workgroupUniformLoad(&block_word);
  if (own == NO_BLOCK) { return; }

  let place = block_place(own);
  let origin = place * BLOCK_EDGE;
  for (var k = lane; k < PITCH * PITCH; k += BLOCK_EDGE * BLOCK_EDGE) {
    let at = origin + vec2<u32>(k % PITCH, k / PITCH); // in the padded plane
    if (at.x < tile.width + 2u && at.y < tile.height + 2u) {
      let known = atomicLoad(&marks[at.y * tile.pitch + at.x]);
      atomicStore(&block_marks[k], known);
    }
  }
  workgroupBarrier();

  let id = origin + local.xy;
  let inside = in_tile(id, tile);
  let i = tile_index(select(vec2<u32>(0u, 0u), id, inside), tile);
  let mine = (local.y + 1u) * PITCH + local.x + 1u;
  let above = select(0u, reach[i], inside && !is_nodata_code(direction[i]));
  let before = atomicLoad(&block_marks[mine]);
  var now = before;
  var upslope = 0u;
  var downslope = 0u;
  if (above > 0u && now != (FOLLOWED | STREAM)) {
    upslope = upslope_of(i);
    downslope = downslope_of(i);
  }
  for (var step = 1u; ; step++) {
    let last = now;
    now |= marks_around(mine, downslope) & FOLLOWED;
    if ((now & FOLLOWED) != 0u) {
      now |= select(marks_around(mine, upslope) & STREAM, STREAM, above >= 2u);
    }
    if (now != last) {
      atomicStore(&block_marks[mine], now);
      atomicStore(&block_step, step);
    }
    workgroupBarrier();
    if (lane == 0u) { block_word = atomicLoad(&block_step); }
    if (workgroupUniformLoad(&block_word) != step) { break; }
  }

  if (now != before) {
    atomicStore(&marks[i], now);
    wake_others(id, place, upslope | downslope);
  }
}

// The other blocks of the tile where a neighbour of cell `id` lies whose bit is in `mask`.
fn wake_others(id: vec2<u32>, own: vec2<u32>, mask: u32) {
  for (var rest = mask; rest != 0u; rest &= rest - 1u) {
    let d = firstTrailingBit(rest);
    let x = i32(id.x) + direction_dx(d);
    let y = i32(id.y) + direction_dy(d);
    if (x < 0 || y < 0 || x >= i32(tile.width) || y >= i32(tile.height)) { continue; }
    let other = vec2<u32>(u32(x), u32(y)) / BLOCK_EDGE;
    if (any(other != own)) { wake_block(other); }
  }
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn finish(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  let known = (atomicLoad(&marks[i]) & STREAM) >> 1u;
  stream[id.y * tile.width + id.x] = select(known, NODATA_CODE, is_nodata_code(direction[i]));
}
