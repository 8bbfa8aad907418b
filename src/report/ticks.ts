/** Round numbers for axes, legends and scale bars. */

/** Multiples of 1, 2, 2.5 or 5 × 10ⁿ inside [min, max], about `count` of them. */
export function linearTicks(min: number, max: number, count = 5): number[] {
  if (!(max > min) || !Number.isFinite(max - min)) return [min];
  const step = roundStep((max - min) / Math.max(1, count));
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => tidy((first + i) * step));
}

/** Axis for bars: ticks from a round number at or below min (and 0) to one at or above max. */
export function axisTicks(min: number, max: number, count = 4): number[] {
  const low = Math.min(0, min);
  const high = Math.max(0, max);
  if (high === low) return [0, 1];
  const step = roundStep((high - low) / count);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => tidy((first + i) * step));
}

/** Powers of ten inside [min, max], with 2 and 5 (or 3) between where they are few, every second or third where many. */
export function logTicks(min: number, max: number, count = 6): number[] {
  if (!(min > 0) || !(max > min)) return [min];
  const low = Math.floor(Math.log10(min));
  const high = Math.ceil(Math.log10(max));
  const inside = (ticks: number[]) => ticks.filter((tick) => tick >= min * (1 - 1e-9) && tick <= max * (1 + 1e-9));
  for (const factors of [[1, 2, 5], [1, 3], [1]]) {
    const ticks: number[] = [];
    for (let power = low; power <= high; power++) for (const factor of factors) ticks.push(tidy(factor * 10 ** power));
    const found = inside(ticks);
    if (found.length <= count && found.length >= 2) return found;
  }
  const decades = inside(Array.from({ length: high - low + 1 }, (_, i) => tidy(10 ** (low + i))));
  if (decades.length < 2) return linearTicks(min, max, count);
  const stride = Math.ceil(decades.length / count);
  return decades.filter((_, i) => i % stride === 0);
}

/** The longest of 1, 2, 5 × 10ⁿ that is not longer than `length`. */
export function roundLength(length: number): number {
  if (!(length > 0) || !Number.isFinite(length)) return 0;
  const power = 10 ** Math.floor(Math.log10(length) + 1e-12);
  const factor = [5, 2, 1].find((candidate) => candidate * power <= length * (1 + 1e-9)) ?? 1;
  return tidy(factor * power);
}

function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= rough * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Without the dust of binary fractions: 0.30000000000000004 → 0.3; no −0. */
function tidy(value: number): number {
  return Number(value.toPrecision(12)) + 0;
}
