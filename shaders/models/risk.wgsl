// Trends between two years and the classes of supply-demand risk. Equations (1)-(6) in src/models/risk/spec.ts.
#import tile
#import nodata

struct Params {
  trend: f32, // 0 net, 1 strict
  tolerance: f32, // below 0: a millionth of the largest of the four below
  supply_1_max: f32,
  supply_2_max: f32,
  demand_1_max: f32,
  demand_2_max: f32,
}

@group(0) @binding(0) var<storage, read> before: array<f32>;
@group(0) @binding(1) var<storage, read> after: array<f32>;
@group(0) @binding(2) var<storage, read> net: array<f32>;
@group(0) @binding(3) var<storage, read> net_1: array<f32>;
@group(0) @binding(4) var<storage, read> net_2: array<f32>;
@group(0) @binding(5) var<storage, read> left: array<f32>;
@group(0) @binding(6) var<storage, read> supply_trend: array<f32>;
@group(0) @binding(7) var<storage, read> demand_trend: array<f32>;
@group(0) @binding(8) var<storage, read> lacking: array<f32>;
@group(0) @binding(9) var<storage, read> balance_change: array<f32>;
@group(0) @binding(10) var<storage, read_write> change: array<f32>;
@group(0) @binding(11) var<storage, read_write> sdi: array<f32>;
@group(0) @binding(12) var<storage, read_write> sdti: array<f32>;
@group(0) @binding(13) var<storage, read_write> risk: array<f32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

// By state (deficit, balance, surplus), half (SDTI below 0 or not) and trends: src/models/risk/classes.ts.
const CLASSES = array<f32, 18>(-6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);

// (1)
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn difference(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(before[i]) || is_nodata(after[i])) { change[i] = NODATA; return; }
  change[i] = after[i] - before[i];
}

// (2)
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn deficit(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(net[i])) { sdi[i] = NODATA; return; }
  sdi[i] = min(0.0, net[i]);
}

// (3)
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn balance_trend(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(net_1[i]) || is_nodata(net_2[i])) { sdti[i] = NODATA; return; }
  let strict = params.trend != 0.0;
  sdti[i] = select(net_2[i] - net_1[i], min(0.0, net_2[i]) - min(0.0, net_1[i]), strict);
}

// (6)
fn zero_width() -> f32 {
  let largest = max(max(params.supply_1_max, params.supply_2_max), max(params.demand_1_max, params.demand_2_max));
  return select(1e-6 * max(largest, 0.0), params.tolerance, params.tolerance >= 0.0);
}

// (4), (5)
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn classify(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(supply_trend[i]) || is_nodata(demand_trend[i]) || is_nodata(lacking[i])
      || is_nodata(balance_change[i]) || is_nodata(left[i])) {
    risk[i] = NODATA;
    return;
  }
  let zero = zero_width();
  let is_surplus = select(0u, 1u, left[i] > zero);
  let state = select(1u + is_surplus, 0u, lacking[i] < -zero);
  let half = select(1u, 0u, balance_change[i] < -zero);
  let falling = supply_trend[i] < -zero;
  let easing = demand_trend[i] < -zero;
  let column = select(1u, select(2u, 0u, falling), falling != easing);
  risk[i] = CLASSES[6u * state + 3u * half + column];
}
