/** Class shares by year as stacked bars, one bar a year. */
import { type ClassEntry, sharesOf } from './classes.ts';
import type { ReportMap } from './data.ts';
import type { Markup } from './markup.ts';
import { stackedBars } from './stacked-bars.ts';

/** @param what the classes are, for those who do not see the bars. */
export function sharesChart(
  maps: readonly ReportMap[],
  classes: readonly ClassEntry[],
  what = 'Shares of the land-cover classes by year',
): Markup {
  const bars = maps.map((map) => {
    const shares = sharesOf(map);
    const pieces = classes.map(({ code, name, colour }) => ({ name, colour, share: shares.get(code) ?? 0 }));
    return { name: String(map.year ?? ''), pieces };
  });
  return stackedBars(bars, what);
}
