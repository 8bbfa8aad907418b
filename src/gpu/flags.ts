/** Bits of WebGPU's flag interfaces. Browsers have them as globals (GPUBufferUsage, …), Node has not. */

export const BUFFER_USAGE = {
  MAP_READ: 0x001,
  MAP_WRITE: 0x002,
  COPY_SRC: 0x004,
  COPY_DST: 0x008,
  UNIFORM: 0x040,
  STORAGE: 0x080,
  INDIRECT: 0x100,
  QUERY_RESOLVE: 0x200,
} as const;

export const MAP_READ = 0x1;
export const MAP_WRITE = 0x2;
export const STAGE_COMPUTE = 0x4;
