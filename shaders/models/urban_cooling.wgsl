// Cooling capacity of one cell. Equations (1), (2) and (4) in src/models/urban_cooling/spec.ts.
#import tile
#import nodata

struct Params {
  cc_weight_shade: f32,
  cc_weight_albedo: f32,
  cc_weight_eti: f32,
  // Of the region.
  et0_max: f32,
}

struct Biophysical {
  kc: f32,
  green_area: f32,
  shade: f32,
  albedo: f32,
  building_intensity: f32,
}

@group(0) @binding(0) var<storage, read> lulc: array<u32>;
@group(0) @binding(1) var<storage, read> et0: array<f32>;
@group(0) @binding(2) var<storage, read> biophysical: array<Biophysical>;
@group(0) @binding(3) var<storage, read> cooling_capacity: array<f32>;
@group(0) @binding(4) var<storage, read_write> cc: array<f32>;
// planes: kc green_area
@group(0) @binding(5) var<storage, read_write> of_class: array<f32>;
// planes: shade albedo
@group(0) @binding(6) var<storage, read_write> of_surface: array<f32>;
@group(0) @binding(7) var<storage, read_write> building_intensity: array<f32>;
@group(0) @binding(8) var<storage, read_write> eti: array<f32>;
@group(0) @binding(9) var<storage, read_write> cc_masked_green_areas: array<f32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

// (1); 0 where nothing evaporates anywhere.
fn evaporation(kc: f32, reference: f32) -> f32 {
  if (params.et0_max <= 0.0) { return 0.0; }
  return kc * reference / params.et0_max;
}

// (2)
fn capacity(row: Biophysical, index: f32) -> f32 {
  let weights = params.cc_weight_shade + params.cc_weight_albedo + params.cc_weight_eti;
  return (params.cc_weight_shade * row.shade + params.cc_weight_albedo * row.albedo + params.cc_weight_eti * index) / weights;
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn capacity_by_factors(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata_code(lulc[i]) || is_nodata(et0[i])) { cc[i] = NODATA; return; }
  let row = biophysical[lulc[i]];
  cc[i] = capacity(row, evaporation(row.kc, et0[i]));
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn capacity_by_intensity(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata_code(lulc[i])) { cc[i] = NODATA; return; }
  cc[i] = 1.0 - biophysical[lulc[i]].building_intensity; // (2)
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn properties(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata_code(lulc[i])) {
    of_class[i] = NODATA;
    of_class[i + tile.plane] = NODATA;
    return;
  }
  let row = biophysical[lulc[i]];
  of_class[i] = row.kc;
  of_class[i + tile.plane] = row.green_area;
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn factors(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata_code(lulc[i])) {
    of_surface[i] = NODATA;
    of_surface[i + tile.plane] = NODATA;
    return;
  }
  let row = biophysical[lulc[i]];
  of_surface[i] = row.shade;
  of_surface[i + tile.plane] = row.albedo;
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn intensity(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata_code(lulc[i])) { building_intensity[i] = NODATA; return; }
  building_intensity[i] = biophysical[lulc[i]].building_intensity;
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn evapotranspiration_index(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata_code(lulc[i]) || is_nodata(et0[i])) { eti[i] = NODATA; return; }
  eti[i] = evaporation(biophysical[lulc[i]].kc, et0[i]);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn green_capacity(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata_code(lulc[i]) || is_nodata(cooling_capacity[i])) { cc_masked_green_areas[i] = NODATA; return; }
  cc_masked_green_areas[i] = select(0.0, cooling_capacity[i], biophysical[lulc[i]].green_area == 1.0);
}
