/** Where tiles of fields live: budgets, order of leaving, pins, windows, and what a lost device takes with it. */
import { describe, expect, test } from 'vitest';
import { NODATA, NODATA_CODE, type Plane } from '../../src/core/cells.ts';
import { tileAt, tilingOf } from '../../src/core/tiles.ts';
import { FieldStore } from '../../src/engine/store.ts';
import type { DevicePlane } from '../../src/engine/store-levels.ts';
import { CountedScratch } from '../support/run-graph.ts';

const tiling = tilingOf({ width: 4, height: 4 }, 2); // four tiles of four cells: 16 bytes each
const cells = (first: number): Float32Array => Float32Array.from([first, first + 1, first + 2, first + 3]);

class FakePlane implements DevicePlane {
  readonly bytes = 16;
  readonly halo: number;
  readonly plane: Plane;
  downloads = 0;
  released = 0;
  /** Held back until it resolves. */
  gate: Promise<void> = Promise.resolve();

  constructor(first: number, halo = 0) {
    this.plane = cells(first);
    this.halo = halo;
  }

  async toHost(): Promise<Plane> {
    this.downloads++;
    await this.gate;
    return this.plane.slice();
  }

  release(): void {
    this.released++;
  }
}

function storeOf(device: number, host: number) {
  const scratch = new CountedScratch();
  return { scratch, store: new FieldStore(tiling, { device, host }, scratch.open) };
}

function gate() {
  let open!: () => void;
  let fail!: (error: unknown) => void;
  const promise = new Promise<void>((resolve, reject) => {
    [open, fail] = [resolve, reject];
  });
  return { promise, open, fail };
}

describe('FieldStore', () => {
  test('room in the scratch file is used again once its tile is dropped, and not before', async () => {
    const { store, scratch } = storeOf(0, 0);
    for (let tile = 0; tile < 4; tile++) await store.put('a', tile, 'f32', { host: cells(10 * tile) });
    expect(scratch.bytes).toBe(64);
    const reading = store.host('a', 1);
    store.drop('a', 1);
    await store.put('b', 0, 'f32', { host: cells(70) });
    expect((await reading).plane).toEqual(cells(10)); // who asked before has it
    store.drop('a', 2);
    await store.put('b', 1, 'f32', { host: cells(80) });
    await store.put('b', 2, 'f32', { host: cells(90) });
    expect(scratch.bytes).toBeLessThanOrEqual(80);
    const found = await Promise.all([0, 3].map((tile) => store.host('a', tile)));
    expect(found.map(({ plane }) => plane)).toEqual([cells(0), cells(30)]);
    for (const [tile, first] of [70, 80, 90].entries())
      expect((await store.host('b', tile)).plane).toEqual(cells(first));
    await store.close();
  });

  test('a tile that is nodata throughout lives nowhere, and reads as nodata', async () => {
    const { store, scratch } = storeOf(0, 0);
    await store.put('a', 0, 'f32', { host: cells(1) });
    store.putEmpty('a', 1, 'f32');
    expect(store.has('a', 1)).toBe(true);
    expect(store.use).toMatchObject({ deviceBytes: 0, hostBytes: 0, scratchBytes: 16 });
    expect((await store.host('a', 1)).plane).toEqual(new Float32Array(4).fill(NODATA));
    expect(await store.window('a', 'f32', { x: 0, y: 0, width: 4, height: 1 })).toEqual(
      Float32Array.from([1, 2, NODATA, NODATA]),
    );
    expect(store.pinDevice('a', 1, 0)).toBeUndefined();
    expect(store.dropDevice()).toEqual([]);
    expect(scratch.bytes).toBe(16);
    await store.close();
  });

  test('what fits stays where it was put', async () => {
    const { store, scratch } = storeOf(32, 32);
    const plane = new FakePlane(1);
    await store.put('a', 0, 'f32', { device: plane });
    await store.put('a', 1, 'f32', { host: cells(5) });
    expect(store.use).toEqual({ deviceBytes: 16, hostBytes: 16, scratchBytes: 0 });
    expect([plane.downloads, plane.released, scratch.bytes]).toEqual([0, 0, 0]);
    expect((await store.host('a', 1)).plane).toEqual(cells(5));
  });

  test('the least recently used leaves first, one level at a time', async () => {
    const { store } = storeOf(32, 16);
    const planes = [new FakePlane(0), new FakePlane(10), new FakePlane(20), new FakePlane(30)];
    await store.put('a', 0, 'f32', { device: planes[0] });
    await store.put('a', 1, 'f32', { device: planes[1] });
    await store.pinDevice('a', 0, 0)!.release(); // used: now tile 1 is the oldest
    await store.put('a', 2, 'f32', { device: planes[2] });
    expect(planes.map(({ released }) => released)).toEqual([0, 1, 0, 0]);
    expect(store.use).toEqual({ deviceBytes: 32, hostBytes: 16, scratchBytes: 0 });
    await store.put('a', 3, 'f32', { device: planes[3] });
    expect(planes.map(({ released }) => released)).toEqual([1, 1, 0, 0]);
    expect(store.use).toEqual({ deviceBytes: 32, hostBytes: 16, scratchBytes: 16 });
    for (const [tile, first] of [0, 10, 20, 30].entries())
      expect((await store.host('a', tile)).plane).toEqual(cells(first));
  });

  test('a tile goes to the scratch file once, however often it comes back', async () => {
    const { store, scratch } = storeOf(0, 16);
    await store.put('a', 0, 'f32', { host: cells(1) });
    await store.put('a', 1, 'f32', { host: cells(5) });
    for (let i = 0; i < 3; i++)
      for (const tile of [0, 1]) expect((await store.host('a', tile)).plane[0]).toBe(1 + 4 * tile);
    expect(scratch.bytes).toBe(32);
    expect(store.use.hostBytes).toBe(16);
  });

  test('neighbours that ask for one tile on the device make one download, and the copy is kept', async () => {
    const { store } = storeOf(64, 64);
    const plane = new FakePlane(1);
    await store.put('a', 0, 'f32', { device: plane });
    await Promise.all([store.host('a', 0), store.host('a', 0)]);
    await store.host('a', 0);
    expect(plane.downloads).toBe(1);
    expect(store.use).toMatchObject({ deviceBytes: 16, hostBytes: 16 });
  });

  test('memory of tiles that leave is given back at once, but not while somebody looks at them', async () => {
    const large = tilingOf({ width: 1024, height: 256 }, 256);
    const store = new FieldStore(large, { device: 0, host: 2 ** 18 }, new CountedScratch().open);
    const planes = Array.from({ length: 4 }, (_, tile) => new Float32Array(256 * 256).fill(tile));
    await store.put('a', 0, 'f32', { host: planes[0] });
    const { plane, release } = await store.host('a', 0);
    for (const tile of [1, 2, 3]) await store.put('a', tile, 'f32', { host: planes[tile] });
    // Room for one.
    expect(planes.map(({ length }) => length)).toEqual([65536, 0, 0, 65536]);
    expect(plane).toBe(planes[0]);
    await release();
    expect(planes[0].length).toBe(0);
    for (const tile of [0, 1, 2, 3]) expect((await store.host('a', tile)).plane[65535]).toBe(tile);
    await store.close();
  });

  test('class codes keep their type, from the scratch file too', async () => {
    const { store } = storeOf(0, 0);
    await store.put('lulc', 0, 'u32', { host: Uint32Array.of(1, 2, 3, NODATA_CODE) });
    expect((await store.host('lulc', 0)).plane).toEqual(Uint32Array.of(1, 2, 3, NODATA_CODE));
    expect(await store.window('lulc', 'u32', { x: -1, y: 1, width: 3, height: 1 })).toEqual(
      Uint32Array.of(NODATA_CODE, 3, NODATA_CODE),
    );
  });

  test('windows span tiles and are nodata beyond the grid', async () => {
    const { store } = storeOf(1000, 0);
    for (let tile = 0; tile < 4; tile++) {
      const { x, y } = tileAt(tiling, tile);
      const plane = new FakePlane(0);
      plane.plane.set([10 * y + x, 10 * y + x + 1, 10 * y + x + 10, 10 * y + x + 11]);
      await store.put('a', tile, 'f32', { device: plane });
    }
    expect([...(await store.window('a', 'f32', { x: 1, y: 1, width: 2, height: 2 }))]).toEqual([11, 12, 21, 22]);
    expect([...(await store.window('a', 'f32', { x: 3, y: 3, width: 2, height: 2 }))]).toEqual([
      33,
      NODATA,
      NODATA,
      NODATA,
    ]);
    expect([...(await store.window('a', 'f32', { x: -5, y: 0, width: 2, height: 1 }))]).toEqual([NODATA, NODATA]);
  });

  test('a pinned tile stays; the budget holds again when it is let go', async () => {
    const { store } = storeOf(16, 64);
    const [first, second] = [new FakePlane(1), new FakePlane(5)];
    await store.put('a', 0, 'f32', { device: first });
    const pin = store.pinDevice('a', 0, 0)!;
    await store.put('a', 1, 'f32', { device: second });
    expect([first.released, second.released]).toEqual([0, 1]);
    const third = new FakePlane(9);
    const more = store.pinDevice('a', 0, 0)!;
    await pin.release();
    await pin.release(); // once only
    await store.put('a', 2, 'f32', { device: third });
    expect([first.released, third.released]).toEqual([0, 1]);
    await more.release();
    await store.put('a', 3, 'f32', { device: new FakePlane(13) });
    expect(first.released).toBe(1);
  });

  test('a plane with other padding cannot be pinned', async () => {
    const { store } = storeOf(64, 64);
    await store.put('a', 0, 'f32', { device: new FakePlane(1, 1) });
    expect(store.pinDevice('a', 0, 0)).toBeUndefined();
    expect(store.pinDevice('a', 0, 1)).toBeDefined();
  });

  test('a tile that is pinned while it is on its way to the host stays', async () => {
    const { store } = storeOf(0, 64);
    const plane = new FakePlane(1);
    const { promise, open } = gate();
    plane.gate = promise;
    const put = store.put('a', 0, 'f32', { device: plane });
    const pin = store.pinDevice('a', 0, 0)!;
    open();
    await put;
    expect(plane.released).toBe(0);
    await pin.release();
    expect(plane.released).toBe(1);
    expect((await store.host('a', 0)).plane).toEqual(cells(1));
  });

  test('a tile put again replaces the old one, which goes when nobody uses it any more', async () => {
    const { store } = storeOf(64, 64);
    const [old, young] = [new FakePlane(1), new FakePlane(5)];
    await store.put('a', 0, 'f32', { device: old });
    const pin = store.pinDevice('a', 0, 0)!;
    await store.put('a', 0, 'f32', { device: young });
    expect(old.released).toBe(0);
    await pin.release();
    expect([old.released, young.released]).toEqual([1, 0]);
    expect(store.use.deviceBytes).toBe(16);
    expect((await store.host('a', 0)).plane).toEqual(cells(5));
  });

  test('several puts at once move no more than one after the other would', async () => {
    const { store } = storeOf(32, 1000);
    const planes = Array.from({ length: 6 }, (_, i) => new FakePlane(10 * i));
    await Promise.all(planes.map((device, i) => store.put(`f${i}`, 0, 'f32', { device })));
    expect(planes.reduce((sum, { downloads }) => sum + downloads, 0)).toBe(4);
    expect(store.use).toEqual({ deviceBytes: 32, hostBytes: 64, scratchBytes: 0 });
    const small = storeOf(0, 32);
    await Promise.all(planes.map((_, i) => small.store.put(`f${i}`, 0, 'f32', { host: cells(i) })));
    expect([small.scratch.bytes, small.store.use.hostBytes]).toEqual([64, 32]);
  });

  test('dropped tiles free their place, also while they move', async () => {
    const { store } = storeOf(0, 64);
    const plane = new FakePlane(1);
    const { promise, open } = gate();
    plane.gate = promise;
    const put = store.put('a', 0, 'f32', { device: plane });
    store.dropField('a');
    open();
    await put;
    expect(store.has('a', 0)).toBe(false);
    expect(store.use).toEqual({ deviceBytes: 0, hostBytes: 0, scratchBytes: 0 });
    expect(plane.released).toBe(1);
    await expect(store.host('a', 0)).rejects.toThrow("the store has no tile 0 of 'a'");
  });

  test('a lost device takes what lived only there', async () => {
    const { store } = storeOf(64, 64);
    await store.put('a', 0, 'f32', { device: new FakePlane(1) });
    await store.put('a', 1, 'f32', { device: new FakePlane(5) });
    await store.put('a', 2, 'f32', { host: cells(9) });
    await store.host('a', 1); // has a copy now
    expect(store.dropDevice()).toEqual([{ field: 'a', tile: 0 }]);
    expect([0, 1, 2].map((tile) => store.has('a', tile))).toEqual([false, true, true]);
    expect((await store.host('a', 1)).plane).toEqual(cells(5));
    expect(store.use).toEqual({ deviceBytes: 0, hostBytes: 32, scratchBytes: 0 });
  });

  test('a download that fails fails whoever waits; after the loss is known nobody needs it', async () => {
    const { store } = storeOf(0, 64);
    const plane = new FakePlane(1);
    const first = gate();
    plane.gate = first.promise;
    const put = store.put('a', 0, 'f32', { device: plane });
    first.fail(new Error('lost'));
    await expect(put).rejects.toThrow('lost');

    const late = new FakePlane(5);
    const second = gate();
    late.gate = second.promise;
    store.drop('a', 0);
    const again = store.put('a', 1, 'f32', { device: late });
    expect(store.dropDevice()).toEqual([{ field: 'a', tile: 1 }]);
    second.fail(new Error('lost'));
    await again;
    expect(store.has('a', 1)).toBe(false);
  });

  test('a scratch file that cannot be opened fails the put, and closing still works', async () => {
    const store = new FieldStore(tiling, { device: 0, host: 0 }, async () => {
      throw new Error('disk full');
    });
    await expect(store.put('a', 0, 'f32', { host: cells(1) })).rejects.toThrow('disk full');
    await store.close();
  });

  test('close releases everything and disposes of the scratch file once', async () => {
    const { store, scratch } = storeOf(32, 0);
    const planes = [new FakePlane(0), new FakePlane(10), new FakePlane(20)];
    for (const [tile, device] of planes.entries()) await store.put('a', tile, 'f32', { device });
    store.pinDevice('a', 2, 0);
    await store.close();
    expect(planes.map(({ released }) => released)).toEqual([1, 1, 1]);
    expect(scratch.disposed).toBe(1);
    expect(store.use).toMatchObject({ deviceBytes: 0, hostBytes: 0 });
  });
});
