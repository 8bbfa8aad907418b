// The bandwidth of the device, to judge other kernels by: reads and writes each element once, 16 bytes an invocation.

@group(0) @binding(0) var<storage, read> original: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> copied: array<vec4<f32>>;

const THREADS: u32 = 256u;

@compute @workgroup_size(256)
fn copy(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.y * groups.x * THREADS + id.x;
  if (i < arrayLength(&original)) { copied[i] = original[i]; }
}
