// Nutrient delivery ratio of one cell: loads, connectivity, what the surface and the ground deliver. Equations (1)-(11) in src/models/ndr/spec.ts.
#import tile
#import nodata
#import math

struct Params {
  k_param: f32,
  subsurface_critical_length_n: f32,
  subsurface_eff_n: f32,
  runoff_proxy_av: f32,
  ic_0: f32,
}

struct Biophysical {
  // 0: measured-runoff, 1: application-rate.
  load_type_n: f32,
  load_n: f32,
  eff_n: f32,
  crit_len_n: f32,
  proportion_subsurface_n: f32,
  load_type_p: f32,
  load_p: f32,
  eff_p: f32,
  crit_len_p: f32,
}

@group(0) @binding(0) var<storage, read> lulc: array<u32>;
@group(0) @binding(1) var<storage, read> biophysical: array<Biophysical>;
@group(0) @binding(2) var<storage, read> runoff_proxy: array<f32>;
@group(0) @binding(3) var<storage, read> runoff_index: array<f32>;
@group(0) @binding(4) var<storage, read> stream: array<u32>;
@group(0) @binding(5) var<storage, read> slope: array<f32>; // %
@group(0) @binding(6) var<storage, read> accumulation: array<f32>; // cells
@group(0) @binding(7) var<storage, read> slope_sum: array<f32>;
@group(0) @binding(8) var<storage, read> retention: array<f32>;
@group(0) @binding(9) var<storage, read> connectivity: array<f32>;
@group(0) @binding(10) var<storage, read> steps: array<f32>; // cells
@group(0) @binding(11) var<storage, read> load: array<f32>; // kg/(ha yr)
@group(0) @binding(12) var<storage, read> ratio: array<f32>;
@group(0) @binding(13) var<storage, read> ground_load: array<f32>;
@group(0) @binding(14) var<storage, read> ground_ratio: array<f32>;
@group(0) @binding(15) var<storage, read> surface: array<f32>;
@group(0) @binding(16) var<storage, read> ground: array<f32>;
// planes: thresholded_slope s_factor_inverse
@group(0) @binding(17) var<storage, read_write> weights: array<f32>;
// planes: s_bar d_up
@group(0) @binding(18) var<storage, read_write> means: array<f32>;
@group(0) @binding(19) var<storage, read_write> runoff_proxy_index: array<f32>;
// planes: load_n modified_load_n surface_load_n sub_load_n
@group(0) @binding(20) var<storage, read_write> nitrogen: array<f32>;
// planes: load_p modified_load_p surface_load_p
@group(0) @binding(21) var<storage, read_write> phosphorus: array<f32>;
// planes: eff crit_len
@group(0) @binding(22) var<storage, read_write> filter_strip: array<f32>;
@group(0) @binding(23) var<storage, read_write> ndr: array<f32>;
@group(0) @binding(24) var<storage, read_write> sub_ndr: array<f32>;
@group(0) @binding(25) var<storage, read_write> exported: array<f32>;
@group(0) @binding(26) var<storage, read_write> total: array<f32>;
// planes: retained brought
@group(0) @binding(27) var<storage, read_write> services: array<f32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

// (1)
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn flow_weights(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(slope[i])) {
    weights[i] = NODATA;
    weights[i + tile.plane] = NODATA;
    return;
  }
  let s = clamp(slope[i] / 100.0, 0.005, 1.0);
  weights[i] = s;
  weights[i + tile.plane] = 1.0 / s;
}

// (2)
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn upslope_means(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  let cells = accumulation[i];
  if (is_nodata(cells)) {
    means[i] = NODATA;
    means[i + tile.plane] = NODATA;
    return;
  }
  let s = slope_sum[i] / cells;
  means[i] = s;
  means[i + tile.plane] = s * sqrt(cells * tile.cell_width * tile.cell_height);
}

// (4) A mean of 0 leaves the proxy as it is.
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn index_runoff(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  let proxy = runoff_proxy[i];
  if (is_nodata(proxy)) { runoff_proxy_index[i] = NODATA; return; }
  runoff_proxy_index[i] = proxy / select(params.runoff_proxy_av, 1.0, params.runoff_proxy_av == 0.0);
}

// (5) What leaves the cell, of a measured runoff or of what was applied.
fn load_of(amount: f32, efficiency: f32, load_type: f32) -> f32 {
  return select(amount, amount * (1.0 - efficiency), load_type == 1.0);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn load_nitrogen(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  nitrogen[i] = NODATA;
  nitrogen[i + tile.plane] = NODATA;
  nitrogen[i + 2u * tile.plane] = NODATA;
  nitrogen[i + 3u * tile.plane] = NODATA;
  if (is_nodata_code(lulc[i])) { return; }
  let row = biophysical[lulc[i]];
  let amount = load_of(row.load_n, row.eff_n, row.load_type_n);
  nitrogen[i] = amount;
  if (is_nodata(runoff_index[i])) { return; }
  let modified = amount * runoff_index[i];
  nitrogen[i + tile.plane] = modified;
  nitrogen[i + 2u * tile.plane] = modified * (1.0 - row.proportion_subsurface_n); // (6)
  nitrogen[i + 3u * tile.plane] = modified * row.proportion_subsurface_n;
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn load_phosphorus(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  phosphorus[i] = NODATA;
  phosphorus[i + tile.plane] = NODATA;
  phosphorus[i + 2u * tile.plane] = NODATA;
  if (is_nodata_code(lulc[i])) { return; }
  let row = biophysical[lulc[i]];
  let amount = load_of(row.load_p, row.eff_p, row.load_type_p);
  phosphorus[i] = amount;
  if (is_nodata(runoff_index[i])) { return; }
  phosphorus[i + tile.plane] = amount * runoff_index[i];
  phosphorus[i + 2u * tile.plane] = amount * runoff_index[i];
}

// (7) Nothing is held back on a stream.
fn hold_back(i: u32, efficiency: f32, length: f32) {
  filter_strip[i] = select(efficiency, 0.0, stream[i] == 1u);
  filter_strip[i + tile.plane] = select(length, 0.0, stream[i] == 1u);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn hold_nitrogen(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata_code(lulc[i]) || is_nodata_code(stream[i])) {
    filter_strip[i] = NODATA;
    filter_strip[i + tile.plane] = NODATA;
    return;
  }
  hold_back(i, biophysical[lulc[i]].eff_n, biophysical[lulc[i]].crit_len_n);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn hold_phosphorus(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata_code(lulc[i]) || is_nodata_code(stream[i])) {
    filter_strip[i] = NODATA;
    filter_strip[i + tile.plane] = NODATA;
    return;
  }
  hold_back(i, biophysical[lulc[i]].eff_p, biophysical[lulc[i]].crit_len_p);
}

// (8) The exponent is clamped: at 80 the ratio is below 1e-34 already.
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn deliver(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(connectivity[i]) || is_nodata(retention[i])) { ndr[i] = NODATA; return; }
  let exponent = clamp((params.ic_0 - connectivity[i]) / params.k_param, -80.0, 80.0);
  ndr[i] = (1.0 - retention[i]) / (1.0 + exp_accurate(exponent));
}

// (9) The length is in cells against one in metres, as in InVEST.
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn deliver_by_ground(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(steps[i])) { sub_ndr[i] = NODATA; return; }
  let exponent = max(-5.0 * steps[i] / params.subsurface_critical_length_n, -80.0);
  sub_ndr[i] = 1.0 - params.subsurface_eff_n * (1.0 - exp_accurate(exponent));
}

// (10)
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn export_load(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(load[i]) || is_nodata(ratio[i])) { exported[i] = NODATA; return; }
  exported[i] = load[i] * ratio[i];
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn add_exports(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(surface[i]) || is_nodata(ground[i])) { total[i] = NODATA; return; }
  total[i] = surface[i] + ground[i];
}

// (11) Of both ways.
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn retain_nitrogen(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  services[i] = select(NODATA, 0.0, stream[i] == 1u);
  services[i + tile.plane] = services[i];
  let missing = is_nodata(load[i]) || is_nodata(ratio[i]) || is_nodata(ground_ratio[i]);
  if (missing || stream[i] != 0u) { return; }
  services[i] = load[i] * (1.0 - ratio[i]) + ground_load[i] * (1.0 - ground_ratio[i]);
  services[i + tile.plane] = load[i] + ground_load[i];
}

// (11) Phosphorus takes the surface only.
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn retain_phosphorus(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  services[i] = select(NODATA, 0.0, stream[i] == 1u);
  services[i + tile.plane] = services[i];
  if (is_nodata(load[i]) || is_nodata(ratio[i]) || stream[i] != 0u) { return; }
  services[i] = load[i] * (1.0 - ratio[i]);
  services[i + tile.plane] = load[i];
}
