/** Buffers that are given back at once, and those that must stay. */
import { expect, test } from 'vitest';
import { buffersIn, freeBuffers } from '../../src/core/free-buffers.ts';

const LARGE = 2 ** 16;

test('large buffers of their own are gone, however they were named', () => {
  const [buffer, view] = [new ArrayBuffer(LARGE), new Float32Array(LARGE)];
  freeBuffers([buffer, view, view.buffer, undefined]);
  expect([buffer.byteLength, view.byteLength]).toEqual([0, 0]);
  freeBuffers([buffer, view]); // a second time does nothing
});

test('shared ones, parts of larger ones and small ones stay', () => {
  const whole = new Uint8Array(2 * LARGE);
  const stay = [new SharedArrayBuffer(LARGE), whole.subarray(LARGE), new Uint8Array(LARGE - 1)];
  freeBuffers(stay);
  expect(stay.map(({ byteLength }) => byteLength)).toEqual([LARGE, LARGE, LARGE - 1]);
});

test('are found wherever they are in a message', () => {
  const planes = Array.from({ length: 5 }, () => new Float32Array(4));
  const message = {
    name: 'a',
    none: null,
    numbers: [1, 2],
    cells: planes[0],
    list: [{ deep: planes[1] }, planes[2].buffer],
    fields: new Map([['b', { plane: planes[3] }]]),
  };
  expect(new Set(buffersIn(message))).toEqual(new Set(planes.slice(0, 4).map(({ buffer }) => buffer)));
});
