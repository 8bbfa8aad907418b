// Demand of the people in a cell. Equation (1) in src/models/per_capita/spec.ts.
#import tile
#import nodata

struct Params {
  amount: f32, // per person and year
}

@group(0) @binding(0) var<storage, read> population: array<f32>; // people/km²
@group(0) @binding(1) var<storage, read_write> demand: array<f32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

const KM2_PER_M2: f32 = 1e-6;

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn per_capita(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(population[i])) { demand[i] = NODATA; return; }
  demand[i] = population[i] * (params.amount * (tile.cell_width * tile.cell_height * KM2_PER_M2));
}
