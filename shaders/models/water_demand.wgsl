// Water used in one cell. Equation (1) in src/models/water_demand/spec.ts.
#import tile
#import nodata

struct Params {
  amount: f32, // m³/yr for one person
  industry: f32, // m³ for 10⁴ CNY
}

struct Biophysical {
  irrigation: f32, // m³/(ha yr)
}

@group(0) @binding(0) var<storage, read> lulc: array<u32>;
@group(0) @binding(1) var<storage, read> biophysical: array<Biophysical>;
@group(0) @binding(2) var<storage, read> population: array<f32>; // people/km²
@group(0) @binding(3) var<storage, read> gdp: array<f32>; // 10⁴ CNY/km²
@group(0) @binding(4) var<storage, read_write> demand: array<f32>;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var<uniform> params: Params;

const HA_PER_KM2: f32 = 100.0;

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn water_use(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata_code(lulc[i]) || is_nodata(population[i]) || is_nodata(gdp[i])) { demand[i] = NODATA; return; }
  let settled = (params.amount * population[i] + params.industry * gdp[i]) / HA_PER_KM2;
  demand[i] = settled + biophysical[lulc[i]].irrigation; // (1)
}
