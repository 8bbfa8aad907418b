/** The page that a run of carbon leaves beside its rasters: totals and arguments. */
import { html } from '../../report/markup.ts';

export interface SummaryPage {
  readonly totals: readonly {
    readonly label: string;
    readonly total: number;
    readonly unit: string;
    readonly file: string;
  }[];
  readonly arguments: readonly (readonly [name: string, value: string])[];
}

const NUMBERS = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });

export function summaryPage({ totals, arguments: given }: SummaryPage): string {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Carbon storage and sequestration</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; color: #222; padding: 0 1rem }
table { border-collapse: collapse; margin-bottom: 2rem }
th, td { text-align: left; padding: .3rem 1rem .3rem 0; border-bottom: 1px solid #ddd; vertical-align: top }
td.number { text-align: right; font-variant-numeric: tabular-nums }
</style>
</head>
<body>
<h1>Carbon storage and sequestration</h1>
<h2>Totals</h2>
<table>
<tr><th>Raster</th><th>Total</th><th>Units</th><th>File</th></tr>
${totals.map(
  ({ label, total, unit, file }) =>
    html`<tr><td>${label}</td><td class="number">${NUMBERS.format(total)}</td><td>${unit}</td><td>${file}</td></tr>
`,
)}</table>
<p>Rasters are per hectare; totals are sums over valid cells times the area of a cell.</p>
<h2>Arguments</h2>
<table>
${given.map(
  ([name, value]) => html`<tr><td>${name}</td><td>${value}</td></tr>
`,
)}</table>
</body>
</html>
`.markup;
}
