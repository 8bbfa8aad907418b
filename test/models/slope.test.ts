/** Steps (1)-(4) of slope, by hand: planes, edges, holes, and places with few neighbours. */
import { NODATA } from '../../src/core/cells.ts';
import { entry } from '../../src/models/slope/reference.ts';
import { describeModel } from '../support/describe-model.ts';

const N = NODATA;
const _ = undefined; // not worked out
const cell = [10, 10] as const;
const all = (count: number, value: number) => new Array<number>(count).fill(value);

describeModel(entry, {
  worked: [
    {
      about: 'a plane has one slope, at its edges and corners too: 10 m in 10 m east',
      inputs: { dem: [0, 10, 20, 30, 0, 10, 20, 30, 0, 10, 20, 30] },
      width: 4,
      cell,
      outputs: { slope: all(12, 100) },
    },
    {
      about: '3 in 10 east and 8 in 20 south: √(0.3² + 0.4²) = 50 %',
      inputs: { dem: [0, 3, 6, 8, 11, 14, 16, 19, 22] },
      width: 3,
      cell: [10, 20],
      outputs: { slope: all(9, 50) },
    },
    {
      about:
        'Horn’s weights: dz/dx = (−20 − 60 − 60)/80, dz/dy = (10 + 10 − 30)/80 in the middle, whose own height does not count',
      inputs: { dem: [10, 20, 30, 5, 50, 35, 0, 15, 60] },
      width: 3,
      cell,
      outputs: { slope: [_, _, _, _, 175.445861, _, _, _, _] },
    },
    {
      about: 'flat is 0, on the sea and on a mountain',
      inputs: { dem: all(9, 8848) },
      width: 3,
      cell,
      outputs: { slope: all(9, 0) },
    },
    { about: 'a single cell has no slope', inputs: { dem: [123] }, cell, outputs: { slope: [0] } },
    { about: 'a single cell without elevation', inputs: { dem: [N] }, cell, outputs: { slope: [N] } },
    {
      about: 'a row of cells: one-sided at its ends, over two cells between them',
      inputs: { dem: [0, 5, 20] },
      cell,
      outputs: { slope: [50, 100, 150] },
    },
    {
      about: 'a column of cells, 5 m high each',
      inputs: { dem: [0, 5, 20] },
      width: 1,
      cell: [10, 5],
      outputs: { slope: [100, 200, 300] },
    },
    {
      about: 'a cell with only a corner left: √2 · 7 / 10 both ways, 140 %',
      inputs: { dem: [0, N, N, 7] },
      width: 2,
      cell,
      outputs: { slope: [140, N, N, 140] },
    },
    {
      about: 'an island has no slope; holes are nodata',
      inputs: { dem: [N, N, N, N, 5, N, N, N, N] },
      width: 3,
      cell,
      outputs: { slope: [N, N, N, N, 0, N, N, N, N] },
    },
    {
      about: 'a hole to the left of the middle, and below the corner, which sees the middle only as its own corner',
      // Middle: dz/dx = (−40 − 20 − 20)/60, dz/dy = 20/80. Corner: dz/dx = (−20 − 10√2)/30, dz/dy = 0.
      inputs: { dem: [0, 10, 40, N, 10, 20, 0, 10, 20] },
      width: 3,
      cell,
      outputs: { slope: [113.807119, _, _, N, 135.656845, _, _, _, _] },
    },
  ],
});
