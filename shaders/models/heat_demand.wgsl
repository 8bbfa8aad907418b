// Heat that the people of one cell bear. Equation (1) in src/models/heat_demand/spec.ts.
#import tile
#import nodata

struct Params {
  comfort: f32, // °C
  population_max: f32, // people/km²
}

@group(0) @binding(0) var<storage, read> temperature: array<f32>;
@group(0) @binding(1) var<storage, read> population: array<f32>;
@group(0) @binding(2) var<storage, read_write> demand: array<f32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn heat(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(temperature[i]) || is_nodata(population[i])) { demand[i] = NODATA; return; }
  if (params.population_max <= 0.0) { demand[i] = 0.0; return; }
  demand[i] = max(0.0, temperature[i] - params.comfort) * (population[i] / params.population_max); // (1)
}
