// Best nodes of rows of samples for many codebooks side by side, and the sums of the rows of each node. Rows are whole numbers of a quantum, feature
// after feature. Distances are float32 sums of squared differences; where best and second best are closer than rounding can tell, the row is left to
// the host, which compares in float64. Sums are of whole numbers. Twins: src/solvers/som/nearest.ts and tasks.ts; bound in docs/decisions/0022-bundles.md.
#import nodata

struct Params {
  rows: u32,
  features: u32,
  // Entries of `doubtful`.
  room: u32,
}

// A codebook: where its vectors begin among `vectors`, by eight nodes, and its nodes.
struct Book {
  first: u32,
  nodes: u32,
}

// What one workgroup sums: some nodes of a codebook, some of its features; feature `features` counts rows.
struct Job {
  book: u32,
  first_node: u32,
  nodes: u32,
  first_feature: u32,
  features: u32,
  // Of the two words of its first sum among `sums`.
  at: u32,
}

// Rows that one workgroup sums.
const BLOCK = 4096u;
const THREADS = 256u;
// Sums of one workgroup: 2 words each, 16 KiB.
const PAIRS = 2048u;
const FAR: f32 = 1e30;

@group(0) @binding(0) var<storage, read> samples: array<i32>;
// Of the quanta of each feature; the largest number of all features becomes 1 or less.
@group(0) @binding(1) var<storage, read> scale: array<f32>;
// For each eight nodes and each feature two of these. Nodes that fill the last eight are far away.
@group(0) @binding(2) var<storage, read> vectors: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> books: array<Book>;
// Best node by book · rows + row.
@group(0) @binding(4) var<storage, read> nodes_of: array<u32>;
@group(0) @binding(5) var<storage, read> jobs: array<Job>;
@group(0) @binding(6) var<storage, read_write> labels: array<u32>;
// How many there are, also beyond the room.
@group(0) @binding(7) var<storage, read_write> doubts: array<atomic<u32>>;
// Row and codebook.
@group(0) @binding(8) var<storage, read_write> doubtful: array<vec2<u32>>;
// Of each sum H and L: H · 2^20 + L, H signed.
@group(0) @binding(9) var<storage, read_write> sums: array<atomic<u32>>;
@group(1) @binding(1) var<uniform> params: Params;

struct Best {
  nearest: f32,
  next: f32,
  node: u32,
}

fn better(best: Best, squared: f32, node: u32) -> Best {
  if (squared < best.nearest) { return Best(squared, best.nearest, node); }
  return Best(best.nearest, min(best.next, squared), best.node);
}

// How far a squared distance may be from its exact value, twice over: x is rounded to 2^-23, w and the difference to 2^-24 of themselves, and each
// term and partial sum once. What is below float32's range counts as nothing.
fn error_of(squared: f32, norm: f32) -> f32 {
  let features = f32(params.features);
  let root = sqrt(squared);
  let relative = (features + 6.0) * squared + 6.0 * root * norm;
  return 0x1p-23f * relative + features * (1e-28 * root + 1e-36);
}

@compute @workgroup_size(64)
fn assign(@builtin(global_invocation_id) id: vec3<u32>) {
  let row = id.x;
  if (row >= params.rows) { return; }
  let book = books[id.y];
  var best = Best(FAR, FAR, 0u);
  var norm = 0.0;
  for (var first = 0u; first < book.nodes; first += 8u) {
    var a = vec4<f32>();
    var b = vec4<f32>();
    norm = 0.0;
    var at = book.first + (first / 8u) * params.features * 2u;
    for (var f = 0u; f < params.features; f++) {
      let x = f32(samples[f * params.rows + row]) * scale[f];
      let da = x - vectors[at];
      let db = x - vectors[at + 1u];
      a += da * da;
      b += db * db;
      norm += x * x;
      at += 2u;
    }
    best = better(best, a.x, first);
    best = better(best, a.y, first + 1u);
    best = better(best, a.z, first + 2u);
    best = better(best, a.w, first + 3u);
    best = better(best, b.x, first + 4u);
    best = better(best, b.y, first + 5u);
    best = better(best, b.z, first + 6u);
    best = better(best, b.w, first + 7u);
  }
  var label = best.node;
  if (best.next < FAR && best.next - best.nearest <= 2.0 * error_of(best.next, sqrt(norm))) {
    label = NODATA_CODE;
    let entry = atomicAdd(&doubts[0], 1u);
    if (entry < params.room) { doubtful[entry] = vec2(row, id.y); }
  }
  labels[id.y * params.rows + row] = label;
}

var<workgroup> upper: array<atomic<u32>, PAIRS>;
var<workgroup> lower: array<atomic<u32>, PAIRS>;

@compute @workgroup_size(256)
fn add_rows(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let job = jobs[group.y];
  let pairs = job.nodes * job.features;
  for (var p = thread; p < pairs; p += THREADS) {
    atomicStore(&upper[p], 0u);
    atomicStore(&lower[p], 0u);
  }
  workgroupBarrier();
  let end = min(params.rows, (group.x + 1u) * BLOCK);
  for (var row = group.x * BLOCK + thread; row < end; row += THREADS) {
    let node = nodes_of[job.book * params.rows + row];
    // Nodes below the first one wrap to numbers beyond the last.
    if (is_nodata_code(node) || node - job.first_node >= job.nodes) { continue; }
    for (var f = 0u; f < job.features; f++) {
      let p = (node - job.first_node) * job.features + f;
      let feature = job.first_feature + f;
      if (feature == params.features) {
        atomicAdd(&lower[p], 1u);
      } else {
        let q = samples[feature * params.rows + row];
        atomicAdd(&upper[p], bitcast<u32>(q >> 16u));
        atomicAdd(&lower[p], bitcast<u32>(q) & 0xffffu);
      }
    }
  }
  workgroupBarrier();
  for (var p = thread; p < pairs; p += THREADS) {
    let high = bitcast<i32>(atomicLoad(&upper[p]));
    let low = atomicLoad(&lower[p]) + ((bitcast<u32>(high) & 15u) << 16u);
    atomicAdd(&sums[job.at + 2u * p], bitcast<u32>(high >> 4u) + (low >> 20u));
    atomicAdd(&sums[job.at + 2u * p + 1u], low & 0xfffffu);
  }
}
