/** The main numbers of each zone as columns of zones.gpkg: `supply_WY_2003`, `unmet_share_WY_2003`, `high_risk_WY`, `bundle`. */
import type { BundleStory, RiskStory } from '../../report/stories.ts';
import type { FlowReport } from '../service-flow/report-data.ts';
import type { ZoneColumn } from './zone-shapes.ts';
import type { ZoneSumRow } from './zone-sums.ts';

/** Sums of amounts, means of what is a ratio. */
export function columnsOfSums(rows: readonly ZoneSumRow[]): ZoneColumn[] {
  const columns = new Map<string, Map<number, number>>();
  for (const { zone, year, service, quantity, sum, mean } of rows) {
    const name = `${quantity}_${service}_${year}`;
    const values = columns.get(name) ?? new Map<number, number>();
    columns.set(name, values.set(zone.number, quantity === 'ratio' ? mean : sum));
  }
  return [...columns].map(([name, values]) => ({ name, type: 'real', values }));
}

/** What is not met after the flow, as an amount and as a share of demand. */
export function columnsOfFlows(
  flows: readonly { readonly year: number; readonly service: string; readonly report: Pick<FlowReport, 'zones'> }[],
): ZoneColumn[] {
  return flows.flatMap(({ year, service, report }): ZoneColumn[] => {
    const unmet = report.zones.filter(({ quantity, zone }) => quantity === 'unmet' && typeof zone === 'number');
    if (unmet.length === 0) return [];
    const column = (name: string, of: 'amount' | 'share'): ZoneColumn => ({
      name: `${name}_${service}_${year}`,
      type: 'real',
      values: new Map(unmet.map((row) => [row.zone as number, row[of]])),
    });
    return [column('unmet', 'amount'), column('unmet_share', 'share')];
  });
}

/** Share of cells at high risk, and the mean class. */
export function columnsOfRisks(risks: readonly RiskStory[]): ZoneColumn[] {
  return risks.flatMap(({ service, zones }): ZoneColumn[] => {
    const own = zones.filter((row) => row.zone !== null);
    return own.length === 0
      ? []
      : [
          {
            name: `high_risk_${service}`,
            type: 'real',
            values: new Map(own.map(({ zone, shares }) => [zone!, shares.high])),
          },
          {
            name: `mean_class_${service}`,
            type: 'real',
            values: new Map(own.map(({ zone, meanClass }) => [zone!, meanClass])),
          },
        ];
  });
}

/** The bundle of most cells, of several the first, and their share. */
export function columnsOfBundles({ bundles, zones }: BundleStory): ZoneColumn[] {
  const most = zones.flatMap(({ zone, shares }) => {
    const best = shares.reduce((at, share, i) => (share > shares[at] ? i : at), 0);
    return zone === null ? [] : [{ zone, code: bundles[best].code, share: shares[best] }];
  });
  if (most.length === 0) return [];
  return [
    { name: 'bundle', type: 'integer', values: new Map(most.map(({ zone, code }) => [zone, code])) },
    { name: 'bundle_share', type: 'real', values: new Map(most.map(({ zone, share }) => [zone, share])) },
  ];
}
