/**
 * Real WebGPU devices for tests: Dawn on each software Vulkan driver of this machine, both in one process.
 * A driver that is missing skips its tests with the reason, or fails them where REQUIRE_GPU=1.
 */
import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { create, globals } from 'webgpu';

export interface TestDriver {
  readonly name: 'lavapipe' | 'swiftshader' | 'hardware';
  /** Part of the adapter's name, as Dawn's option `adapter=` wants it; empty: Dawn's own choice. */
  readonly adapter: string;
  /** Manifest of the Vulkan driver, undefined where none of the usual places has it; empty: the Vulkan loader's own search. */
  readonly manifest: string | undefined;
}

const PLACES = {
  lavapipe: ['lvp_icd.json', 'lvp_icd.x86_64.json', 'lvp_icd.aarch64.json'].map(
    (file) => `/usr/share/vulkan/icd.d/${file}`,
  ),
  swiftshader: ['chromium', 'chromium-browser', 'chrome'].map((folder) => `/usr/lib/${folder}/vk_swiftshader_icd.json`),
};

/**
 * Every software driver the tests know, present or not. ECOFLUX_DRIVER=lavapipe or swiftshader keeps one; ECOFLUX_DRIVER=hardware
 * takes the machine's first GPU in their place.
 */
export function testDrivers(): readonly TestDriver[] {
  const only = process.env.ECOFLUX_DRIVER;
  const drivers: TestDriver[] = [
    { name: 'hardware', adapter: '', manifest: '' },
    { name: 'lavapipe', adapter: 'llvmpipe', manifest: PLACES.lavapipe.find(existsSync) },
    { name: 'swiftshader', adapter: 'SwiftShader', manifest: PLACES.swiftshader.find(existsSync) },
  ];
  return drivers.filter(({ name }) => name === only || (only === undefined && name !== 'hardware'));
}

// Dawn lets go of a driver when the object from create() is collected, and the process aborts if that happens too early.
const instances = new Map<string, GPU>();

/** The GPU object of one driver. The Vulkan loader reads the manifests once, so all of them are named before the first. */
export function gpuOf(driver: TestDriver): GPU {
  if (instances.size === 0) {
    const manifests = testDrivers().flatMap(({ manifest }) => manifest || []);
    if (manifests.length > 0) process.env.VK_DRIVER_FILES = manifests.join(':');
    process.env.XDG_RUNTIME_DIR ??= '/tmp';
    Object.assign(globalThis, globals);
  }
  let gpu = instances.get(driver.name);
  if (gpu === undefined) {
    gpu = create(driver.adapter === '' ? [] : [`adapter=${driver.adapter}`]);
    instances.set(driver.name, gpu);
  }
  return gpu;
}

/** A device with the adapter's own buffer and workgroup limits. Throws, with the reason, where the driver does not work. */
export async function openTestDevice(driver: TestDriver): Promise<GPUDevice> {
  if (driver.manifest === undefined) throw new Error(`the Vulkan driver ${driver.name} is not installed`);
  const adapter = await gpuOf(driver).requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) throw new Error(`the Vulkan driver ${driver.name} offers no adapter`);
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  return await adapter.requestDevice({
    label: driver.name,
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
    requiredFeatures: adapter.features.has('timestamp-query') ? ['timestamp-query'] : [],
  });
}

/**
 * `describe` once per driver. `get()` gives the device inside tests. An uncaptured error or an unexpected loss fails the test in
 * which it happened.
 */
export function describeOnDevices(name: string, body: (get: () => GPUDevice, driver: TestDriver) => void): void {
  for (const driver of testDrivers()) {
    const title = `${name} on ${driver.name}`;
    if (driver.manifest === undefined && process.env.REQUIRE_GPU !== '1') {
      describe.skip(`${title} (skipped: no Vulkan manifest of ${driver.name} on this machine)`, () => {
        body(() => {
          throw new Error('skipped');
        }, driver);
      });
      continue;
    }
    describe(title, () => {
      let device: GPUDevice | undefined;
      let problems: string[] = [];
      beforeAll(async () => {
        device = await openTestDevice(driver);
        device.addEventListener('uncapturederror', (event) =>
          problems.push((event as GPUUncapturedErrorEvent).error.message),
        );
        void device.lost.then((info) => {
          if (info.reason !== 'destroyed') problems.push(`device lost: ${info.message}`);
        });
      });
      beforeEach(() => {
        problems = [];
      });
      afterEach(async () => {
        await device?.queue.onSubmittedWorkDone();
        expect(problems).toEqual([]);
      });
      afterAll(async () => {
        await device?.queue.onSubmittedWorkDone();
        device?.destroy();
        await device?.lost;
      });
      body(() => {
        if (device === undefined) throw new Error(`no device of ${driver.name}: use get() inside a test`);
        return device;
      }, driver);
    });
  }
  if (testDrivers().length === 0) {
    test(`${name} needs a driver`, () =>
      expect.unreachable(`ECOFLUX_DRIVER=${process.env.ECOFLUX_DRIVER} is no driver`));
  }
}
