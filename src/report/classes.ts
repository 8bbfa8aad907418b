/** Classes of categorical maps: which occur, what they are called and coloured, and what share of the valid area each has. */
import { NODATA_CODE } from '../core/cells.ts';
import { classColour } from './colours.ts';
import type { ReportMap, Rgba } from './data.ts';

export interface ClassEntry {
  readonly code: number;
  readonly name: string;
  readonly colour: Rgba;
}

/** The classes that occur in any of the maps, by code. */
export function classesOf(maps: readonly ReportMap[]): ClassEntry[] {
  const codes = new Set<number>();
  for (const map of maps) for (const code of sharesOf(map).keys()) codes.add(code);
  const named = maps.find((map) => map.classNames)?.classNames ?? {};
  const palette = maps.find((map) => map.palette)?.palette ?? {};
  return [...codes]
    .sort((a, b) => a - b)
    .map((code, order) => ({
      code,
      name: named[code] ?? `class ${code}`,
      colour: opaque(palette[code] ?? classColour(order)),
    }));
}

/** Palettes without alpha are opaque. */
function opaque([red, green, blue, alpha = 255]: readonly number[]): Rgba {
  return [red, green, blue, alpha];
}

/** Share of the valid area, 0..1, by class; empty for a map without a valid cell. */
export function sharesOf(map: ReportMap): ReadonlyMap<number, number> {
  if (map.classCells)
    return sharesAmong(new Map(Object.entries(map.classCells).map(([c, cells]) => [Number(c), cells])));
  let shares = counted.get(map);
  if (!shares) {
    shares = countShares(map.cells);
    counted.set(map, shares);
  }
  return shares;
}

const counted = new WeakMap<ReportMap, ReadonlyMap<number, number>>();

function countShares(cells: ArrayLike<number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (let i = 0; i < cells.length; i++) if (isClass(cells[i])) counts.set(cells[i], (counts.get(cells[i]) ?? 0) + 1);
  return sharesAmong(counts);
}

function sharesAmong(counts: ReadonlyMap<number, number>): Map<number, number> {
  const all = [...counts.values()].reduce((sum, cells) => sum + cells, 0);
  return new Map([...counts].map(([code, cells]) => [code, cells / all]));
}

/** A cell that holds a class code, whether the plane is u32, or f32 where codes may be negative. */
export function isClass(code: number): boolean {
  return Math.abs(code) < NODATA_CODE;
}
