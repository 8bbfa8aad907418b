/** run.json: what ran, on what, with which parameters and inputs, how long it took, and how it was verified. */
import { withoutSecrets } from '../core/errors.ts';
import { describeGrid } from '../core/grid.ts';
import type { OpenDevice } from '../engine/open-device.ts';
import type { Plan } from '../engine/plan.ts';
import type { RunSummary } from '../engine/run.ts';
import type { WrittenRaster } from '../io/raster-writer.ts';
import type { ReportInput, ReportParameter, TotalsRow } from '../report/index.ts';
import type { AnalysisOutput } from './analysis-output.ts';
import { fingerprintInput } from './fingerprints.ts';
import { shownParam } from './param-values.ts';
import type { Platform } from './platform.ts';
import type { PreparedProject } from './prepare.ts';
import { allParts, type ServiceSide } from './service-models.ts';
import { tableFile } from './service-tables.ts';
import { SHARED_MODELS } from './services.ts';
import { stepParameters } from './steps/parameters.ts';
import type { Verification } from './verify.ts';

export interface Provenance {
  readonly project: string;
  readonly started: string;
  readonly seconds: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly device: { readonly name: string; readonly kind: string; readonly sentence: string; readonly losses: number };
  readonly grid: string;
  readonly plan: { readonly tile: readonly [number, number]; readonly tiles: number; readonly passes: number };
  readonly inputs: readonly ReportInput[];
  readonly parameters: readonly ReportParameter[];
  readonly timings: readonly { readonly name: string; readonly seconds: number }[];
  /** Bytes over the bus to the device and back. */
  readonly traffic: { readonly up: number; readonly down: number };
  readonly outputs: readonly {
    readonly file: string;
    readonly unit: string;
    readonly bytes: number;
    readonly statistics?: WrittenRaster['statistics'];
  }[];
  readonly totals: readonly TotalsRow[];
  readonly verification: {
    readonly passed: boolean;
    readonly share: number;
    readonly rows: Verification['rows'];
  } | null;
}

export interface RunFacts {
  readonly prepared: PreparedProject;
  readonly outputs: readonly AnalysisOutput[];
  readonly device: OpenDevice;
  readonly plan: Plan;
  readonly summary: RunSummary;
  readonly written: ReadonlyMap<string, WrittenRaster>;
  readonly totals: readonly TotalsRow[];
  readonly verification: Verification | undefined;
  readonly platform: Platform;
  readonly started: Date;
  readonly seconds: number;
}

export async function provenanceOf({
  prepared,
  outputs,
  device,
  plan,
  summary,
  written,
  totals,
  verification,
  platform,
  started,
  seconds,
}: RunFacts): Promise<Provenance> {
  const { timings } = summary;
  const seconds_ = (milliseconds: number) => Number((milliseconds / 1000).toFixed(3));
  return {
    project: prepared.project.name,
    started: started.toISOString(),
    seconds: Number(seconds.toFixed(3)),
    versions: platform.versions,
    device: { name: summary.executor.name, kind: device.kind, sentence: device.sentence, losses: summary.losses },
    grid: describeGrid(prepared.grid),
    plan: {
      tile: [plan.tiling.tileWidth, plan.tiling.tileHeight],
      tiles: plan.tiling.count,
      passes: plan.passes.length,
    },
    inputs: await inputsOf(prepared, platform),
    parameters: parametersOf(prepared),
    timings: [
      { name: 'tiles, from first to last', seconds: seconds_(timings.wall) },
      { name: 'reading and decoding, summed over tiles', seconds: seconds_(timings.read) },
      { name: 'upload, summed over tiles', seconds: seconds_(timings.upload) },
      { name: 'computing and readback, summed over tiles', seconds: seconds_(timings.compute + timings.readback) },
      { name: 'handing over to the encoders, summed over tiles', seconds: seconds_(timings.write) },
    ],
    traffic: { up: timings.bytesUp, down: timings.bytesDown },
    outputs: outputs.map(({ id, unit }) => ({
      file: `${id}.tif`,
      unit,
      bytes: written.get(id)!.bytes,
      statistics: written.get(id)!.statistics,
    })),
    totals,
    verification: verification
      ? { passed: verification.passed, share: verification.share, rows: verification.rows }
      : null,
  };
}

/** Layers, and the files beside them: tables and the study area. */
async function inputsOf(prepared: PreparedProject, platform: Platform): Promise<ReportInput[]> {
  const { layers, project, file, zones } = prepared;
  const unique = [
    ...new Map([...layers.values()].map((layer) => [`${layer.layer} ${layer.path} ${layer.type}`, layer])).values(),
  ];
  const tables = Object.keys(project.tables).flatMap((name) =>
    [...new Set(project.years.map((year) => tableFile(project, name, year)))].map((shown) => ({ layer: name, shown })),
  );
  const others = [
    ...tables.map((table) => ({ ...table, alignment: 'table' })),
    ...(project.area === undefined ? [] : [{ layer: 'area', shown: project.area, alignment: 'study area' }]),
    ...(zones === undefined ? [] : [{ layer: 'zones', shown: project.zones!.file, alignment: zones.alignment }]),
  ].map((other) => ({ ...other, path: platform.relativeTo(file.name, other.shown), unit: undefined }));
  return Promise.all(
    [...unique, ...others].map(async ({ layer, path, shown, unit, alignment }) => ({
      layer,
      file: withoutSecrets(shown),
      ...(await fingerprintInput(path, platform)),
      unit,
      alignment,
    })),
  );
}

/** Every parameter of every model with its value; `defaulted` where the user left it out. */
function parametersOf({ services, project, steps }: PreparedProject): ReportParameter[] {
  // A model that several services share is listed where it stands first.
  const parts = [
    ...new Map(
      allParts(services)
        .map((part) => [shareKey(part), part] as const)
        .reverse(),
    ).values(),
  ].reverse();
  const parameters = parts.flatMap(({ service, side, model, params, given }) =>
    Object.entries(model?.params ?? {}).flatMap(([name, spec]): ReportParameter[] => {
      const { about, unit, default: fallback, found } = spec;
      const number = params[name] ?? fallback;
      const inRun = found && `found in the run: ${found.as} of ${found.of}`;
      const value = given[name] ?? (number === undefined ? inRun : shownParam(spec, number));
      if (value === undefined) return [];
      return [
        {
          where: `${service}, ${side}: ${model!.title}`,
          name,
          value: String(value),
          unit: unit === '1' || unit.startsWith('any') ? undefined : unit,
          about,
          defaulted: !(name in given),
        },
      ];
    }),
  );
  const spans = allParts(services).flatMap(({ service, side, model, given }): ReportParameter[] =>
    given.over === undefined
      ? []
      : [
          {
            where: `${service}, ${side}: ${model!.title}`,
            name: 'over',
            value: given.over,
            about: 'time over which the amount is counted',
            defaulted: false,
          },
        ],
  );
  const weights = project.composite?.weights;
  return [
    ...parameters,
    ...spans,
    {
      where: 'composite',
      name: 'weights',
      value: weights ? JSON.stringify(weights) : 'equal',
      about: 'weights of the services',
      defaulted: !weights,
    },
    ...stepParameters(services, steps),
  ];
}

function shareKey({ service, side, model, params }: ServiceSide): string {
  const shared = model !== undefined && (SHARED_MODELS.includes(model.id) || model.id === 'annual_water_yield');
  return shared ? JSON.stringify([model.id, params]) : `${service} ${side} ${model?.id}`;
}
