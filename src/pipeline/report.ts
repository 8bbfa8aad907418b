/** Gathers what the report shows: maps, totals, parameters, equations, provenance. */
import { type ReportMap, renderReport, type TotalsRow } from '../report/index.ts';
import type { OutputFolder } from './platform.ts';
import { findingLine } from './preflight/finding-line.ts';
import type { PreparedProject } from './prepare.ts';
import type { Provenance } from './provenance.ts';
import { allParts, type ServiceSide } from './service-models.ts';
import type { Stories } from './stories/tell-steps.ts';
import type { Verification } from './verify.ts';

export interface ReportFacts {
  readonly folder: OutputFolder;
  readonly prepared: PreparedProject;
  readonly maps: readonly ReportMap[];
  readonly provenance: Provenance;
  readonly totals: readonly TotalsRow[];
  readonly stories: Stories;
  readonly verification: Verification | undefined;
}

export async function writeReport({
  folder,
  prepared,
  provenance,
  totals,
  stories,
  verification,
  maps,
}: ReportFacts): Promise<void> {
  const models = [...new Set(allParts(prepared.services).map(({ model }) => model))];
  const text = await renderReport({
    title: prepared.project.name,
    version: provenance.versions.ecoflux,
    grid: prepared.grid,
    years: prepared.project.years,
    services: prepared.services.map(({ code, name, category, flow, unit, supply, demand }) => ({
      code,
      name,
      category,
      flow,
      unit,
      supplyModel: modelWords(supply),
      demandModel: modelWords(demand),
    })),
    maps,
    totals,
    ...stories,
    verification: verification?.rows,
    parameters: provenance.parameters,
    inputs: provenance.inputs,
    equations: models.flatMap((model) =>
      model ? [{ model: model.id, title: model.title, equations: model.equations, sources: model.sources }] : [],
    ),
    device: provenance.device,
    log: [...prepared.log, ...prepared.findings.map((finding) => `warning: ${findingLine(finding)}`)],
  });
  await folder.writeText('report.html', text);
}

/** "Demand per person (amount 7 tCO2/yr, over 1 yr)": what was given is said, defaults are in the table of parameters. */
function modelWords({ model, given, inputs }: ServiceSide): string {
  if (!model) return `layer ${inputs.values.layer}`;
  // Which nutrients were computed is what the service's name says.
  const shown = Object.entries(given).filter(([name]) => name !== 'calc_n' && name !== 'calc_p');
  const words = shown.map(([name, value]) => `${name.replaceAll('_', ' ')} ${value}`);
  return words.length > 0 ? `${model.title} (${words.join(', ')})` : model.title;
}
