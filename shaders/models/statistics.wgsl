// Count, range and exact sum of a plane. One workgroup reduces 256 columns × 16 rows to one partial record;
// the host merges them. Steps in src/models/statistics/spec.ts.
#import tile
#import nodata

struct Params {
  inverse_quantum: f32, // a power of two, so that the product below is exact
}

struct RangePartial {
  count: u32,
  low: f32,
  high: f32,
}

// Sum of integers q = high_part · 2^16 + low_part: 4096 of them overflow neither word.
struct SumPartial {
  count: u32,
  high_part: i32,
  low_part: u32,
}

@group(0) @binding(0) var<storage, read> values: array<f32>;
@group(0) @binding(1) var<storage, read_write> ranges: array<RangePartial>;
@group(0) @binding(2) var<storage, read_write> sums: array<SumPartial>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

const THREADS: u32 = 256u;
const ROWS: u32 = 16u;

var<workgroup> range_of: array<RangePartial, THREADS>;
var<workgroup> sum_of: array<SumPartial, THREADS>;

@compute @workgroup_size(256)
fn range(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  // An empty range is the other way round, so that merging needs no case for it.
  var mine = RangePartial(0u, -NODATA, NODATA);
  for (var row = 0u; row < ROWS; row++) {
    let cell = vec2(id.x, group.y * ROWS + row);
    if (in_tile(cell, tile)) {
      let x = values[tile_index(cell, tile)];
      if (!is_nodata(x)) { mine = RangePartial(mine.count + 1u, min(mine.low, x), max(mine.high, x)); }
    }
  }
  range_of[thread] = mine;
  for (var step = THREADS / 2u; step > 0u; step /= 2u) {
    workgroupBarrier();
    if (thread < step) {
      let a = range_of[thread];
      let b = range_of[thread + step];
      range_of[thread] = RangePartial(a.count + b.count, min(a.low, b.low), max(a.high, b.high));
    }
  }
  if (thread == 0u) { ranges[group.y * groups.x + group.x] = range_of[0]; }
}

@compute @workgroup_size(256)
fn sum(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  var mine = SumPartial(0u, 0, 0u);
  for (var row = 0u; row < ROWS; row++) {
    let cell = vec2(id.x, group.y * ROWS + row);
    if (in_tile(cell, tile)) {
      let x = values[tile_index(cell, tile)];
      if (!is_nodata(x)) {
        let q = i32(round(x * params.inverse_quantum));
        mine = SumPartial(mine.count + 1u, mine.high_part + (q >> 16u), mine.low_part + (bitcast<u32>(q) & 0xffffu));
      }
    }
  }
  sum_of[thread] = mine;
  for (var step = THREADS / 2u; step > 0u; step /= 2u) {
    workgroupBarrier();
    if (thread < step) {
      let a = sum_of[thread];
      let b = sum_of[thread + step];
      sum_of[thread] = SumPartial(a.count + b.count, a.high_part + b.high_part, a.low_part + b.low_part);
    }
  }
  if (thread == 0u) { sums[group.y * groups.x + group.x] = sum_of[0]; }
}
