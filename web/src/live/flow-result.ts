/** A flow on the page: its amounts, who sends and who receives, and one more map. */
import { drawing, type FlowReport, NODATA_CODE, type ReportMap } from '../../../src/index.ts';
import { keepEdges } from '../view/edges.ts';
import { mapPanel } from '../view/map-panel.ts';
import { MAP_TITLES } from './flow-form.ts';
import { FLOW, type FlowMap, type FlowResult } from './flow-run.ts';
import { cellMetres, lengthInWords } from './lengths.ts';

const { formatAmount, formatNumber, formatSeconds, formatShare, html, prettyUnit, scaleOf, totalUnit } = drawing;

const CODES = Object.keys(FLOW.outputs.role.classNames!).map(Number);

/** What is told of the amounts: quantity of the report, its name, and what its share is a share of. */
const FIGURES = [
  ['local', 'Used where it is', 'of supply'],
  ['delivered', 'Delivered', 'of supply'],
  ['residual', 'Left over', 'of supply'],
  ['spill', 'Leaves the region', 'of supply'],
  ['lost', 'Lost on the way', 'of supply'],
  ['unmet', 'Demand not met', 'of demand'],
] as const;

/** Nothing is lost on the way or leaves the region where a service goes all around, as it does here. */
const DOWN_ONLY: readonly string[] = ['spill', 'lost'];

export type Download = (map: ReportMap, grid: FlowResult['grid']) => Promise<void>;

/** @returns a sentence for the line that says how things stand */
export function showFlow(place: HTMLElement, result: FlowResult, wanted: FlowMap, download: Download): string {
  const { report, seconds, place: where, grid } = result;
  const summary = document.createElement('div');
  summary.innerHTML = html`<h3>${titleOf(result)}</h3>${figures(result)}
${report.remarks.length > 0 && html`<p class="notice">${report.remarks.join('; ')}.</p>`}`.markup;
  const maps = document.createElement('div');
  maps.className = 'panels';
  const save = (map: ReportMap) => download(map, grid);
  maps.append(rolePanel(result, save), amountPanel(result, wanted, save));
  place.replaceChildren(summary, maps);
  keepEdges(place);
  return `${formatSeconds(seconds)} ${where}, ${grid.width} × ${grid.height} cells. ${sentenceOf(report)}`;
}

function titleOf({ request, unit }: FlowResult): string {
  const { source, mode, maxDistance, retention } = request;
  const what =
    source.kind === 'own'
      ? source.names.supply
      : `${source.sample.services.find(({ code }) => code === source.service)!.name} ${source.year}`;
  const way =
    mode === 'directional'
      ? `down the slope${retention > 0 ? `, ${formatNumber(100 * retention)} % lost in each cell` : ''}`
      : `all around, ${maxDistance === undefined ? 'any distance' : `at most ${lengthInWords(maxDistance)}`}`;
  const shown = prettyUnit(totalUnit(unit));
  return `${what}: ${way}${shown && ` (${shown})`}`;
}

function figures({ report, unit, meanDistance, request }: FlowResult): drawing.Markup {
  const down = request.mode === 'directional';
  const shown = FIGURES.filter(([quantity]) => down || !DOWN_ONLY.includes(quantity));
  const items = shown.map(([quantity, name, of]) => {
    const { amount, share } = rowOf(report, quantity);
    return html`<div data-quantity="${quantity}" data-amount="${amount}"><dt>${name}</dt><dd><b>${formatShare(share)}</b> <span>${of}</span><small>${formatAmount(amount, totalUnit(unit))}</small></dd></div>`;
  });
  const mean =
    meanDistance !== undefined &&
    html`<div data-quantity="mean_distance" data-amount="${meanDistance}"><dt>Mean way</dt><dd><b>${lengthInWords(Number(meanDistance.toPrecision(3)))}</b><small>of what was delivered</small></dd></div>`;
  return html`<dl class="figures">${items}${mean}</dl>`;
}

function sentenceOf(report: FlowReport): string {
  const [delivered, unmet] = (['delivered', 'unmet'] as const).map((quantity) =>
    formatShare(rowOf(report, quantity).share),
  );
  return `${delivered} of the supply is delivered, ${unmet} of the demand is not met.`;
}

function rowOf({ rows }: FlowReport, quantity: string): { amount: number; share: number } {
  return rows.find((row) => row.quantity === quantity)!;
}

function mapOf({ grid, unit, planes, request }: FlowResult, quantity: FlowMap | 'role', title: string): ReportMap {
  const classes = quantity === 'role';
  const { centre, classNames, colours } = FLOW.outputs[quantity];
  return {
    id: `flow/${quantity}${request.maxDistance === undefined ? '' : `_${request.maxDistance}m`}`,
    title,
    quantity,
    unit: classes ? '1' : unit,
    kind: classes ? 'classes' : 'quantity',
    diverging: centre !== undefined,
    centre,
    width: grid.width,
    height: grid.height,
    cells: planes[quantity],
    cellMetres: cellMetres(grid) ?? 0,
    classNames,
    palette:
      colours && Object.fromEntries(Object.entries(colours).map(([code, rgb]) => [code, [...rgb, 255] as const])),
  };
}

/** All roles stand in the legend, whether they occur or not: it does not move under the slider. */
function rolePanel(result: FlowResult, save: (map: ReportMap) => Promise<void>): HTMLElement {
  const map = mapOf(result, 'role', 'Who sends and who receives');
  const classes = CODES.map((code) => ({ code, name: map.classNames![code], colour: map.palette![code] }));
  const shares = sharesOf(map.cells);
  const share = (code: number) => formatShare(shares.get(code) ?? 0);
  const note = () => `served ${share(3)}, unserved ${share(4)}`;
  return mapPanel([map], { id: 'flow-role', title: map.title, classes, note }, save);
}

/** Balances are coloured as the balance before any flow, so that one distance can be seen beside another. */
function amountPanel(result: FlowResult, wanted: FlowMap, save: (map: ReportMap) => Promise<void>): HTMLElement {
  const map = mapOf(result, wanted, MAP_TITLES[wanted]);
  const scale = wanted === 'balance_dynamic' ? scaleOf([mapOf(result, 'balance_static', '')]) : undefined;
  return mapPanel([map], { id: 'flow-amount', title: map.title, scale }, save);
}

function sharesOf(roles: ArrayLike<number>): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  let valid = 0;
  for (let i = 0; i < roles.length; i++) {
    if (roles[i] === NODATA_CODE) continue;
    valid++;
    counts.set(roles[i], (counts.get(roles[i]) ?? 0) + 1);
  }
  for (const [code, count] of counts) counts.set(code, count / valid);
  return counts;
}
