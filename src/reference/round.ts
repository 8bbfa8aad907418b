/** Rounding as WGSL's `round` does it: halves go to the even neighbour. */
export function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  const part = x - below;
  if (part !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}
