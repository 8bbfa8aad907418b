/** The step hot spots: where the composite supply of all services, the demand for them, and the ratio of both gather. */
import { throwAll } from '../../core/errors.ts';
import { hasRadius } from '../../core/neighbourhoods.ts';
import type { WrittenRaster } from '../../io/raster-writer.ts';
import { hotspots } from '../../models/hotspots/spec.ts';
import { Problems } from '../problems.ts';
import { fault } from '../project-fault.ts';
import type { ProjectFile } from '../project-file.ts';
import type { Composite } from '../step-schema.ts';
import type { CompositeFields } from './composites.ts';
import type { StepContext } from './context.ts';
import { type StepParams, stepParams } from './step-params.ts';

export interface HotspotSettings extends StepParams {
  readonly of: readonly Composite[];
  /** "disc of 5 km", in words. */
  readonly window: string;
}

/** @throws EcofluxError or ManyErrors InvalidConfiguration */
export function hotspotSettings(file: ProjectFile): HotspotSettings {
  const section = file.project.hotspots!;
  const problems = new Problems();
  const [read] = problems.take(() => stepParams(file, ['hotspots'], hotspots, section));
  const { shape = 'disc', radius } = section;
  const wants = hasRadius(read?.params.shape ?? hotspots.params.shape.default);
  if (wants && radius === undefined)
    problems.add(
      fault(file, ['hotspots'], `a ${shape} needs a radius`, { fix: 'add radius: 5 km, or choose shape: queen' }),
    );
  throwAll(problems.all);
  const of = [...new Set([section.of].flat())];
  return { ...read, of, window: wants ? `${shape} of ${read.given.radius}` : `${shape} neighbours` };
}

const NAMES: Readonly<Record<Composite, string>> = {
  supply: 'composite supply',
  demand: 'composite demand',
  ratio: 'ratio of composite supply to demand',
};

export function addHotspots(
  context: StepContext,
  { of, params }: HotspotSettings,
  composites: ReadonlyMap<number, CompositeFields>,
): void {
  const fdr = (params.correction ?? hotspots.params.correction.default) === 1;
  const shown = fdr ? 'bin_fdr' : 'bin';
  const outputs = ['z', 'p', 'bin', ...(fdr ? (['bin_fdr'] as const) : [])] as const;
  for (const year of context.prepared.project.years)
    for (const which of of) {
      const made = context.graph.model(hotspotPrefix(year, which), hotspots, {
        inputs: { values: composites.get(year)![which] },
        params,
        outputs: [...outputs],
      });
      for (const quantity of outputs) {
        const spec = hotspots.outputs[quantity];
        const signed = 'signed' in spec;
        context.put({
          id: `${hotspotPrefix(year, which)}/${quantity}`,
          field: made[quantity],
          step: 'hotspots',
          year,
          service: 'composite',
          serviceName: 'All services',
          quantity,
          unit: '1',
          about: `${spec.about}: ${NAMES[which]}`,
          centre: 'centre' in spec ? spec.centre : undefined,
          made: signed ? spec : undefined,
          drawn: quantity === shown ? { step: 'hotspots', quantity: which, year } : undefined,
        });
      }
    }
}

export function hotspotPrefix(year: number, of: Composite): string {
  return `hotspots/${year}/${of}`;
}

/** Of composites whose cells have no Z, and why. */
export function hotspotRemarks(
  { of }: HotspotSettings,
  years: readonly number[],
  written: ReadonlyMap<string, WrittenRaster>,
): string[] {
  return years.flatMap((year) =>
    of.flatMap((which) => {
      const z = written.get(`${hotspotPrefix(year, which)}/z`);
      if (!z || z.statistics) return [];
      const composite = written.get(`${year}/composite/${which}`);
      const values = composite?.statistics;
      const why =
        composite && !values
          ? 'it is nodata everywhere'
          : values && values.min === values.max
            ? `it is ${values.min} everywhere, and ${hotspots.inputs.values.varied}`
            : hotspots.outputs.z.empty;
      return [`hot spots of ${NAMES[which]}, ${year}: ${why}`];
    }),
  );
}
