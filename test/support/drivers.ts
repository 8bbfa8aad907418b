/** `describe` once per driver, for tests that open devices of their own. A missing driver skips, or fails where REQUIRE_GPU=1. */
import { describe } from 'vitest';
import { type TestDriver, testDrivers } from './devices.ts';

export function describeDrivers(name: string, body: (driver: TestDriver) => void): void {
  for (const driver of testDrivers()) {
    const missing = driver.manifest === undefined && process.env.REQUIRE_GPU !== '1';
    describe.skipIf(missing)(`${name} on ${driver.name}${missing ? ' (skipped: not installed)' : ''}`, () =>
      body(driver),
    );
  }
}
