// What the soil model starts from: where all its inputs are valid. Equation (1) in src/models/sdr/spec.ts.
#import tile
#import nodata

@group(0) @binding(0) var<storage, read> dem: array<f32>; // m
@group(0) @binding(1) var<storage, read> lulc: array<u32>;
@group(0) @binding(2) var<storage, read> erosivity: array<f32>;
@group(0) @binding(3) var<storage, read> erodibility: array<f32>;
@group(0) @binding(4) var<storage, read> drainage: array<u32>;
@group(0) @binding(5) var<storage, read_write> masked_dem: array<f32>;
@group(0) @binding(6) var<storage, read_write> masked_lulc: array<u32>;
@group(0) @binding(7) var<storage, read_write> masked_drainage: array<u32>;
// planes: masked_erosivity masked_erodibility mask
@group(0) @binding(8) var<storage, read_write> masked: array<f32>;
@group(1) @binding(0) var<uniform> tile: Tile;

// (1) Without a drainage raster.
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn mask_dem(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  let missing = is_nodata(erosivity[i]) || is_nodata(erodibility[i]) || is_nodata_code(lulc[i]);
  masked_dem[i] = select(dem[i], NODATA, missing);
}

// (1) With one.
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn mask_dem_with_drainage(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  let missing = is_nodata(erosivity[i]) || is_nodata(erodibility[i]) || is_nodata_code(lulc[i]);
  masked_dem[i] = select(dem[i], NODATA, missing || is_nodata_code(drainage[i]));
}

// InVEST's intermediate rasters: the inputs where all of them are valid. Read here, `dem` is the masked one.
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn mask_inputs(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  let missing = is_nodata(dem[i]);
  masked[i] = select(erosivity[i], NODATA, missing);
  masked[i + tile.plane] = select(erodibility[i], NODATA, missing);
  masked[i + 2u * tile.plane] = select(1.0, NODATA, missing);
  masked_lulc[i] = select(lulc[i], NODATA_CODE, missing);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn mask_drainage(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  masked_drainage[i] = select(drainage[i], NODATA_CODE, is_nodata(dem[i]));
}
