// Flow directions of a surface without depressions, free of any order. Cells with a lower neighbour follow the drops; the others follow
// keys, the lengths of their shortest ways over cells of their height to a drain, which relax to a fixpoint.
// Drops and shares are float64, operation by operation those of src/solvers/flow_direction: the bits are the same on every device.
#import tile
#import nodata
#import float-order
#import f64
#import relax

struct Params {
  round: u32,
  slot: u32,
  slots: u32,
  all: u32,
}

@group(0) @binding(0) var<storage, read> filled: array<u32>; // bits of f32, one cell of halo
@group(0) @binding(1) var<storage, read_write> state: array<atomic<u32>>; // keys
@group(0) @binding(2) var<storage, read_write> wake: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read_write> counters: array<atomic<u32>>;
@group(0) @binding(4) var<storage, read_write> direction: array<u32>; // codes, without halo
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

// Of a cell with a lower neighbour, of one through which a plateau drains to the outside, of one from which no way is known.
const DRAIN_KEY = 0u;
const OUTSIDE_KEY = 0x80000000u;
const NO_KEY = RELAX_TOP;
// Of a diagonal drop: 1 / sqrt(2) = 0.7071067811865475, and 15.
const F64_INVERSE_DIAGONAL: vec2<u32> = vec2<u32>(0x667f3bccu, 0x3fe6a09eu);
const F64_FIFTEEN: vec2<u32> = vec2<u32>(0u, 0x402e0000u);

// Height in the order of floats; nodata is above all.
fn fixed_of(i: u32) -> u32 {
  return select(order_of_f32(filled[i]), RELAX_TOP, filled[i] == NODATA_BITS);
}

fn key_step(d: u32) -> u32 {
  return select(13860u, 19601u, (d & 1u) == 1u);
}

fn longer(key: u32, d: u32) -> u32 {
  return select(key + key_step(d), NO_KEY, key > NO_KEY - key_step(d));
}

fn relaxed(k: u32) -> u32 {
  var key = NO_KEY;
  for (var d = 0u; d < 8u; d++) {
    let n = relax_neighbour(k, d);
    if (relax_fixed[n] == relax_fixed[k]) { key = min(key, longer(relax_state[n], d)); }
  }
  return key;
}

fn element_towards(i: u32, d: u32) -> u32 {
  return u32(i32(i) + direction_dy(d) * i32(tile.pitch) + direction_dx(d));
}

// (z − z of the neighbour) for a lower one, diagonal ones shortened.
fn drop_towards(i: u32, d: u32) -> vec2<u32> {
  let drop = f64_subtract(f64_from_f32(filled[i]), f64_from_f32(filled[element_towards(i, d)]));
  if ((d & 1u) == 0u) { return drop; }
  return f64_multiply(drop, F64_INVERSE_DIAGONAL);
}

// Bits of the directions to lower neighbours, to those of the same height, to the outside.
struct Around {
  lower: u32,
  level: u32,
  outside: u32,
}

fn around(i: u32) -> Around {
  let own = fixed_of(i);
  var found = Around(0u, 0u, 0u);
  for (var d = 0u; d < 8u; d++) {
    let other = fixed_of(element_towards(i, d));
    if (other < own) { found.lower |= 1u << d; }
    if (other == own) { found.level |= 1u << d; }
    if (other == RELAX_TOP) { found.outside |= 1u << d; }
  }
  return found;
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn start(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  let near = around(i);
  var key = select(NO_KEY, OUTSIDE_KEY, near.outside != 0u);
  if (near.lower != 0u) { key = DRAIN_KEY; }
  atomicStore(&state[i], select(key, NO_KEY, filled[i] == NODATA_BITS));
}

@compute @workgroup_size(16, 16)
fn shorten(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  relax_block(group.xy, local.xy, lane);
}

// The largest drop, the first of equal ones.
fn steepest(i: u32, lower: u32) -> u32 {
  var best = F64_ZERO;
  var steepest_direction = 0u;
  for (var d = 0u; d < 8u; d++) {
    if ((lower & (1u << d)) == 0u) { continue; }
    let drop = drop_towards(i, d);
    if (f64_less(best, drop)) {
      best = drop;
      steepest_direction = d;
    }
  }
  return steepest_direction;
}

// The first direction of a mask.
fn first_of(mask: u32) -> u32 {
  return countTrailingZeros(mask);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn finish_d8(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  let to = id.y * tile.width + id.x;
  let key = atomicLoad(&state[i]);
  if (key == NO_KEY) { direction[to] = select(0u, NODATA_CODE, filled[i] == NODATA_BITS); return; }
  let near = around(i);
  var d = 0u;
  if (key == DRAIN_KEY) {
    d = steepest(i, near.lower);
  } else if (key == OUTSIDE_KEY) {
    let orthogonal = near.outside & 0x55u;
    d = first_of(select(near.outside, orthogonal, orthogonal != 0u));
  } else {
    var ways = 0u; // of this key's length
    for (var way = 0u; way < 8u; way++) {
      if ((near.level & (1u << way)) == 0u) { continue; }
      if (longer(atomicLoad(&state[element_towards(i, way)]), way) == key) { ways |= 1u << way; }
    }
    d = first_of(ways);
  }
  direction[to] = 1u << (4u * d);
}

// Shares of the weights of directions in a mask; those of a plateau are 1 and 1 / sqrt(2).
fn shares(i: u32, mask: u32, plateau: bool) -> u32 {
  var weights: array<vec2<u32>, 8>;
  var sum = F64_ZERO;
  for (var d = 0u; d < 8u; d++) {
    if ((mask & (1u << d)) == 0u) { continue; }
    if (plateau) {
      weights[d] = select(F64_ONE, F64_INVERSE_DIAGONAL, (d & 1u) == 1u);
    } else {
      weights[d] = drop_towards(i, d);
    }
    sum = f64_add(sum, weights[d]);
  }
  var code = 0u;
  for (var d = 0u; d < 8u; d++) {
    if ((mask & (1u << d)) == 0u) { continue; }
    let share = f64_multiply(f64_divide(weights[d], sum), F64_FIFTEEN);
    code |= f64_to_u32(f64_add(F64_HALF, share)) << (4u * d);
  }
  return code;
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn finish_mfd(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  let to = id.y * tile.width + id.x;
  let key = atomicLoad(&state[i]);
  if (key == NO_KEY) { direction[to] = select(0u, NODATA_CODE, filled[i] == NODATA_BITS); return; }
  let near = around(i);
  var ways = near.lower;
  if (key == OUTSIDE_KEY) { ways = near.outside; }
  if (key != DRAIN_KEY && key != OUTSIDE_KEY) {
    ways = 0u;
    for (var way = 0u; way < 8u; way++) {
      if ((near.level & (1u << way)) == 0u) { continue; }
      if (atomicLoad(&state[element_towards(i, way)]) < key) { ways |= 1u << way; }
    }
  }
  direction[to] = shares(i, ways, key != DRAIN_KEY);
}
