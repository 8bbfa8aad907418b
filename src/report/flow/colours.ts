/** Colours of what becomes of supply and of how demand is met: dark to light, so that they differ in grey too. */
import { colourOf, hexOf, type Rgb } from '../colours.ts';

export const FLOW_COLOURS = {
  local: colourOf('supply', 0.82),
  delivered: colourOf('supply', 0.5),
  spill: colourOf('balance', 0.2),
  lost: [122, 131, 139],
  residual: colourOf('supply', 0.14),
  unmet: colourOf('demand', 0.58),
} as const satisfies Readonly<Record<string, Rgb>>;

/** Zones that are gathered, or lie outside. */
export const OTHER_COLOUR: Rgb = [140, 152, 162];

/** Lines of years: the later the darker. */
export function yearColour(order: number, count: number): string {
  return hexOf(colourOf('plain', count < 2 ? 0.75 : 0.35 + (0.6 * order) / (count - 1)));
}
