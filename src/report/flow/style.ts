/** Style of the section on flow: Sankey diagrams, arrows over maps, lines. */

export const FLOW_STYLE = `
.story { margin-bottom: 14px; } .service > .charts.flow-charts { margin: 20px 0 24px; align-items: start; } .flow-charts .small { margin-top: 8px; }
.flow-charts > .card > .chart { max-width: 560px; } .flow-charts.three { grid-template-columns: repeat(auto-fit, minmax(min(100%, 310px), 1fr)); }
.flow-overview + .service { margin-top: 44px; }
.flowchart { font-size: 13px; } .flowchart .name { paint-order: stroke; stroke: #fff; stroke-width: 3.2px; stroke-linejoin: round; font-weight: 600; } .flowchart .part-of { font-weight: 400; }
.flowchart .band { opacity: .5; } .flowchart .band:hover { opacity: .85; }
.flowchart .backdrop { filter: grayscale(1) brightness(1.15); opacity: .28; } .flowchart .dot { stroke: #fff; stroke-width: 1.2; }
.flowchart .casing { stroke: #fff; fill: none; opacity: .75; } .flowchart .arrow { opacity: .9; } .flowchart .width-key { stroke: var(--soft); fill: none; }
.within { display: inline-block; padding-left: 14px; font-weight: 400; } .flow-amounts tbody th { min-width: 11em; } td .part-of { display: inline-block; min-width: 3.6em; color: var(--soft); }
.remarks { list-style: disc; padding-left: 20px; }
@media (max-width: 620px) { .flowchart { font-size: 14px; } .lines { font-size: 15px; } .flow-charts .card { padding: 14px; } }
@media print { .flow-charts { grid-template-columns: 1fr 1fr; } }
`;
