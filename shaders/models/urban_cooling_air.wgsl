// Heat mitigation of one cell by its own cooling capacity or that of parks, air temperature from it, and heat stress at the temperature of mixed air.
// Equations (5), (6), (7), (9) and (10) in src/models/urban_cooling/spec.ts.
#import tile
#import nodata
#import math
#import f64

struct Params {
  // Cells of the whole disc; times the area of a cell in m², the words of a float64.
  disc_cells: f32,
  area_low: u32,
  area_high: u32,
  t_ref: f32,
  uhi_max: f32,
  avg_rel_humidity: f32,
}

@group(0) @binding(0) var<storage, read> cooling_capacity: array<f32>;
@group(0) @binding(1) var<storage, read> cc_park: array<f32>;
@group(0) @binding(2) var<storage, read> green_count: array<f32>;
@group(0) @binding(3) var<storage, read> valid_count: array<f32>;
@group(0) @binding(4) var<storage, read> heat_mitigation: array<f32>;
@group(0) @binding(5) var<storage, read> T_air: array<f32>;
@group(0) @binding(6) var<storage, read> globe_temperature: array<f32>;
// planes: hm green_area_sum
@group(0) @binding(7) var<storage, read_write> mitigated: array<f32>;
@group(0) @binding(8) var<storage, read_write> T_air_nomix: array<f32>;
@group(0) @binding(9) var<storage, read_write> wbgt: array<f32>;
// planes: light_work_loss_percent heavy_work_loss_percent
@group(0) @binding(10) var<storage, read_write> losses: array<f32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

// Green area that makes a park: 2 ha in m².
const PARK = 20000u;

// Exactly 2 ha is not enough. Counts as float64, so that no device rounds otherwise than another.
fn is_park(green: f32, valid: f32) -> bool {
  let area = f64_multiply(f64_from_u32(u32(green)), vec2<u32>(params.area_low, params.area_high));
  return f64_less(f64_multiply(f64_from_u32(u32(valid)), f64_from_u32(PARK)), area);
}

// (5), (6)
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn mitigation(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  let counted = !is_nodata(green_count[i]);
  mitigated[i] = NODATA;
  mitigated[i + tile.plane] = NODATA;
  if (!counted) { return; }
  mitigated[i + tile.plane] = green_count[i] / valid_count[i] * params.disc_cells;
  if (is_nodata(cooling_capacity[i]) || is_nodata(cc_park[i])) { return; }
  let park = cooling_capacity[i] < cc_park[i] && is_park(green_count[i], valid_count[i]);
  mitigated[i] = select(cooling_capacity[i], cc_park[i], park);
}

// (7)
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn temperature_before_mixing(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(heat_mitigation[i])) { T_air_nomix[i] = NODATA; return; }
  T_air_nomix[i] = params.t_ref + (1.0 - heat_mitigation[i]) * params.uhi_max;
}

// (9); the exponent's divisor is 0 at −237.7 degrees, below every temperature there is.
fn wet_bulb_globe(t: f32) -> f32 {
  let vapour = params.avg_rel_humidity / 100.0 * 6.105 * exp_accurate(17.27 * t / max(237.7 + t, 1.0));
  return 0.567 * t + 0.393 * vapour + 3.94;
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn heat_stress(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(T_air[i])) { wbgt[i] = NODATA; return; }
  wbgt[i] = wet_bulb_globe(T_air[i]);
}

// (10)
fn loss(globe: f32, first: f32, second: f32, third: f32) -> f32 {
  if (globe >= third) { return 75.0; }
  if (globe >= second) { return 50.0; }
  return select(0.0, 25.0, globe >= first);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn work_loss(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(globe_temperature[i])) {
    losses[i] = NODATA;
    losses[i + tile.plane] = NODATA;
    return;
  }
  losses[i] = loss(globe_temperature[i], 31.5, 32.0, 32.5);
  losses[i + tile.plane] = loss(globe_temperature[i], 27.5, 29.5, 31.5);
}
