/** The bins of hot and cold spots as the report draws them where no map says how: −3 … 3, cold below 0. */
import type { ClassEntry } from './classes.ts';
import type { Panel } from './panels.ts';

const COLOURS = [
  [37, 88, 160],
  [103, 155, 208],
  [184, 210, 235],
  [238, 238, 232],
  [250, 205, 184],
  [233, 132, 100],
  [189, 41, 38],
] as const;
const CONFIDENCE = ['90 %', '95 %', '99 %'];

/** Cold, neither, hot, in the order of the bins. */
export const SIDES = ['Cold spot', 'Not significant', 'Hot spot'] as const;
export const [COLD, NEITHER, HOT] = [0, 1, 2];
export const SIDE_COLOURS = [COLOURS[1], [150, 162, 172], COLOURS[5]] as const;

export function sideOf(bin: number): number {
  return Math.sign(bin) + 1;
}

/** All seven bins, named and coloured as the maps do. */
export function binsOf(panel: Panel | undefined): ClassEntry[] {
  return COLOURS.map(([red, green, blue], place) => {
    const code = place - 3;
    const own = panel?.classes?.find((entry) => entry.code === code);
    if (own) return own;
    const name =
      code === 0 ? 'not significant' : `${code < 0 ? 'cold' : 'hot'} spot, ${CONFIDENCE[Math.abs(code) - 1]}`;
    return { code, name, colour: [red, green, blue, 255] };
  });
}
