/** Where a grid is verified: all of it where it is small, nine windows spread over it where it is large. No two share a cell. */
import type { Window } from '../core/grid.ts';

const WHOLE_GRID_CELLS = 2048 * 2048;
const WINDOW_EDGE = 512;

type Span = readonly [start: number, length: number];

export function windowsOf({ width, height }: { readonly width: number; readonly height: number }): Window[] {
  if (width * height <= WHOLE_GRID_CELLS) return [{ x: 0, y: 0, width, height }];
  const columns = spansOf(width);
  return spansOf(height).flatMap(([y, h]) => columns.map(([x, w]): Window => ({ x, y, width: w, height: h })));
}

/** The first, the middle and the last cells along one side, or all of them in up to three parts where there are no more than those. */
function spansOf(length: number): Span[] {
  if (length > 3 * WINDOW_EDGE)
    return [0, 0.5, 1].map((share) => [Math.round(share * (length - WINDOW_EDGE)), WINDOW_EDGE]);
  const parts = Math.ceil(length / WINDOW_EDGE);
  const start = (part: number) => Math.round((part * length) / parts);
  return Array.from({ length: parts }, (_, part) => [start(part), start(part + 1) - start(part)]);
}
