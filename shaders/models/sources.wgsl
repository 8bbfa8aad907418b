// Sources of a distance, and the distance in metres. Equations (1) and (2) in src/models/distance/spec.ts.
#import tile
#import nodata

struct Params {
  // 0: all classes but 0 are sources.
  source_class: u32,
}

@group(0) @binding(0) var<storage, read> classes: array<u32>;
@group(0) @binding(1) var<storage, read> steps: array<f32>; // cells
@group(0) @binding(2) var<storage, read_write> source: array<u32>;
@group(0) @binding(3) var<storage, read_write> metres: array<f32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

// (1)
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn mark_sources(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  let code = classes[i];
  if (is_nodata_code(code)) { source[i] = NODATA_CODE; return; }
  source[i] = u32(select(code == params.source_class, code != 0u, params.source_class == 0u));
}

// (2)
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn metres_of_steps(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(steps[i])) { metres[i] = NODATA; return; }
  metres[i] = steps[i] * tile.cell_width;
}
