// Slope of the ground by Horn's 3 × 3 differences, with one-sided ones at holes and edges. Steps in src/models/slope/spec.ts.
#import tile
#import nodata

@group(0) @binding(0) var<storage, read> dem: array<f32>; // m, one cell of halo
@group(0) @binding(1) var<storage, read_write> slope_percent: array<f32>;
@group(1) @binding(0) var<uniform> tile: Tile;

const SQRT2: f32 = 1.41421356;

// Sum of weighted differences, and of their spans in cells.
struct Difference {
  rise: f32,
  span: f32,
}

// (1) A row (or column) beside the centre cell's: `before`, `middle` and `after` along it, `centre` the cell itself.
fn outer(before: f32, middle: f32, after: f32, centre: f32) -> Difference {
  let b = !is_nodata(before);
  let m = !is_nodata(middle);
  let a = !is_nodata(after);
  if (b && a) { return Difference(before - after, 2.0); }
  if (b && m) { return Difference(before - middle, 1.0); }
  if (m && a) { return Difference(middle - after, 1.0); }
  if (b) { return Difference((before - centre) * SQRT2, 1.0); }
  if (a) { return Difference((centre - after) * SQRT2, 1.0); }
  return Difference(0.0, 0.0);
}

// (2) The row (or column) through the centre cell, with twice the weight.
fn inner(before: f32, centre: f32, after: f32) -> Difference {
  let b = !is_nodata(before);
  let a = !is_nodata(after);
  if (b && a) { return Difference(2.0 * (before - after), 4.0); }
  if (b) { return Difference(2.0 * (before - centre), 2.0); }
  if (a) { return Difference(2.0 * (centre - after), 2.0); }
  return Difference(0.0, 0.0);
}

// (3)
fn gradient(first: Difference, second: Difference, third: Difference, cell: f32) -> f32 {
  let span = first.span + second.span + third.span;
  if (span == 0.0) { return 0.0; }
  return (first.rise + second.rise + third.rise) / (span * cell);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn slope(@builtin(global_invocation_id) id: vec3<u32>) {
  if (!in_tile(id.xy, tile)) { return; }
  let i = tile_index(id.xy, tile);
  if (is_nodata(dem[i])) { slope_percent[i] = NODATA; return; }
  let up = i - tile.pitch;
  let down = i + tile.pitch;
  let x = gradient(
    outer(dem[up - 1u], dem[up], dem[up + 1u], dem[i]),
    inner(dem[i - 1u], dem[i], dem[i + 1u]),
    outer(dem[down - 1u], dem[down], dem[down + 1u], dem[i]),
    tile.cell_width,
  );
  let y = gradient(
    outer(dem[up - 1u], dem[i - 1u], dem[down - 1u], dem[i]),
    inner(dem[up], dem[i], dem[down]),
    outer(dem[up + 1u], dem[i + 1u], dem[down + 1u], dem[i]),
    tile.cell_height,
  );
  slope_percent[i] = 100.0 * sqrt(x * x + y * y); // (4)
}
