/** The result of a run in the form that the report and the page are drawn from. */
import {
  cellArea,
  type Grid,
  type ReportData,
  type ReportMap,
  type TotalsRow,
  type VerificationRow,
} from '../../src/index.ts';
import { fieldOf, planeField, QUANTITIES, SERVICES } from './analysis.ts';
import type { RunResult } from './run.ts';

const TITLES = { supply: 'Supply', demand: 'Demand', balance_static: 'Balance: supply minus demand' } as const;

export function reportData(result: RunResult, version: string): ReportData {
  const { region, analysis, device, settings } = result;
  const { years, grid } = region;
  return {
    title: `Sample region\u00a0${settings.seed}, ${years[0]}–${years[years.length - 1]}`,
    created: new Date().toISOString(),
    version,
    grid,
    years,
    services: SERVICES.map(({ code, name, category, unit, supplyModel }) => ({
      code,
      name,
      category,
      unit,
      supplyModel,
      demandModel: 'per_capita',
    })),
    maps: [...coverMaps(result), ...serviceMaps(result)],
    totals: totalsOf(result),
    verification: result.checks?.map(
      ({
        step,
        output,
        cells,
        maxAbsolute,
        maxRelative,
        largest,
        nodataDisagreements,
        tolerance,
        passed,
      }): VerificationRow => ({
        stage: `${step.year} ${step.service} ${step.step}`,
        output,
        cells,
        maxAbsolute,
        maxRelative,
        worst: largest && { ...placeOf(largest.index, grid), device: largest.device, reference: largest.reference },
        nodataDisagreements,
        tolerance,
        passed,
      }),
    ),
    parameters: [
      {
        where: 'page',
        name: 'size',
        value: `${settings.size}`,
        about: 'cells across the sample region',
        defaulted: false,
      },
      { where: 'page', name: 'seed', value: `${settings.seed}`, about: 'which region is made', defaulted: false },
      ...SERVICES.map(({ code, amountWords }) => ({
        where: `${code} demand`,
        name: 'amount',
        value: amountWords,
        about: 'amount for one person in a year',
        defaulted: true,
      })),
    ],
    inputs: [...region.planes.keys()]
      .filter((layer) => analysis.sources.has(layer))
      .map((layer) => ({ layer, file: 'sample region', alignment: 'made on this grid' })),
    device: { name: device.name, kind: device.kind, sentence: device.sentence },
    timings: timingsOf(result),
    log: result.log,
  };
}

export function placeOf(index: number, { width }: Grid): { column: number; row: number } {
  return { column: index % width, row: Math.floor(index / width) };
}

export function timingsOf({ seconds, checks, run }: RunResult): { name: string; seconds: number }[] {
  return [
    { name: 'making the sample region', seconds: seconds.region },
    ...(run.executor.kind === 'gpu' ? [{ name: 'opening the device, self-test', seconds: seconds.device }] : []),
    { name: 'running the models', seconds: seconds.run },
    ...(checks ? [{ name: 'comparing with the reference', seconds: seconds.check }] : []),
  ];
}

function coverMaps({ region }: RunResult): ReportMap[] {
  const { grid, years, planes, classNames, palette } = region;
  const opaque = Object.fromEntries(
    Object.entries(palette).map(([code, [r, g, b]]) => [code, [r, g, b, 255] as const]),
  );
  return years.map((year) => ({
    ...sizeOf(grid),
    id: `${year}/lulc`,
    title: 'Land cover',
    year,
    quantity: 'lulc',
    unit: '1',
    kind: 'classes',
    cells: planes.get(`lulc/${year}`)!,
    palette: opaque,
    classNames,
  }));
}

function serviceMaps({ region, analysis, run }: RunResult): ReportMap[] {
  const { grid, years } = region;
  return SERVICES.flatMap(({ code, name, unit }) =>
    QUANTITIES.flatMap((quantity) =>
      years.map(
        (year): ReportMap => ({
          ...sizeOf(grid),
          id: fieldOf(year, code, quantity),
          title: TITLES[quantity],
          year,
          service: code,
          serviceName: name,
          quantity,
          unit,
          kind: 'quantity',
          diverging: quantity === 'balance_static',
          cells: run.planes.get(planeField(analysis.steps, year, code, quantity))!,
        }),
      ),
    ),
  );
}

function sizeOf(grid: Grid) {
  return { width: grid.width, height: grid.height, cellMetres: Math.sqrt(cellArea(grid)) };
}

function totalsOf({ region, run }: RunResult): TotalsRow[] {
  return SERVICES.flatMap(({ code, unit }) =>
    QUANTITIES.flatMap((quantity) =>
      region.years.map((year): TotalsRow => {
        const field = fieldOf(year, code, quantity);
        const { low, high } = run.records.get(`${field}#range`)!;
        const { count, sum, mean } = run.records.get(`${field}#sum`)!;
        return { year, service: code, quantity, unit, cells: count, sum, mean, min: low, max: high };
      }),
    ),
  );
}

/** As `tables/totals.csv` of a run. */
export function totalsCsv(totals: readonly TotalsRow[]): string {
  const columns = ['year', 'service', 'quantity', 'unit', 'cells', 'sum', 'mean', 'min', 'max'] as const;
  return `${[columns.join(','), ...totals.map((row) => columns.map((column) => row[column]).join(','))].join('\n')}\n`;
}
