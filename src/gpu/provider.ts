/**
 * Where adapters come from: Dawn in Node (src/node/dawn.ts), `navigator.gpu` in a page. The provider is passed in at the edge; nobody
 * else asks for a device.
 */

export interface GpuAdapterDescription {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  /** Runs on the processor: lavapipe, SwiftShader, WARP. */
  readonly software: boolean;
}

export interface FoundAdapter {
  readonly description: GpuAdapterDescription;
  /** The most the adapter offers, by name of the limit. */
  readonly limits: Readonly<Record<string, number>>;
  readonly features: readonly string[];
  /** A new adapter object for the same device: WebGPU makes one device from each. Undefined when it has gone. */
  request(): Promise<GPUAdapter | undefined>;
}

export interface GpuProvider {
  readonly name: 'dawn' | 'browser';
  /** Every different adapter that can be had, the fastest first; empty when there is none. */
  adapters(): Promise<readonly FoundAdapter[]>;
}

/** The page's own WebGPU; without adapters where the browser has none. */
export function browserProvider(): GpuProvider {
  const gpu = (globalThis.navigator as Navigator | undefined)?.gpu;
  return { name: 'browser', adapters: async () => (gpu ? findAdapters(gpu) : []) };
}

/** Asks in the three ways WebGPU knows, hardware first, and drops what was found before. */
export async function findAdapters(gpu: GPU): Promise<FoundAdapter[]> {
  const questions: GPURequestAdapterOptions[] = [
    { powerPreference: 'high-performance' },
    { powerPreference: 'low-power' },
    { forceFallbackAdapter: true },
  ];
  const found = new Map<string, FoundAdapter>();
  for (const question of questions) {
    const adapter = await gpu.requestAdapter(question);
    if (!adapter) continue;
    const description = describe(adapter.info);
    const key = JSON.stringify(description);
    if (found.has(key)) continue;
    found.set(key, {
      description,
      limits: numbersOf(adapter.limits),
      features: [...adapter.features].sort(),
      request: async () => (await gpu.requestAdapter(question)) ?? undefined,
    });
  }
  return [...found.values()];
}

/** One line for people: "llvmpipe: Mesa 25.0.7 (software)". */
export function adapterName({ vendor, architecture, device, description, software }: GpuAdapterDescription): string {
  const name = description || [vendor, device || architecture].filter(Boolean).join(' ') || 'unnamed adapter';
  return software ? `${name} (software)` : name;
}

const SOFTWARE = /llvmpipe|lavapipe|swiftshader|softpipe|software|basic render|\bwarp\b/i;

function describe(info: GPUAdapterInfo): GpuAdapterDescription {
  const { vendor, architecture, device, description } = info;
  // Some implementations leave isFallbackAdapter out, some never set it.
  const software = info.isFallbackAdapter === true || SOFTWARE.test(`${architecture} ${device} ${description}`);
  return { vendor, architecture, device, description, software };
}

/** The names are getters of the prototype, so a spread would find none. */
function numbersOf(limits: GPUSupportedLimits): Record<string, number> {
  const numbers: Record<string, number> = {};
  for (const name in limits) {
    const value: unknown = limits[name as keyof GPUSupportedLimits];
    if (typeof value === 'number') numbers[name] = value;
  }
  return numbers;
}
