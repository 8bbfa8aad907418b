/** Errors: what a message says, which codes there are, and how they narrow. */
import { describe, expect, test } from 'vitest';
import {
  EcofluxError,
  ERROR_CODES,
  isEcofluxError,
  ManyErrors,
  throwAll,
  throwIfAborted,
} from '../../src/core/errors.ts';

describe('EcofluxError', () => {
  test('says where, what, found against expected, and what to do', () => {
    const details = {
      file: 'dem.tif',
      place: 'row 3, column 4',
      found: '-9999 m',
      expected: '-500 to 9000 m',
      fix: 'declare nodata',
    };
    const error = new EcofluxError('InvalidInput', 'the elevation is implausible', details);
    expect(error.message).toBe(
      'dem.tif, row 3, column 4: the elevation is implausible (found -9999 m, expected -500 to 9000 m). Declare nodata',
    );
    expect(error).toMatchObject({ name: 'InvalidInput', code: 'InvalidInput', details });
  });

  test('says no more than it knows', () => {
    expect(new EcofluxError('Bug', 'impossible').message).toBe('impossible');
    expect(new EcofluxError('Bug', 'impossible', { expected: 'nothing' }).message).toBe(
      'impossible (expected nothing)',
    );
    expect(new EcofluxError('Bug', 'impossible', { place: 'line 2' }).message).toBe('line 2: impossible');
  });

  test('keeps its cause', () => {
    const cause = new Error('below');
    expect(new EcofluxError('InvalidInput', 'above', { cause }).cause).toBe(cause);
    expect('cause' in new EcofluxError('InvalidInput', 'above')).toBe(false);
  });

  test('is told from others, and by its code', () => {
    const error: unknown = new EcofluxError('NoDevice', 'none');
    expect([
      isEcofluxError(error),
      isEcofluxError(error, 'NoDevice'),
      isEcofluxError(error, 'Bug'),
      isEcofluxError(new Error('x')),
    ]).toEqual([true, true, false, false]);
  });
});

describe('the codes', () => {
  test('have exit codes and statuses that tell failures from success', () => {
    for (const [code, { exit, http }] of Object.entries(ERROR_CODES)) {
      expect(exit, code).toBeGreaterThan(0);
      expect(http, code).toBeGreaterThanOrEqual(400);
    }
    expect(ERROR_CODES.Interrupted.exit).toBe(130);
  });
});

describe('throwAll', () => {
  const [a, b] = [new EcofluxError('InvalidInput', 'first'), new EcofluxError('NoDevice', 'second')];

  test('throws nothing, the one, or all of them under the code of the first', () => {
    expect(() => throwAll([])).not.toThrow();
    expect(() => throwAll([a])).toThrow(a);
    try {
      throwAll([a, b]);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ManyErrors);
      expect(error).toMatchObject({ code: 'InvalidInput', errors: [a, b], message: 'first\nsecond' });
    }
  });
});

describe('throwIfAborted', () => {
  test('throws Interrupted with the reason once the signal has fired', () => {
    const stop = new AbortController();
    throwIfAborted(undefined);
    throwIfAborted(stop.signal);
    stop.abort('ctrl-c');
    expect(() => throwIfAborted(stop.signal)).toThrow(
      expect.objectContaining({ code: 'Interrupted', cause: 'ctrl-c' }),
    );
  });
});
