/** Where a grid is verified: all of it where it is small, nine windows spread over it where it is large. No two share a cell. */
import type { Window } from '../core/grid.ts';

interface Measure {
  /** Of a grid that is verified as a whole: cells. */
  readonly whole: number;
  /** Cells along the edge of a window. */
  readonly edge: number;
  /** Where windows lie along a side: shares of what is left beside one. */
  readonly places: readonly [number, number, number];
}

/** Edges of the grid are places where windows of stages end. */
const STAGES: Measure = { whole: 2048 * 2048, edge: 512, places: [0, 0.5, 1] };
/** Definitions of operators look at the whole window again and again, and corners of a grid often lie outside of what is studied. */
const OPERATORS: Measure = { whole: 256 * 256, edge: 96, places: [1 / 6, 0.5, 5 / 6] };

/** @param operators whether global operators are among what is verified */
export function windowsOf(
  { width, height }: { readonly width: number; readonly height: number },
  operators = false,
): Window[] {
  const measure = operators ? OPERATORS : STAGES;
  if (width * height <= measure.whole) return [{ x: 0, y: 0, width, height }];
  const columns = spansOf(width, measure);
  return spansOf(height, measure).flatMap(([y, h]) => columns.map(([x, w]): Window => ({ x, y, width: w, height: h })));
}

type Span = readonly [start: number, length: number];

/** Three windows along one side, or all cells in parts where these would meet. */
function spansOf(length: number, { edge, places }: Measure): Span[] {
  if ((places[1] - places[0]) * (length - edge) >= edge)
    return places.map((share) => [Math.round(share * (length - edge)), edge]);
  const parts = Math.ceil(length / edge);
  const start = (part: number) => Math.round((part * length) / parts);
  return Array.from({ length: parts }, (_, part) => [start(part), start(part + 1) - start(part)]);
}
