// Omnidirectional flow of a service over a whole grid in device memory: src/solvers/flow_omnidirectional, flow.md section 3. The cells of each
// φ stand together in `order`; a dispatch of a sweep runs over those of one φ and only gathers, from cells of the φ before or after.
#import u64-parts
#import directions

struct Params {
  width: u32,
  height: u32,
  level: u32, // φ
  first: u32, // of the cells of this φ in `order`
  count: u32,
  towards: u32, // where φ is 0: 0 at deficits, 1 at the border
}

@group(0) @binding(0) var<storage, read> kind: array<u32>; // bits as in tile-cells.ts: 1 passable, 2 border
@group(0) @binding(1) var<storage, read_write> flags: array<u32>; // 8 bits of directions to passable neighbours, and PASSABLE, BORDER
@group(0) @binding(2) var<storage, read_write> balance: array<i32>; // surplus, or deficit as a negative number
@group(0) @binding(3) var<storage, read_write> phi: array<atomic<u32>>;
@group(0) @binding(4) var<storage, read_write> order: array<u32>;
@group(0) @binding(5) var<storage, read_write> counters: array<atomic<u32>>; // cells in `order`, then where each φ starts in it
@group(0) @binding(6) var<storage, read_write> workgroups: array<u32>; // x, y, z
@group(0) @binding(7) var<storage, read_write> ways: array<u32>; // 8 bits farther by one with reach, 8 bits nearer by one, REACH
@group(0) @binding(8) var<storage, read_write> asked: array<vec2<u32>>; // u64; what a cell holds on its way to the border
@group(0) @binding(9) var<storage, read_write> transit: array<vec2<u32>>; // u64
@group(0) @binding(10) var<storage, read_write> gave: array<u32>; // 8 bits of directions that got all they asked for, 4 bits one that got a part
@group(0) @binding(11) var<storage, read_write> part: array<vec2<u32>>; // that part, u64; what leaves over the border
@group(0) @binding(12) var<storage, read_write> sums: array<atomic<u32>>; // u64 for each φ: what was taken; for φ = 0 what arrived
@group(1) @binding(1) var<uniform> params: Params;

const PASSABLE = 0x100u;
const BORDER = 0x200u;
const REACH = 0x10000u;
const FAR = 0x7fffffffu;
const NO_PART = 8u; // no direction
const LANES = 64u;
// WebGPU lets a dispatch have no more in x.
const MOST = 65535u;

var<workgroup> lane_sum: atomic<u32>;

fn neighbour_of(i: u32, d: u32) -> u32 {
  return u32(i32(i) + direction_dy(d) * i32(params.width) + direction_dx(d));
}

// Number of the invocation where workgroups stand in rows.
fn place_of(group: vec3<u32>, groups: vec3<u32>, lane: u32) -> u32 {
  return (group.y * groups.x + group.x) * LANES + lane;
}

@compute @workgroup_size(LANES)
fn start(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = place_of(group, groups, lane);
  if (i >= params.count) { return; }
  let x = i % params.width;
  let y = i / params.width;
  var found = 0u;
  if ((kind[i] & 1u) != 0u) {
    found = PASSABLE | select(0u, BORDER, (kind[i] & 2u) != 0u);
    for (var d = 0u; d < 8u; d++) {
      let nx = i32(x) + direction_dx(d);
      let ny = i32(y) + direction_dy(d);
      if (nx < 0 || ny < 0 || nx >= i32(params.width) || ny >= i32(params.height)) { continue; }
      if ((kind[neighbour_of(i, d)] & 1u) != 0u) { found |= 1u << d; }
    }
  }
  flags[i] = found;
}

// φ = 0 at deficits, or at the border; the others are far.
@compute @workgroup_size(LANES)
fn targets(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = place_of(group, groups, lane);
  if (i >= params.count) { return; }
  let is_target = select(balance[i] < 0, (flags[i] & BORDER) != 0u, params.towards == 1u);
  if ((flags[i] & PASSABLE) == 0u || !is_target) {
    atomicStore(&phi[i], FAR);
    return;
  }
  atomicStore(&phi[i], 0u);
  order[atomicAdd(&counters[0], 1u)] = i;
}

// Where the cells of φ = level end, and how many workgroups find those behind them.
@compute @workgroup_size(1)
fn arrange() {
  let end = atomicLoad(&counters[0]);
  atomicStore(&counters[params.level + 2u], end);
  let needed = (end - atomicLoad(&counters[params.level + 1u]) + LANES - 1u) / LANES;
  workgroups[0] = min(needed, MOST);
  workgroups[1] = (needed + MOST - 1u) / MOST;
  workgroups[2] = 1u;
}

@compute @workgroup_size(LANES)
fn expand(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let at = atomicLoad(&counters[params.level + 1u]) + place_of(group, groups, lane);
  if (at >= atomicLoad(&counters[params.level + 2u])) { return; }
  let i = order[at];
  var found = 0u;
  for (var rest = flags[i] & 0xffu; rest != 0u; rest &= rest - 1u) {
    let d = firstTrailingBit(rest);
    if (atomicMin(&phi[neighbour_of(i, d)], params.level + 1u) == FAR) { found |= 1u << d; }
  }
  if (found == 0u) { return; }
  var next = atomicAdd(&counters[0], countOneBits(found));
  for (var rest = found; rest != 0u; rest &= rest - 1u) {
    order[next] = neighbour_of(i, firstTrailingBit(rest));
    next++;
  }
}

// From the largest φ down.
@compute @workgroup_size(LANES)
fn find_ways(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let at = place_of(group, groups, lane);
  if (at >= params.count) { return; }
  let i = order[params.first + at];
  var found = 0u;
  for (var rest = flags[i] & 0xffu; rest != 0u; rest &= rest - 1u) {
    let d = firstTrailingBit(rest);
    let n = neighbour_of(i, d);
    let level = atomicLoad(&phi[n]);
    if (level == params.level + 1u && (ways[n] & REACH) != 0u) { found |= 1u << d; }
    if (level + 1u == params.level) { found |= 0x100u << d; }
  }
  let reach = balance[i] > 0 || (found & 0xffu) != 0u;
  ways[i] = select(0u, found | REACH, reach);
}

fn farther_of(i: u32) -> u32 {
  return ways[i] & 0xffu;
}

fn nearer_of(i: u32) -> u32 {
  return (ways[i] >> 8u) & 0xffu;
}

fn surplus_of(i: u32) -> u32 {
  return u32(max(balance[i], 0));
}

// What the cell gives of its own.
fn take_of(i: u32) -> u32 {
  return select(min(surplus_of(i), asked[i].x), surplus_of(i), asked[i].y > 0u);
}

// What is asked of the cell and it asks of others.
fn rest_of(i: u32) -> vec2<u32> {
  return u64_subtract(asked[i], vec2<u32>(take_of(i), 0u));
}

// From φ = 0 up.
@compute @workgroup_size(LANES)
fn request(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let at = place_of(group, groups, lane);
  if (at >= params.count) { return; }
  let i = order[params.first + at];
  if ((ways[i] & REACH) == 0u) { return; }
  var sum = vec2<u32>(0u, 0u);
  if (params.level == 0u) { sum.x = u32(-balance[i]); }
  for (var rest = nearer_of(i); rest != 0u; rest &= rest - 1u) {
    let d = firstTrailingBit(rest);
    let n = neighbour_of(i, d);
    sum = u64_add(sum, equal_part(rest_of(n), farther_of(n), d ^ 4u));
  }
  asked[i] = sum;
}

// What came to the cell from those farther out.
fn received(i: u32) -> vec2<u32> {
  let rest_here = rest_of(i);
  let farther = farther_of(i);
  var sum = vec2<u32>(0u, 0u);
  for (var rest = farther; rest != 0u; rest &= rest - 1u) {
    let d = firstTrailingBit(rest);
    let n = neighbour_of(i, d);
    let back = d ^ 4u;
    if ((gave[n] & (1u << back)) != 0u) {
      sum = u64_add(sum, equal_part(rest_here, farther, d));
    } else if ((gave[n] >> 8u) == back) {
      sum = u64_add(sum, part[n]);
    }
  }
  return sum;
}

// Gives what the cell holds to those who asked, largest request first, ties in the order of directions.
fn give(i: u32, have: vec2<u32>) {
  var requests: array<vec2<u32>, 8>;
  var waiting = nearer_of(i);
  for (var rest = waiting; rest != 0u; rest &= rest - 1u) {
    let d = firstTrailingBit(rest);
    let n = neighbour_of(i, d);
    requests[d] = equal_part(rest_of(n), farther_of(n), d ^ 4u);
  }
  var left = have;
  var full = 0u;
  var partly = NO_PART;
  while (waiting != 0u) {
    var largest = firstTrailingBit(waiting);
    for (var rest = waiting & (waiting - 1u); rest != 0u; rest &= rest - 1u) {
      let d = firstTrailingBit(rest);
      if (u64_less(requests[largest], requests[d])) { largest = d; }
    }
    waiting &= ~(1u << largest);
    if (u64_less(left, requests[largest])) {
      partly = largest;
      break;
    }
    left = u64_subtract(left, requests[largest]);
    full |= 1u << largest;
  }
  gave[i] = full | (partly << 8u);
  part[i] = left;
}

// From the largest φ down.
@compute @workgroup_size(LANES)
fn deliver(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let at = place_of(group, groups, lane);
  var moved = 0u; // below 2^24, so the sum of a workgroup fits
  if (at < params.count) {
    let i = order[params.first + at];
    if ((ways[i] & REACH) != 0u) {
      let inward = received(i);
      if (params.level == 0u) {
        moved = inward.x; // no more than the deficit
        balance[i] += i32(moved);
      } else {
        moved = take_of(i);
        give(i, u64_add_u32(inward, moved));
        transit[i] = u64_add(transit[i], inward);
        balance[i] -= i32(moved);
      }
    }
  }
  atomicAdd(&lane_sum, moved);
  workgroupBarrier();
  if (lane == 0u) {
    let sum = atomicLoad(&lane_sum);
    let before = atomicAdd(&sums[2u * params.level], sum);
    if (before + sum < before) { atomicAdd(&sums[2u * params.level + 1u], 1u); }
  }
}

// What is left of everybody's surplus goes to the border, from the largest φ down.
@compute @workgroup_size(LANES)
fn drain(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let at = place_of(group, groups, lane);
  if (at >= params.count) { return; }
  let i = order[params.first + at];
  if ((ways[i] & REACH) == 0u) { return; }
  var inward = vec2<u32>(0u, 0u);
  for (var rest = farther_of(i); rest != 0u; rest &= rest - 1u) {
    let d = firstTrailingBit(rest);
    let n = neighbour_of(i, d);
    inward = u64_add(inward, equal_part(asked[n], nearer_of(n), d ^ 4u));
  }
  let own = surplus_of(i);
  asked[i] = u64_add_u32(inward, own);
  transit[i] = u64_add(transit[i], inward);
  balance[i] -= i32(own);
  if (params.level == 0u) { part[i] = asked[i]; }
}
