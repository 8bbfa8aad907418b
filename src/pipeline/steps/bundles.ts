/** The step bundles: of what, and how they are to be found. They are made from finished files, after all else. */
import { EcofluxError, ManyErrors, throwAll } from '../../core/errors.ts';
import type { WrittenRaster } from '../../io/raster-writer.ts';
import type { AnalysisOutput } from '../analysis-output.ts';
import type { MadeBundles } from '../bundles/make-bundles.ts';
import { type BundleOptions, type BundlePlan, bundlePlan } from '../bundles/plan.ts';
import { bundleSpec } from '../bundles/rasters.ts';
import { nearest } from '../nearest.ts';
import { Problems } from '../problems.ts';
import { fault } from '../project-fault.ts';
import type { ProjectFile } from '../project-file.ts';
import type { BUNDLED } from '../step-schema.ts';

export interface BundleSettings {
  readonly of: (typeof BUNDLED)[number];
  /** Of all but risk. */
  readonly year: number;
  readonly options: BundleOptions;
  readonly plan: BundlePlan;
}

/** @throws EcofluxError or ManyErrors InvalidConfiguration */
export function bundleSettings(file: ProjectFile): BundleSettings {
  const { years, services, bundles } = file.project;
  const { of, year = years[years.length - 1], two_stage, sigma, ...rest } = bundles!;
  const problems = new Problems();
  if (!years.includes(year))
    problems.add(
      fault(file, ['bundles', 'year'], `the project has no year ${year}`, {
        expected: `one of ${years.join(', ')}`,
        fix: `write ${nearest(String(year), years.map(String)) ?? years[0]}`,
      }),
    );
  if (Object.keys(services).length < 2)
    problems.add(
      fault(file, ['bundles'], 'bundles need two services: they tell which go together', {
        found: Object.keys(services).join(', '),
        fix: 'add a service, or remove the section',
      }),
    );
  const written = Object.entries(rest).filter(([, value]) => value !== undefined);
  const options: BundleOptions = {
    ...Object.fromEntries(written.map(([name, value]) => [name, String(value)])),
    ...(sigma !== undefined && { sigma: String(sigma) }),
    ...(two_stage !== undefined && { two_stage: typeof two_stage === 'boolean' ? two_stage : String(two_stage) }),
  };
  const [plan] = problems.take(() => asSection(file, () => bundlePlan(options)));
  throwAll(problems.all);
  return { of, year, options, plan };
}

/** What is wrong with options of the process, said of the keys of the section, each where it stands. */
function asSection<T>(file: ProjectFile, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof EcofluxError)) throw error;
    throwAll((error instanceof ManyErrors ? error.errors : [error]).map((each) => ofKey(file, each)));
    throw error;
  }
}

const OPTION = /--([a-z][a-z-]*)/g;

function ofKey(file: ProjectFile, { code, what, details }: EcofluxError): EcofluxError {
  const keyOf = (option: string) => option.slice(2).replaceAll('-', '_');
  const words = (text: string) => text.replace(OPTION, keyOf);
  const keys = what.match(OPTION)?.slice(0, 1).map(keyOf) ?? [];
  return new EcofluxError(code, words(what), {
    ...details,
    ...(details.found && { found: words(details.found) }),
    ...(details.fix && { fix: words(details.fix) }),
    file: file.name,
    place: file.place(['bundles', ...keys]),
  });
}

/** The files that are bundled, one a service. */
export function bundledOutputs(outputs: readonly AnalysisOutput[], { of, year }: BundleSettings): AnalysisOutput[] {
  return outputs.filter((output) =>
    of === 'risk'
      ? output.quantity === 'risk' && output.id === `risk/${output.service}`
      : output.quantity === of && output.year === year && output.service !== 'composite' && output.step !== 'hotspots',
  );
}

/** The rasters of bundles as outputs of the run, with what was written. */
export function bundleOutputs({ bundles: { bundles }, outputs }: Pick<MadeBundles, 'bundles' | 'outputs'>): readonly {
  readonly output: AnalysisOutput;
  readonly written: WrittenRaster;
}[] {
  const common = { step: 'bundles', field: '', service: 'composite', serviceName: 'All services', unit: '1' } as const;
  const made = bundleSpec(bundles);
  const quantity = 'bundle';
  const drawn = { step: 'bundles', quantity } as const;
  const about = 'distance to the node in scaled features';
  return [
    { output: { ...common, id: 'bundles/bundle', quantity, about: made.about, made, drawn }, written: outputs.bundle },
    { output: { ...common, id: 'bundles/distance', quantity: 'distance', about }, written: outputs.distance },
  ];
}
