// Annual water yield of one cell by Budyko's curve. Equations (1)-(6) in src/models/annual_water_yield/spec.ts.
#import tile
#import nodata
#import math

struct Params {
  seasonality_constant: f32,
}

struct Biophysical {
  kc: f32,
  root_depth: f32, // mm
  lulc_veg: f32,
}

@group(0) @binding(0) var<storage, read> lulc: array<u32>;
@group(0) @binding(1) var<storage, read> biophysical: array<Biophysical>;
@group(0) @binding(2) var<storage, read> et0: array<f32>;
@group(0) @binding(3) var<storage, read> precipitation: array<f32>;
@group(0) @binding(4) var<storage, read> soil_depth: array<f32>;
@group(0) @binding(5) var<storage, read> pawc: array<f32>;
// planes: fractp aet wyield
@group(0) @binding(6) var<storage, read_write> water: array<f32>;
// planes: kc_raster root_depth veg
@group(0) @binding(7) var<storage, read_write> lookups: array<f32>;
@group(0) @binding(8) var<storage, read_write> pet: array<f32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

// Below this q the binomial series is used: 1 + q would round away what is asked for.
const SERIES_BELOW: f32 = 0.02;
// InVEST's isclose(P, 0).
const ZERO_PRECIPITATION: f32 = 1e-8;

// x^y for x in (0, 2], y in [0.2, 5]. The logarithm is rounded once, so the error is |y log x| · 2^-24 of the power: that is largest for powers
// which are next to nothing beside the 1 or phi they are taken from (below 2^-23 of fractp), and half the price of pow_accurate.
fn power(x: f32, y: f32) -> f32 {
  return exp_accurate(y * log_accurate(x));
}

// (1 + q)^(1/w) − 1 without cancellation; q in [0, 1], w in [1.25, 5]. Five terms: the sixth is below 1e-10.
fn root_excess(q: f32, w: f32) -> f32 {
  let a = 1.0 / w;
  if (q < SERIES_BELOW) {
    return q * a * (1.0 + q * (a - 1.0) / 2.0 * (1.0 + q * (a - 2.0) / 3.0 * (1.0 + q * (a - 3.0) / 4.0 * (1.0 + q * (a - 4.0) / 5.0))));
  }
  return power(1.0 + q, a) - 1.0;
}

// (4) 1 + phi − (1 + phi^w)^(1/w), written around the larger of 1 and phi so that neither end cancels.
fn budyko(phi: f32, w: f32) -> f32 {
  if (phi <= 0.0) { return 0.0; }
  if (phi <= 1.0) { return phi - root_excess(power(phi, w), w); }
  return 1.0 - phi * root_excess(power(1.0 / phi, w), w);
}

// (2)-(5) Share of precipitation that evaporates.
fn evaporated_share(class_row: Biophysical, p: f32, e0: f32, soil: f32, capacity: f32) -> f32 {
  let potential = class_row.kc * e0;
  if (class_row.lulc_veg != 1.0) { return min(potential, p) / p; }
  let available = min(class_row.root_depth, soil) * capacity;
  let w = min(params.seasonality_constant * available / p + 1.25, 5.0);
  let phi = potential / p;
  return min(phi, budyko(phi, w));
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn water_yield(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  let p = precipitation[i];
  let missing = is_nodata_code(lulc[i]) || is_nodata(p) || is_nodata(et0[i]) || is_nodata(soil_depth[i]) || is_nodata(pawc[i]);
  if (missing || abs(p) <= ZERO_PRECIPITATION) {
    water[i] = NODATA;
    water[i + tile.plane] = NODATA;
    water[i + 2u * tile.plane] = NODATA;
    return;
  }
  let share = evaporated_share(biophysical[lulc[i]], p, et0[i], soil_depth[i], pawc[i]);
  water[i] = share;
  water[i + tile.plane] = share * p;
  water[i + 2u * tile.plane] = (1.0 - share) * p; // (6)
}

// InVEST's intermediate rasters: the class table spread over the map. Roots of classes without vegetation read 1 mm.
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn lookup(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata_code(lulc[i])) {
    lookups[i] = NODATA;
    lookups[i + tile.plane] = NODATA;
    lookups[i + 2u * tile.plane] = NODATA;
    return;
  }
  let class_row = biophysical[lulc[i]];
  lookups[i] = class_row.kc;
  lookups[i + tile.plane] = select(1.0, class_row.root_depth, class_row.lulc_veg == 1.0);
  lookups[i + 2u * tile.plane] = class_row.lulc_veg;
}

// (1)
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn potential_evapotranspiration(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata_code(lulc[i]) || is_nodata(et0[i])) { pet[i] = NODATA; return; }
  pet[i] = biophysical[lulc[i]].kc * et0[i];
}
