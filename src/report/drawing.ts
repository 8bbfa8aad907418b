/** What the report is drawn with, for pages that draw the same things live: ramps, scales, legends, tables, charts, numbers in words. */
export { type ClassEntry, classesOf, isClass } from './classes.ts';
export { colourOf } from './colours.ts';
export { keyFigures } from './cover.ts';
export { findingOf } from './finding.ts';
export { formatAmount, formatNumber, formatSeconds, formatShare, prettyUnit, scientific, totalUnit } from './format.ts';
export { colourBar, swatches } from './legend.ts';
export { altText, scaleBar } from './map-panel.ts';
export { type Content, html, type Markup, trusted } from './markup.ts';
export { PAGE_STYLE } from './page-style.ts';
export type { Panel } from './panels.ts';
export { isValid, positionOf, type Scale, scaleOf } from './scale.ts';
export { totalsSection } from './section-totals.ts';
export { blockStarts, table } from './table.ts';
export { serviceTotals, studyArea } from './totals.ts';
