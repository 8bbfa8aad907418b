/** What a process leaves in its folder: how its rasters are described, their styles, its tables, and run.json. */
import { NODATA } from '../core/cells.ts';
import { outputSpec } from '../core/given-params.ts';
import type { Grid } from '../core/grid.ts';
import type { Values } from '../core/values.ts';
import type { RasterDescription, WrittenRaster } from '../io/raster-writer.ts';
import { qmlStyle } from '../report/index.ts';
import { fingerprintInput, type InputFingerprint } from './fingerprints.ts';
import type { BoundLayer } from './layers.ts';
import { describeClasses, describeMade, isClassified, opaque } from './output-raster.ts';
import { shownParam } from './param-values.ts';
import type { OutputFolder, Platform } from './platform.ts';
import type { ProcessRequest } from './process-request.ts';
import { type Summaries, summaryCsv } from './summaries.ts';

/** `carried`: the unit of what was given in any unit. */
export function describe(
  grid: Grid,
  { model, writing }: ProcessRequest,
  layers: ReadonlyMap<string, BoundLayer>,
  output: string,
  params: Values,
  carried: string | undefined,
): RasterDescription {
  const spec = outputSpec(model, output, params);
  const { about, unit, aligned } = spec;
  if (isClassified(spec)) {
    const described = aligned ? describeClasses(layers.get(aligned)!.info) : describeMade(spec);
    return { grid, ...described, description: about, ...writing };
  }
  const type = { sampleType: 'f32', nodata: NODATA, kind: 'quantity' } as const;
  return {
    grid,
    ...type,
    unit: unit === 'any' ? carried : unit === '1' ? undefined : unit,
    description: about,
    ...writing,
  };
}

interface FolderFacts {
  readonly summaries: Summaries;
  readonly layers: ReadonlyMap<string, BoundLayer>;
  readonly hashes: ReadonlyMap<string, InputFingerprint>;
  readonly params: Readonly<Record<string, number>>;
  readonly device: string;
  readonly platform: Platform;
  readonly seconds: number;
}

/** Styles and run.json, then the folder appears. */
export async function finishFolder(
  folder: OutputFolder,
  { model }: ProcessRequest,
  written: Readonly<Record<string, WrittenRaster>>,
  { layers, summaries, hashes, params, device, platform, seconds }: FolderFacts,
): Promise<void> {
  for (const [output, { statistics }] of Object.entries(written)) {
    const spec = outputSpec(model, output, params);
    const { centre, classNames, colours, unit } = spec;
    const { min = 0, max = 1 } = statistics ?? {};
    const style = isClassified(spec)
      ? { kind: 'classes' as const, classNames, palette: colours && opaque(colours), min, max }
      : { kind: 'quantity' as const, unit, min, max, diverging: centre !== undefined, centre };
    await folder.writeText(`${output}.qml`, qmlStyle(style));
  }
  for (const [name, numbers] of Object.entries(summaries)) await folder.writeText(`${name}.csv`, summaryCsv(numbers));
  const inputs = [...layers].map(([name, { shown, alignment, unit }]) => ({
    input: name,
    file: shown,
    ...hashes.get(name),
    unit,
    alignment,
  }));
  const parameters = Object.fromEntries(
    Object.entries(model.params).map(([name, spec]) => {
      const value = params[name] ?? spec.default;
      return [name, value === undefined ? null : shownParam(spec, value)];
    }),
  );
  await folder.writeText(
    'run.json',
    `${JSON.stringify({ process: model.id, seconds, versions: platform.versions, device, inputs, parameters, outputs: written, ...(Object.keys(summaries).length > 0 && { summaries }) }, undefined, 2)}\n`,
  );
  await folder.commit();
}

/** Checksum of each input, for the provenance. */
export function hashInputs(
  layers: ReadonlyMap<string, BoundLayer>,
  platform: Platform,
): Promise<ReadonlyMap<string, InputFingerprint>> {
  const hashing = Promise.all(
    [...layers].map(async ([name, { path }]) => [name, await fingerprintInput(path, platform)] as const),
  ).then((pairs) => new Map(pairs));
  hashing.catch(() => {}); // whoever waits for it hears
  return hashing;
}
