// Soil loss of one cell by the revised universal equation, and what of it is prevented. Equations (2)-(5), (9), (15) in src/models/sdr/spec.ts.
#import tile
#import nodata
#import math

struct Params {
  l_max: f32,
}

struct Biophysical {
  usle_c: f32,
  usle_p: f32,
}

@group(0) @binding(0) var<storage, read> lulc: array<u32>;
@group(0) @binding(1) var<storage, read> biophysical: array<Biophysical>;
@group(0) @binding(2) var<storage, read> erosivity: array<f32>;
@group(0) @binding(3) var<storage, read> erodibility: array<f32>;
@group(0) @binding(4) var<storage, read> stream: array<u32>;
@group(0) @binding(5) var<storage, read> slope: array<f32>; // %
@group(0) @binding(6) var<storage, read> accumulation: array<f32>; // cells
@group(0) @binding(7) var<storage, read> length_slope: array<f32>;
@group(0) @binding(8) var<storage, read> soil_loss: array<f32>;
@group(0) @binding(9) var<storage, read> avoided: array<f32>;
@group(0) @binding(10) var<storage, read_write> ls: array<f32>;
// planes: rkls usle avoided_erosion
@group(0) @binding(11) var<storage, read_write> erosion: array<f32>;
// planes: soil_retention soil_erosion
@group(0) @binding(12) var<storage, read_write> services: array<f32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

// m, length of the unit plot of the USLE.
const UNIT_PLOT: f32 = 22.13;
// Below this (1 + q)^a - 1 would round away what is asked for; five terms of the series leave less than 1e-9 of it.
const SERIES_BELOW: f32 = 0.02;

// (2) 1 - (1 + q)^-a: what is added to a power of U by adding A to U, as a share of the whole; q = A / U.
fn share_added(q: f32, a: f32) -> f32 {
  if (q >= SERIES_BELOW) { return 1.0 - pow_accurate(1.0 / (1.0 + q), a); }
  let p = q / (1.0 + q);
  return p * a * (1.0 - p * (a - 1.0) / 2.0 * (1.0 - p * (a - 2.0) / 3.0 * (1.0 - p * (a - 3.0) / 4.0 * (1.0 - p * (a - 4.0) / 5.0))));
}

// (4) The exponent of slope length.
fn length_exponent(percent: f32, sine: f32) -> f32 {
  if (percent <= 1.0) { return 0.2; }
  if (percent <= 3.5) { return 0.3; }
  if (percent <= 5.0) { return 0.4; }
  if (percent <= 9.0) { return 0.5; }
  let beta = (sine / 0.0896) / (3.0 * pow_accurate(sine, 0.8) + 0.56);
  return beta / (1.0 + beta);
}

// (3)-(5) Slope length and steepness. With C = (22.13 s x), L = (U + A) ((U + A) / C)^m / s² · share: one power less, and no overflow.
fn length_and_steepness(percent: f32, cells: f32) -> f32 {
  let rise = percent / 100.0;
  let cosine = 1.0 / sqrt(1.0 + rise * rise);
  let sine = rise * cosine;
  let m = length_exponent(percent, sine);
  let s = tile.cell_width;
  let a = s * s;
  let u = sqrt(max(cells - 1.0, 0.0) * a);
  let upper = u + a;
  let share = share_added(a / max(u, 1e-20), m + 1.0); // on a ridge U = 0, and all of it is added
  let length = upper * pow_accurate(upper / (UNIT_PLOT * s * (sine + cosine)), m) / a * share;
  let steepness = select(16.8 * sine - 0.5, 10.8 * sine + 0.03, percent < 9.0);
  return min(length, params.l_max) * steepness;
}

// (3)-(5)
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn slope_length(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(slope[i])) { ls[i] = NODATA; return; }
  ls[i] = length_and_steepness(slope[i], accumulation[i]);
}

// (9)
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn erode(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (stream[i] != 0u) {
    erosion[i] = NODATA;
    erosion[i + tile.plane] = NODATA;
    erosion[i + 2u * tile.plane] = NODATA;
    return;
  }
  let row = biophysical[lulc[i]];
  let rkls = erosivity[i] * erodibility[i] * length_slope[i];
  let usle = rkls * (row.usle_c * row.usle_p);
  erosion[i] = rkls;
  erosion[i + tile.plane] = usle;
  erosion[i + 2u * tile.plane] = rkls - usle;
}

// (15)
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn soil_services(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  services[i] = select(avoided[i], 0.0, stream[i] == 1u);
  services[i + tile.plane] = select(soil_loss[i], 0.0, stream[i] == 1u);
}
