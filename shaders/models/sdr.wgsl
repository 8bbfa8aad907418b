// Sediment delivery ratio of one cell: cover, connectivity to the stream, delivery. Equations (6)-(8), (10)-(14) in src/models/sdr/spec.ts.
#import tile
#import nodata
#import math

struct Params {
  k_param: f32,
  sdr_max: f32,
  ic_0_param: f32,
}

struct Biophysical {
  usle_c: f32,
  usle_p: f32,
}

@group(0) @binding(0) var<storage, read> dem: array<f32>; // m
@group(0) @binding(1) var<storage, read> lulc: array<u32>;
@group(0) @binding(2) var<storage, read> biophysical: array<Biophysical>;
@group(0) @binding(3) var<storage, read> drainage: array<u32>;
@group(0) @binding(4) var<storage, read> stream: array<u32>;
@group(0) @binding(5) var<storage, read> slope: array<f32>; // %
@group(0) @binding(6) var<storage, read> accumulation: array<f32>; // cells
@group(0) @binding(7) var<storage, read> cover_sum: array<f32>;
@group(0) @binding(8) var<storage, read> slope_sum: array<f32>;
@group(0) @binding(9) var<storage, read> upslope: array<f32>; // m
@group(0) @binding(10) var<storage, read> downslope: array<f32>;
@group(0) @binding(11) var<storage, read> connectivity: array<f32>;
@group(0) @binding(12) var<storage, read> soil_loss: array<f32>;
@group(0) @binding(13) var<storage, read> avoided: array<f32>;
@group(0) @binding(14) var<storage, read> ratio: array<f32>;
@group(0) @binding(15) var<storage, read> deposition: array<f32>;
// planes: w cp
@group(0) @binding(16) var<storage, read_write> cover: array<f32>;
// planes: w_threshold slope_threshold ws_inverse
@group(0) @binding(17) var<storage, read_write> weights: array<f32>;
@group(0) @binding(18) var<storage, read_write> channels: array<u32>;
// planes: w_bar s_bar d_up
@group(0) @binding(19) var<storage, read_write> means: array<f32>;
@group(0) @binding(20) var<storage, read_write> ic: array<f32>;
@group(0) @binding(21) var<storage, read_write> sdr_factor: array<f32>;
// planes: sed_export e_prime
@group(0) @binding(22) var<storage, read_write> sediment: array<f32>;
@group(0) @binding(23) var<storage, read_write> avoided_export: array<f32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

const LOG10_E: f32 = 0.4342944819;

// (6), as rasters: the class table spread over the map.
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn cover_factors(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(dem[i])) {
    cover[i] = NODATA;
    cover[i + tile.plane] = NODATA;
    return;
  }
  let row = biophysical[lulc[i]];
  cover[i] = row.usle_c;
  cover[i + tile.plane] = row.usle_c * row.usle_p;
}

// (7)
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn flow_weights(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(slope[i])) {
    weights[i] = NODATA;
    weights[i + tile.plane] = NODATA;
    weights[i + 2u * tile.plane] = NODATA;
    return;
  }
  let w = max(biophysical[lulc[i]].usle_c, 0.001);
  let s = clamp(slope[i] / 100.0, 0.005, 1.0);
  weights[i] = w;
  weights[i + tile.plane] = s;
  weights[i + 2u * tile.plane] = 1.0 / (w * s);
}

// (8)
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn join_drainage(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata_code(stream[i])) { channels[i] = NODATA_CODE; return; }
  channels[i] = select(stream[i], 1u, drainage[i] == 1u);
}

// (10)
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn upslope_means(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  let cells = accumulation[i];
  if (is_nodata(cells)) {
    means[i] = NODATA;
    means[i + tile.plane] = NODATA;
    means[i + 2u * tile.plane] = NODATA;
    return;
  }
  let w = cover_sum[i] / cells;
  let s = slope_sum[i] / cells;
  means[i] = w;
  means[i + tile.plane] = s;
  means[i + 2u * tile.plane] = w * s * sqrt(cells * tile.cell_width * tile.cell_height);
}

// (11)
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn connect(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(upslope[i]) || is_nodata(downslope[i]) || downslope[i] <= 0.0) { ic[i] = NODATA; return; }
  ic[i] = log_accurate(upslope[i] / downslope[i]) * LOG10_E;
}

// (12) The exponent is clamped: at 80 the ratio is below 1e-34 already.
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn deliver(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (stream[i] == 1u) { sdr_factor[i] = 1.0; return; }
  if (is_nodata(connectivity[i])) { sdr_factor[i] = NODATA; return; }
  let exponent = clamp((params.ic_0_param - connectivity[i]) / params.k_param, -80.0, 80.0);
  sdr_factor[i] = params.sdr_max / (1.0 + exp_accurate(exponent));
}

// (13)
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn export_sediment(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  sediment[i] = NODATA;
  sediment[i + tile.plane] = select(NODATA, 0.0, stream[i] == 1u);
  if (is_nodata(soil_loss[i]) || is_nodata(ratio[i])) { return; }
  sediment[i] = soil_loss[i] * ratio[i];
  sediment[i + tile.plane] = soil_loss[i] * (1.0 - ratio[i]);
}

// (14)
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn avoid_export(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  let missing = is_nodata(avoided[i]) || is_nodata(ratio[i]) || is_nodata(deposition[i]);
  if (missing) { avoided_export[i] = NODATA; return; }
  avoided_export[i] = avoided[i] * ratio[i] + deposition[i];
}
