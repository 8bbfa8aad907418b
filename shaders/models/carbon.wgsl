// Carbon stored in the four pools of one cell. Equations (1)-(3) in src/models/carbon/spec.ts.
#import tile
#import nodata
#import two-sum

struct Params {
  unit_value: f32, // currency per tonne of carbon
}

struct Pools {
  c_above: f32,
  c_below: f32,
  c_soil: f32,
  c_dead: f32,
}

@group(0) @binding(0) var<storage, read> lulc: array<u32>;
@group(0) @binding(1) var<storage, read> pools: array<Pools>;
@group(0) @binding(2) var<storage, read> c_before: array<f32>;
@group(0) @binding(3) var<storage, read> c_after: array<f32>;
@group(0) @binding(4) var<storage, read_write> c_storage: array<f32>;
// planes: c_above c_below c_soil c_dead
@group(0) @binding(5) var<storage, read_write> c_pools: array<f32>;
@group(0) @binding(6) var<storage, read_write> c_change: array<f32>;
@group(0) @binding(7) var<storage, read_write> npv: array<f32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

// (1) Rounded once: a change between two maps is a difference of totals and would show the rounding of each addition.
fn total(row: Pools) -> f32 {
  let above_below = two_sum(row.c_above, row.c_below);
  let with_soil = two_sum(above_below.x, row.c_soil);
  let with_dead = two_sum(with_soil.x, row.c_dead);
  return with_dead.x + (above_below.y + with_soil.y + with_dead.y);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn storage_total(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata_code(lulc[i])) { c_storage[i] = NODATA; return; }
  c_storage[i] = total(pools[lulc[i]]);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn storage_pools(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  var row = Pools(NODATA, NODATA, NODATA, NODATA);
  if (!is_nodata_code(lulc[i])) { row = pools[lulc[i]]; }
  c_pools[i] = row.c_above;
  c_pools[i + tile.plane] = row.c_below;
  c_pools[i + 2u * tile.plane] = row.c_soil;
  c_pools[i + 3u * tile.plane] = row.c_dead;
}

// (2)
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn change(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(c_before[i]) || is_nodata(c_after[i])) { c_change[i] = NODATA; return; }
  c_change[i] = c_after[i] - c_before[i];
}

// (3)
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn valuation(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(c_before[i]) || is_nodata(c_after[i])) { npv[i] = NODATA; return; }
  npv[i] = (c_after[i] - c_before[i]) * params.unit_value;
}
