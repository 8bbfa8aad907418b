/** What bundles are like: their profile as a table and as roses, and the services in the order in which they are to be looked after. */
import type { Bundle, Profile } from './bundle-profile.ts';
import { hexOf } from './colours.ts';
import { decimalsFor, formatFixed, formatNumber, formatShare } from './format.ts';
import { swatches } from './legend.ts';
import { type Content, html, type Markup } from './markup.ts';
import { LEVEL_WORDS } from './risk-classes.ts';
import { roseChart } from './rose.ts';
import { type BundleStory, LEVELS } from './stories.ts';
import { table } from './table.ts';
import { sumOf } from './transitions.ts';

/** Ranks of features that have no level to end at. */
const MOST_RANKS = 5;
/** Letters beside a petal. */
const LONGEST_LABEL = 9;

function nameOf({ code, colour }: Bundle): Markup {
  return html`<span class="swatch" style="background:${hexOf(colour)}"></span>Bundle ${code}`;
}

function sizeOf({ share, area }: Bundle): string {
  return [formatShare(share), area !== undefined && `${formatNumber(area, 4)}\u00a0km²`].filter(Boolean).join(' · ');
}

/** Area, share and means of each bundle, and the means of all cells. */
export function profileTable({ bundles, features, overall }: BundleStory, profile: Profile): Markup {
  const byArea = bundles.every(({ area }) => area !== undefined);
  const decimals = decimalsFor(sumOf(bundles.map(({ area = 0 }) => area)), 5);
  const number = (head: Content) => ({ head, numeric: true });
  const means = (cell: (feature: number) => Content) => features.map((_, feature) => cell(feature));
  const everywhere = { means: overall, scaledMeans: overall.map(() => 0) };
  return html`<div class="heat-table">${table({
    caption: profile.isRisk ? 'Mean class of risk of each service by bundle' : 'Mean of each service by bundle',
    columns: [
      { head: 'Bundle', tight: true },
      number(byArea ? 'km²' : 'Cells'),
      number('Share'),
      ...features.map(({ service, serviceName }) => number(html`<abbr title="${serviceName}">${service}</abbr>`)),
    ],
    rows: [
      ...bundles.map((bundle) => [
        nameOf(bundle),
        byArea ? formatFixed(bundle.area ?? Number.NaN, decimals) : formatNumber(bundle.cells, 12),
        formatShare(bundle.share, 1),
        ...means((feature) => profile.cell(bundle, feature)),
      ]),
      ['All cells', '', '', ...means((feature) => profile.text(everywhere, feature))],
    ],
    blocks: new Set([bundles.length]),
  })}</div>`;
}

/** A rose a bundle, a petal a service. */
export function roses({ bundles, features }: BundleStory, profile: Profile): Markup {
  const key = profile.isRisk
    ? html`${swatches(LEVELS.map((level, code) => ({ code, name: LEVEL_WORDS[level].name, colour: [...LEVEL_WORDS[level].colour, 255] as const })))}`
    : undefined;
  const words = profile.isRisk
    ? 'A petal is the longer, the higher the risk of a service: its length is the mean class, 12 in the centre, −6 at the rim. Between the two dashed circles, at 6.5 and 0, lies medium risk.'
    : 'A petal is the longer, the larger the mean of a service against its spread over all cells, the smallest of all bundles in the centre, the largest at the rim; the dashed circle is the mean of all cells. Blue is above it, orange below.';
  return html`<figure class="card below"><figcaption><b>What the bundles are like</b>${key}</figcaption><p class="small">${words}</p>
<div class="roses">${bundles.map((bundle) => {
    const petals = features.map(({ service, serviceName }, feature) => ({
      short: service.length > LONGEST_LABEL ? `${service.slice(0, LONGEST_LABEL - 1)}…` : service,
      name: serviceName,
      value: profile.value(bundle, feature),
      text: profile.text(bundle, feature),
      colour: profile.colour(bundle, feature),
    }));
    return html`<figure><figcaption><b>${nameOf(bundle)}</b> ${sizeOf(bundle)}</figcaption>${roseChart(petals, profile.scale, `Bundle ${bundle.code}, means by service`)}</figure>`;
  })}</div></figure>`;
}

/** Source 001, table 2: services at high risk by bundle, the one to be looked after first first. */
export function prioritiesTable({ bundles, features, of }: BundleStory, profile: Profile): Markup {
  const ranked = bundles.map((bundle) => ({
    bundle,
    first: profile.isRisk
      ? bundle.priorities.filter((feature) => bundle.means[feature] < 0)
      : bundle.priorities.slice(0, MOST_RANKS),
  }));
  const ranks = Math.max(1, ...ranked.map(({ first }) => first.length));
  const chip = (bundle: Bundle, feature: number) => {
    const { service, serviceName } = features[feature];
    return html`<span class="chip" style="border-color:${hexOf(profile.colour(bundle, feature))}"><b>${service}</b> ${profile.text(bundle, feature)}<small>${serviceName}</small></span>`;
  };
  const others = ranked.map(({ bundle, first }) =>
    bundle.priorities.filter((feature) => !first.includes(feature)).map((feature) => features[feature].service),
  );
  const more = others.some(({ length }) => length > 0);
  return html`<div class="heat-table">${table({
    caption: 'What to look after first',
    columns: [
      { head: 'Bundle', tight: true },
      ...Array.from({ length: ranks }, (_, rank) => ({ head: String(rank + 1) })),
      ...(more ? [{ head: profile.isRisk ? 'At medium or low risk' : 'Then' }] : []),
    ],
    rows: ranked.map(({ bundle, first }, row) => [
      nameOf(bundle),
      ...Array.from({ length: ranks }, (_, rank) => {
        if (rank === 0 && first.length === 0) return html`<span class="soft">none at high risk</span>`;
        return rank < first.length ? chip(bundle, first[rank]) : '';
      }),
      ...(more ? [html`<span class="rest">${others[row].join(', ') || '–'}</span>`] : []),
    ]),
  })}<p class="small">${orderIn(of)}</p></div>`;
}

/** What the order of services goes by. */
function orderIn(of: string): string {
  const quantity = of.split(' ')[0];
  if (quantity === 'risk') return 'Services whose mean class is below 0 (high risk), by their mean, the lowest first.';
  if (quantity === 'ratio') return 'Services by their mean, the lowest first.';
  const side = quantity === 'demand' ? 'above' : 'below';
  return `Services by how far their mean lies ${side} that of all cells, the furthest first.`;
}
