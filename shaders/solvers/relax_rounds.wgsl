// How many workgroups the next round of a relaxation takes: one for each block that was woken for it.

struct Params {
  slot: u32, // of the counters
}

@group(0) @binding(0) var<storage, read> counters: array<u32>; // as in shaders/lib/blocks.wgsl
@group(0) @binding(1) var<storage, read_write> workgroups: array<u32>; // x, y, z
@group(1) @binding(1) var<uniform> params: Params;

// WebGPU lets a dispatch have no more in x.
const MOST = 65535u;

@compute @workgroup_size(1)
fn arrange() {
  let blocks = counters[params.slot];
  workgroups[0] = min(blocks, MOST);
  workgroups[1] = (blocks + MOST - 1u) / MOST;
  workgroups[2] = 1u;
}
