/** Names of the neighbourhoods of a cell, in the order of the parameters that choose one: within a radius, or the cells that touch it. */

export const NEIGHBOURHOODS = ['disc', 'square', 'diamond', 'queen', 'rook'] as const;
export type NeighbourhoodShape = (typeof NEIGHBOURHOODS)[number];

/** Whether the number of a shape is that of one with a radius. */
export function hasRadius(shape: number): boolean {
  return shape < NEIGHBOURHOODS.indexOf('queen');
}
