/** The report: one HTML document that holds everything it shows and asks the network for nothing. */
import { cover, keyFigures } from './cover.ts';
import type { ReportData } from './data.ts';
import { findingOf } from './finding.ts';
import { html, type Markup, scriptJson, trusted } from './markup.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import { PAGE_STYLE } from './page-style.ts';
import { allPanels, type PanelGroups, panelsOf } from './panels.ts';
import type { PictureKey } from './picture.ts';
import { type Deflate, deflateNatively } from './png.ts';
import {
  formatMoment,
  inputsSection,
  methodSection,
  parametersSection,
  runSection,
  verificationSection,
} from './provenance.ts';
import type { Section } from './section.ts';
import { bundlesSection } from './section-bundles.ts';
import { flowSection } from './section-flow.ts';
import { hotspotsSection } from './section-hotspots.ts';
import { landCoverSection } from './section-land.ts';
import { compositeSection, furtherSection, serviceSection } from './section-maps.ts';
import { riskSection } from './section-risk.ts';
import { statisticsSection, totalsSection } from './section-totals.ts';
import { serviceTotals } from './totals.ts';

/** What the page may do: nothing but show itself. */
const POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

export interface ReportPlatform {
  /** Packs bytes in the zlib format. */
  readonly deflate: Deflate;
}

/** The report of a run as one self-contained HTML document. */
export async function renderReport(
  data: ReportData,
  platform: ReportPlatform = { deflate: deflateNatively },
): Promise<string> {
  const groups = await panelsOf(data, platform.deflate);
  const totals = serviceTotals(data);
  const finding = findingOf(data, totals);
  const sections = [
    totalsSection(totals),
    groups.landCover[0] && landCoverSection(groups.landCover[0]),
    groups.services.size > 0 && serviceSection(data, groups, totals),
    groups.composite.length > 0 && compositeSection(groups.composite),
    flowSection(data, groups),
    riskSection(data, groups),
    hotspotsSection(data, groups),
    bundlesSection(data, groups),
    groups.others.length > 0 && furtherSection(groups.others),
    statisticsSection(data),
    methodSection(data),
    parametersSection(data),
    inputsSection(data),
    verificationSection(data),
    runSection(data),
  ].filter((section): section is Section => typeof section === 'object');
  return html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${trusted(POLICY)}">
<meta name="generator" content="ecoflux ${data.version}"><meta name="description" content="${finding[0]}">
<title>${data.title}</title><style>${trusted(PAGE_STYLE)}</style></head>
<body><div class="page">${contents(sections)}<main>
${cover(data, finding, groups)}
${keyFigures(totals, data.maps, data.risks)}
${sections.map(({ id, title, body }) => html`<section class="part" id="${id}"><h2>${title}</h2>${body}</section>\n`)}
<footer>Made by ecoflux ${data.version}${data.created && `, ${formatMoment(data.created)}`}. Rasters, tables and the full record of the run (run.json) lie beside this file.</footer>
</main></div><script>const KEYS = ${scriptJson(keysOf(groups))};
${trusted(PAGE_SCRIPT)}</script></body></html>
`.markup;
}

function contents(sections: readonly Section[]): Markup {
  const item = ({ id, title }: { readonly id: string; readonly title: string }) => html`<a href="#${id}">${title}</a>`;
  return html`<nav aria-label="Contents"><b>Contents</b><ol><li>${item({ id: 'summary', title: 'Summary' })}</li>${sections.map(
    (section) =>
      html`<li>${item(section)}${section.parts && html`<ol>${section.parts.map((part) => html`<li>${item(part)}</li>`)}</ol>`}</li>`,
  )}</ol></nav>`;
}

/** Keys by the id of the panel's element. */
function keysOf(groups: PanelGroups): Record<string, PictureKey> {
  return Object.fromEntries(allPanels(groups).flatMap(({ id, key }) => (key ? [[id, key]] : [])));
}
