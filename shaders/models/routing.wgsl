// What is made of flow directions cell by cell: codes for files, metres, who drains to a stream. Equations (1)-(3) in src/models/routing/spec.ts.
#import tile
#import nodata

struct Params {
  // 0: D8, 1: MFD.
  algorithm: f32,
}

@group(0) @binding(0) var<storage, read> direction: array<u32>; // eight shares of four bits
@group(0) @binding(1) var<storage, read> steps: array<f32>; // cells
@group(0) @binding(2) var<storage, read> way: array<f32>; // nodata where it leads to no stream
@group(0) @binding(3) var<storage, read_write> code: array<u32>;
@group(0) @binding(4) var<storage, read_write> metres: array<f32>;
@group(0) @binding(5) var<storage, read_write> drains: array<u32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

// (1)
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn direction_code(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  let shares = direction[i];
  if (is_nodata_code(shares)) { code[i] = NODATA_CODE; return; }
  code[i] = select(firstTrailingBit(shares) / 4u, shares, params.algorithm == 1.0);
}

// (2)
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn distance_in_metres(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(steps[i])) { metres[i] = NODATA; return; }
  metres[i] = steps[i] * tile.cell_width;
}

// (3)
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn drains_to_stream(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata_code(direction[i])) { drains[i] = NODATA_CODE; return; }
  drains[i] = select(1u, 0u, is_nodata(way[i]));
}
