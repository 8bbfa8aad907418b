/** What the steps after supply and demand build on. */
import type { InputSpec } from '../../core/model.ts';
import type { GraphBuilder } from '../../engine/graph-builder.ts';
import type { AnalysisOutput } from '../analysis-output.ts';
import type { PreparedProject } from '../prepare.ts';

/** Of supply and demand, drawn with its year and summed up. */
export type ServiceMap = Omit<AnalysisOutput, 'id' | 'step' | 'drawn' | 'totals' | 'year'> & { readonly year: number };

export interface StepContext {
  readonly prepared: PreparedProject;
  readonly graph: GraphBuilder;
  /** Fields of supply and demand, in the unit of the service. */
  readonly sides: (year: number, code: string) => { readonly supply: string; readonly demand: string };
  /** Records with the range of a side over all years. */
  readonly rangeOf: (code: string, side: 'supply' | 'demand') => string;
  readonly source: (layer: string, year: number, spec: InputSpec) => string;
  /** The field of zone numbers. */
  readonly zones: () => string;
  /** Makes a file of a field. */
  readonly put: (output: AnalysisOutput) => void;
  readonly putWithTotals: (output: ServiceMap) => void;
}
