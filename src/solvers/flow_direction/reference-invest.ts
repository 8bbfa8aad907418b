/** Plateaus in InVEST's order (invest-models.md sections 4.2, 4.3), as plainly as the text puts it. */
import { DX, DY } from '../routing/directions.ts';
import type { Directions } from './reference-free.ts';

const DIRECTIONS = [0, 1, 2, 3, 4, 5, 6, 7];
const BLOCK = 256;

export function asInvestMeetsThem(map: Directions): void {
  const { width, height } = map;
  const settled = new Set<number>();
  for (let top = 0; top < height; top += BLOCK)
    for (let left = 0; left < width; left += BLOCK)
      for (let y = top; y < Math.min(top + BLOCK, height); y++)
        for (let x = left; x < Math.min(left + BLOCK, width); x++) {
          const i = y * width + x;
          if (map.codes[i] === 0 && !settled.has(i)) for (const cell of settle(map, i)) settled.add(cell);
        }
}

/** The whole plateau of a cell; gives its cells. */
function settle(map: Directions, root: number): Iterable<number> {
  const { width, level, code, codes, mfd } = map;
  const around = (i: number) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const same = (d: number) => level(x + DX[d], y + DY[d]) === level(x, y);
    return DIRECTIONS.filter(same).map((d) => ({ d, n: i + DY[d] * width + DX[d] }));
  };
  const cells = new Set([root]);
  for (const i of cells) for (const { n } of around(i)) cells.add(n);
  const outside = (i: number) =>
    DIRECTIONS.filter((d) => level((i % width) + DX[d], Math.floor(i / width) + DY[d]) === undefined);
  let drains = [...cells].filter((i) => codes[i] !== 0);
  if (drains.length === 0) {
    drains = [...cells].filter((i) => outside(i).length > 0);
    // D8: one takes the place of the one before, as long as that is diagonal.
    const last = (ways: number[]) => ways.reduce((before, d) => (before % 2 ? d : before));
    for (const i of drains) codes[i] = code(mfd ? outside(i) : [last(outside(i))]);
  }
  const distance = new Map<number, number>(drains.map((i) => [i, 0]));
  const queue = [...drains];
  for (const i of queue)
    for (const { d, n } of around(i)) {
      const through = distance.get(i)! + (d % 2 ? Math.SQRT2 : 1);
      if ((distance.get(n) ?? Number.POSITIVE_INFINITY) <= through) continue;
      distance.set(n, through);
      if (!mfd) codes[n] = code([(d + 4) % 8]);
      queue.push(n);
    }
  if (mfd)
    for (const i of cells) {
      const here = distance.get(i);
      if (!here) continue; // a drain, or no way to one
      const nearer = around(i).filter(({ n }) => distance.get(n)! < here);
      codes[i] = code(nearer.map(({ d }) => d));
    }
  return cells;
}
