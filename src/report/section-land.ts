/** Land cover: maps, shares as stacked bars, and the table of shares with their changes. */
import { sharesOf } from './classes.ts';
import { formatShare, signedFixed } from './format.ts';
import { mapPanel } from './map-panel.ts';
import { type Content, html } from './markup.ts';
import type { Panel } from './panels.ts';
import type { Section } from './section.ts';
import { sharesChart } from './shares.ts';
import { table } from './table.ts';

export function landCoverSection(panel: Panel): Section {
  const { classes = [], maps } = panel;
  const years = maps.map((map) => map.year ?? map.title);
  const change = maps.length > 1;
  const shares = maps.map(sharesOf);
  const rows = classes.map(({ code, name, colour }): Content[] => {
    const values = shares.map((share) => share.get(code) ?? 0);
    const points = 100 * (values[values.length - 1] - values[0]);
    return [
      html`<span class="swatch" style="background:rgb(${colour.slice(0, 3).join(' ')})"></span>${name}`,
      ...values.map((value) => formatShare(value, 1)),
      ...(change ? [signedFixed(points, 1)] : []),
    ];
  });
  return {
    id: 'land-cover',
    title: 'Land cover',
    body: html`<div class="land${!change && ' single'}">${mapPanel(panel, { plain: true })}
<div><figure class="card"><figcaption><b>Shares of the study area</b></figcaption>${sharesChart(maps, classes)}</figure>
${table({
  caption: 'Land cover by year',
  columns: [
    { head: 'Class' },
    ...years.map((year) => ({ head: year, numeric: true })),
    ...(change ? [{ head: 'Change, percentage points', numeric: true }] : []),
  ],
  rows,
})}</div></div>`,
  };
}
