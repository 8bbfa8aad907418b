/** What can go wrong on a device, as EcofluxErrors, and the error scopes that catch it. */
import { EcofluxError } from '../core/errors.ts';

export function deviceLost(label: string, info?: GPUDeviceLostInfo): EcofluxError {
  const reason = info && [info.reason, info.message].filter(Boolean).join(': ');
  return new EcofluxError('DeviceLost', `the device was lost during ${label}`, {
    found: reason || undefined,
    fix: 'run it again; if it keeps happening, use smaller tiles (--tile) or --device cpu',
  });
}

export function outOfMemory(label: string, what: string): EcofluxError {
  return new EcofluxError('OutOfCapacity', `the device has no memory left for ${label}`, {
    found: what,
    fix: 'lower --device-memory or --tile',
  });
}

/** An error of a scope or an uncaptured one. Validation errors are mistakes of the program, whatever the input. */
export function deviceFault(error: GPUError, label: string): EcofluxError {
  // By name: in Node the classes are not globals.
  if (error.constructor.name === 'GPUOutOfMemoryError') return outOfMemory(label, error.message);
  return new EcofluxError('Bug', `the device refused ${label}`, { found: error.message, cause: error });
}

export interface Scoped<T> {
  readonly value: T;
  /** The first error that `record` caused, once the device has looked at it. */
  readonly fault: Promise<EcofluxError | undefined>;
}

const SCOPES: readonly GPUErrorFilter[] = ['internal', 'out-of-memory', 'validation'];

/** Runs `record`, which must not wait for anything, inside error scopes. */
export function scoped<T>(device: GPUDevice, label: string, record: () => T): Scoped<T> {
  for (const filter of SCOPES) device.pushErrorScope(filter);
  let value: T;
  let errors: Promise<(GPUError | null)[]>;
  try {
    value = record();
  } finally {
    errors = Promise.all(SCOPES.map(() => device.popErrorScope()));
    errors.catch(() => {}); // scopes of a lost device may reject; that it is lost is seen elsewhere
  }
  return {
    value,
    fault: errors.then(
      (list) => firstFault(list, label),
      () => undefined,
    ),
  };
}

function firstFault(errors: readonly (GPUError | null)[], label: string): EcofluxError | undefined {
  const error = errors.find((each) => each !== null);
  return error ? deviceFault(error, label) : undefined;
}
