/** The style sheet of the page: light, for screens from phones to projectors and for paper. */
import { FLOW_STYLE } from './flow/style.ts';
import { STEP_STYLE } from './page-style-steps.ts';

export const PAGE_STYLE = `
:root { --ink: #16212b; --soft: #556472; --rule: #dbe2e7; --wash: #f4f7f8; --accent: #12505e; --good: #146c43; --bad: #b02a37;
  --sans: "Inter", "Segoe UI", -apple-system, BlinkMacSystemFont, Roboto, "Noto Sans", "Helvetica Neue", "Liberation Sans", Arial, "DejaVu Sans Condensed", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace; }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 24px; }
body { margin: 0; color: var(--ink); background: #fff; font: 15px/1.55 var(--sans); -webkit-text-size-adjust: 100%; }
.page { display: grid; grid-template-columns: 208px minmax(0, 1080px); column-gap: 56px; justify-content: center; padding: 0 32px; }
nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow: auto; padding: 56px 0 24px; font-size: 13px; line-height: 1.35; }
nav b { display: block; margin: 0 0 12px 14px; font-size: 12px; letter-spacing: .06em; text-transform: uppercase; color: var(--soft); }
nav ol { list-style: none; margin: 0; padding: 0; }
nav a { display: block; padding: 5px 0 5px 12px; border-left: 2px solid var(--rule); color: var(--soft); text-decoration: none; }
nav ol ol a { padding-left: 26px; }
nav a:hover { color: var(--ink); }
nav a[aria-current] { color: var(--accent); border-color: var(--accent); font-weight: 600; }
main { padding: 56px 0 64px; min-width: 0; }
h1, h2, h3, h4, p, figure, ul, ol, dl, dd { margin: 0; padding: 0; }
h1 { font-size: 40px; line-height: 1.12; letter-spacing: -.018em; font-weight: 700; text-wrap: balance; }
h2 { font-size: 25px; line-height: 1.2; letter-spacing: -.01em; margin-bottom: 14px; }
h3 { font-size: 18px; line-height: 1.3; }
h4 { font-size: 15px; line-height: 1.4; }
a { color: var(--accent); }
a:focus-visible, .scroll:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
code { font: .88em/1.5 var(--mono); }
.cover { display: grid; grid-template-columns: minmax(0, 1fr) 300px; gap: 48px; align-items: center; margin-bottom: 36px; }
.kicker { font-size: 13px; font-weight: 600; letter-spacing: .04em; color: var(--accent); margin-bottom: 14px; }
.finding { font-size: 17.5px; line-height: 1.55; margin: 20px 0 22px; max-width: 66ch; }
.facts { list-style: none; display: flex; flex-wrap: wrap; gap: 6px 24px; font-size: 13.5px; color: var(--soft); }
.facts b { color: var(--ink); }
.place img { display: block; width: 100%; height: auto; max-height: 380px; object-fit: contain; }
.place figcaption { text-align: center; font-size: 12.5px; color: var(--soft); margin-top: 8px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr)); gap: 20px; margin-bottom: 64px; }
.tile { border: 1px solid var(--rule); border-top: 4px solid var(--rule); border-radius: 4px; padding: 18px 22px 16px; }
.tile.surplus { border-top-color: ${'#2f78a8'}; } .tile.deficit { border-top-color: ${'#b9641f'}; }
.big { display: flex; align-items: baseline; flex-wrap: wrap; gap: 0 12px; font-size: 44px; line-height: 1.2; font-weight: 700; letter-spacing: -.02em; margin: 6px 0 8px; }
.big span { font-size: 14px; font-weight: 400; letter-spacing: 0; color: var(--soft); }
.pair { display: grid; grid-template-columns: 62px minmax(40px, 1fr) auto; gap: 12px; align-items: center; font-size: 13.5px; line-height: 1.7; }
.rail { display: block; height: 10px; background: var(--wash); } .rail i { display: block; height: 100%; background: #6b8794; }
dl div { display: flex; justify-content: space-between; gap: 16px; padding: 5px 0; border-top: 1px solid var(--rule); font-size: 13.5px; }
.tile dl { margin-top: 12px; }
dt { color: var(--soft); } dd { font-weight: 600; text-align: right; }
.code { margin-left: 8px; padding: 1px 7px; border-radius: 3px; background: var(--wash); color: var(--soft); font: 600 12px/1.6 var(--sans); vertical-align: 1px; }
.part { padding-top: 28px; margin-bottom: 56px; border-top: 1px solid var(--rule); }
.part > p, .service > p, .keyline p { max-width: 78ch; }
.part > p { margin-bottom: 18px; }
.keyline { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 8px 32px; align-items: center; margin-bottom: 16px; }
.charts, .models-grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 20px; margin-bottom: 24px; }
.card { border: 1px solid var(--rule); border-radius: 4px; padding: 16px 20px; margin-bottom: 0; min-width: 0; }
.card + .scroll { margin-top: 24px; }
.card > figcaption { display: flex; justify-content: space-between; flex-wrap: wrap; gap: 2px 16px; margin-bottom: 10px; }
.card > figcaption span { color: var(--soft); font-size: 13.5px; }
.chart { display: block; width: 100%; height: auto; font-size: 12px; overflow: visible; } .chart text { fill: var(--ink); }
.chart .grid { stroke: var(--rule); } .chart .axis { stroke: var(--ink); stroke-width: 1.2; }
.chart .soft, .legend .soft { fill: var(--soft); color: var(--soft); } .chart .year { font-weight: 600; font-size: 13px; }
.chart .value { font-weight: 600; font-size: 12.5px; } .chart .change { fill: var(--soft); font-size: 11px; }
.charts .chart { max-width: 560px; margin: 0 auto; } .land.single { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 20px; align-items: start; } .land .card { margin: 24px 0; } .land.single .card { margin-top: 0; } .land.single .panel { margin: 0; } .shares { font-size: 15px; } .shares .year { font-size: 15px; } .shares .piece { stroke: #fff; stroke-width: 1.5; }
.service + .service { margin-top: 44px; } .service h3 { margin-bottom: 4px; }
.models { color: var(--soft); margin-bottom: 14px; }
.small { font-size: 13px; color: var(--soft); margin-top: 12px; max-width: 88ch; }
.panel { border: 1px solid var(--rule); border-radius: 4px; padding: 18px 20px 14px; margin-bottom: 20px; min-width: 0; }
.panel header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 14px; margin-bottom: 12px; } .panel header p { font-size: 13.5px; color: var(--soft); }
.maps { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 250px), 1fr)); gap: 20px 24px; }
@media (min-width: 620px) { .maps:has(> :nth-child(4):last-child) { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
@media (min-width: 1100px) { .maps:has(> :nth-child(4):last-child) { grid-template-columns: repeat(4, minmax(0, 1fr)); } }
.map:only-child { max-width: 560px; width: 100%; justify-self: start; grid-column: 1 / -1; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 310px), 1fr)); gap: 20px; } .panels .panel { margin: 0; } .panels .panel:not(.many) { display: grid; grid-template-rows: subgrid; grid-row: span 3; row-gap: 0; } .panel.many { grid-column: 1 / -1; }
.frame { position: relative; line-height: 0; } .frame img { width: 100%; height: auto; }
.nothing { position: absolute; inset: 0; display: grid; place-items: center; line-height: 1.4; color: var(--soft); background: var(--wash); }
.cross { display: none; position: absolute; width: 13px; height: 13px; margin: -7px 0 0 -7px; border: 2px solid #fff; border-radius: 50%; box-shadow: 0 0 0 1.5px var(--ink); pointer-events: none; z-index: 1; }
.cross b { position: absolute; left: -6px; bottom: 16px; padding: 3px 8px; border-radius: 3px; background: var(--ink); color: #fff; font: 600 12.5px/1.35 var(--sans); white-space: nowrap; } .cross.left b { left: auto; right: -6px; } .cross.below b { bottom: auto; top: 16px; }
.map figcaption { display: flex; align-items: baseline; flex-wrap: wrap; gap: 0 10px; padding-top: 7px; font-size: 13px; line-height: 1.45; }
.map figcaption p { flex: 0 0 100%; display: flex; align-items: baseline; justify-content: space-between; gap: 10px; } .map figcaption a { margin-left: auto; font-size: 12px; }
.under { display: flex; justify-content: space-between; gap: 12px; line-height: 1.6; } .readout { min-height: 1.5em; font-size: 13px; font-weight: 600; color: var(--accent); }
.map .year { font-weight: 700; font-size: 15px; } .map .total { color: var(--soft); }
.scalebar { margin-left: auto; border: 1.5px solid var(--ink); border-top: 0; height: 7px; position: relative; align-self: center; }
.scalebar span { position: absolute; right: calc(100% + 7px); bottom: -4px; white-space: nowrap; font-size: 12px; line-height: 1.2; }
.legend { display: flex; align-items: flex-start; align-content: flex-start; gap: 6px 14px; flex-wrap: wrap; margin-top: 10px; }
.legend svg { overflow: visible; width: 340px; max-width: 100%; height: auto; font-size: 12px; margin-left: -10px; } .legend svg text { fill: var(--ink); } .legend svg .soft { fill: var(--soft); font-size: 11px; }
.legend .edge { fill: none; stroke: var(--ink); stroke-opacity: .35; } .legend .end { stroke: var(--ink); stroke-opacity: .35; stroke-linejoin: round; } .legend .tick { stroke: var(--ink); }
.unit { font-size: 13px; line-height: 1.45; font-weight: 600; } .unit .soft { font-weight: 400; }
.swatches { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 13.5px; }
.swatch { display: inline-block; width: 14px; height: 14px; margin-right: 7px; vertical-align: -2px; border-radius: 2px; box-shadow: inset 0 0 0 1px rgb(0 0 0 / .18); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: 13px; line-height: 1.4; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; font-size: 14px; padding: 0 0 8px; }
th, td { text-align: left; padding: 6px 18px 6px 0; vertical-align: top; } th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--soft); font-weight: 600; font-size: 12px; border-bottom: 1.5px solid var(--ink); vertical-align: bottom; }
tbody th { font-weight: 600; } tbody tr { border-bottom: 1px solid var(--rule); } tbody tr.block { border-top: 2px solid #9fb0bb; }
.number { text-align: right; white-space: nowrap; } thead .number { white-space: normal; }
.tight { white-space: nowrap; } td.wide, th.wide { width: 30%; } .path { overflow-wrap: anywhere; } .sum { display: block; width: 33ch; font-size: 11px; line-height: 1.35; overflow-wrap: anywhere; color: var(--soft); }
.tag { padding: 1px 7px; border-radius: 3px; font-size: 12px; background: var(--wash); color: var(--soft); white-space: nowrap; } .tag.set { background: #dff0ee; color: #0f4a50; }
.good { color: var(--good); font-weight: 700; white-space: nowrap; } .bad { color: var(--bad); font-weight: 700; white-space: nowrap; }
.notice { padding: 12px 16px; background: var(--wash); border-left: 4px solid var(--rule); margin-bottom: 18px; }
.equations { list-style: none; margin: 8px 0 10px; } .equations li { padding: 6px 12px; margin-bottom: 4px; background: var(--wash); overflow-wrap: anywhere; white-space: pre-wrap; }
.two { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 7fr); gap: 32px; align-items: start; } .facts-list div:first-child { border-top: 0; }
pre { font: 12px/1.5 var(--mono); overflow: auto; max-height: 420px; padding: 12px 16px; background: var(--wash); } details { margin-top: 18px; } summary { cursor: pointer; font-weight: 600; }
.empty { color: var(--soft); } .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
footer { border-top: 1px solid var(--rule); padding-top: 16px; font-size: 12.5px; color: var(--soft); }
@media (max-width: 1080px) {
  .page { display: block; max-width: 1000px; margin: 0 auto; padding: 0 24px; }
  nav { z-index: 2; display: flex; align-items: center; padding: 0; margin: 0 -24px; background: rgb(255 255 255 / .97); border-bottom: 1px solid var(--rule); overflow-x: auto; }
  nav b { display: none; } nav ol { display: flex; padding: 0 12px; } nav ol ol { display: none; }
  nav a { white-space: nowrap; border: 0; border-bottom: 3px solid transparent; padding: 11px 12px 9px; }
  main { padding-top: 36px; } html { scroll-padding-top: 64px; } h1 { font-size: 34px; } .cover { grid-template-columns: minmax(0, 1fr) 220px; gap: 28px; }
  .maps { grid-template-columns: repeat(auto-fill, minmax(min(100%, 200px), 1fr)); gap: 16px; } .two { grid-template-columns: minmax(0, 1fr); }
  table { font-size: 12.5px; } th, td { padding-right: 11px; }
}
@media (max-width: 620px) { .cover { grid-template-columns: minmax(0, 1fr); } .place { max-width: 300px; } h1 { font-size: 28px; } .page { padding: 0 16px; } nav { margin: 0 -16px; } }
@media print {
  @page { size: A4; margin: 14mm; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { font-size: 10.5pt; } .page { display: block; padding: 0; } nav { display: none; } main { padding: 0; } .screen, .map figcaption a { display: none; }
  .tile, .card, figure, tr, .legend, .notice { break-inside: avoid; } .panels { display: block; } .panels .panel { break-inside: avoid; margin-bottom: 5mm; } h2, h3, h4, caption, .keyline, .models, .part > p { break-after: avoid; }
  .maps { grid-template-columns: repeat(auto-fill, minmax(52mm, 1fr)); gap: 4mm; } .scroll { overflow: visible; } table { font-size: 8pt; } .part { margin-bottom: 8mm; }
  .cover { grid-template-columns: minmax(0, 1fr) 60mm; } h1 { font-size: 24pt; } .finding { font-size: 11.5pt; } .charts { grid-template-columns: 1fr 1fr; }
}${FLOW_STYLE}${STEP_STYLE}`;
