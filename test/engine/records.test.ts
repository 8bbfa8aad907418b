/** Records: partials of tiles in any order, merged in the order of the tiles. */
import { describe, expect, test } from 'vitest';
import type { Values } from '../../src/core/values.ts';
import { GraphBuilder } from '../../src/engine/graph-builder.ts';
import { type Pass, passesOf } from '../../src/engine/passes.ts';
import { Records } from '../../src/engine/records.ts';
import { statistics } from '../../src/models/statistics/spec.ts';
import { gridOf } from '../support/rasters.ts';

function rangeOfTwo(): Pass {
  const builder = new GraphBuilder(gridOf(4, 4));
  for (const name of ['a', 'b']) builder.source(name, 'f32', { blockWidth: 4, blockHeight: 4 });
  builder.range('both', statistics, ['a', 'b']);
  return passesOf(builder.build())[0];
}

const pass = rangeOfTwo();
const partial = (low: number, high: number): Values => ({ count: 1, low, high });

describe('Records', () => {
  test('do not show in which order the tiles were done', () => {
    const orders = [
      [0, 1, 2],
      [2, 0, 1],
      [1, 2, 0],
    ];
    const found = orders.map((order) => {
      const records = new Records();
      for (const tile of order)
        records.addPartials(
          pass,
          tile,
          new Map([
            ['a#range', partial(-tile, tile)],
            ['b#range', partial(5, 6 + tile)],
          ]),
        );
      records.finishPass(pass);
      return Object.fromEntries(records.all);
    });
    expect(found[0].both).toMatchObject({ count: 6, low: -2, high: 8 });
    expect(found[1]).toEqual(found[0]);
    expect(found[2]).toEqual(found[0]);
  });

  test('are merged tile by tile from the first to the last', () => {
    const seen: number[] = [];
    const records = new Records();
    for (const tile of [3, 10, 2, 1]) {
      const spied = new Proxy(partial(tile, tile), {
        get: (target, name) => {
          if (name === 'low') seen.push(tile);
          return target[name as string];
        },
      });
      records.addPartials(pass, tile, new Map([['a#range', spied]]));
    }
    records.finishPass(pass);
    expect(seen).toEqual([1, 2, 3, 10]);
  });

  test('count a tile that ran twice once', () => {
    const records = new Records();
    for (let i = 0; i < 2; i++) records.addPartials(pass, 0, new Map([['a#range', partial(1, 2)]]));
    records.finishPass(pass);
    expect(records.all.get('both')).toMatchObject({ count: 1, low: 1, high: 2 });
    expect(records.all.get('b#range')).toMatchObject({ count: 0 });
  });

  test('hold no partial whose turn has come', () => {
    const seen: number[] = [];
    const records = new Records();
    for (const visit of [1, 0, 2]) {
      const spied = new Proxy(partial(visit, visit), {
        get: (target, name) => {
          if (name === 'low') seen.push(visit);
          return target[name as string];
        },
      });
      records.addPartials(pass, visit, new Map([['a#range', spied]]));
    }
    expect(seen).toEqual([0, 1, 2]); // before the pass is over
  });

  test('fill the parameters of later stages', () => {
    const records = new Records();
    records.addPartials(pass, 0, new Map([['a#range', partial(1, 7)]]));
    records.finishPass(pass);
    expect(records.resolve({ high: { record: 'both', field: 'high' }, weight: 0.5 })).toEqual({ high: 7, weight: 0.5 });
  });
});
