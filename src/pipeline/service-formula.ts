/** The equation under a map of supply or demand. */
import type { ServiceSide } from './service-models.ts';

/** The equation of the model that gives the output. */
export function formulaOf({ model, output, normalised }: ServiceSide): string | undefined {
  const name = `${output.replace(/_(bas|alt|c)$/, '').replace(/^[np]_/, '')} =`; // one equation for all maps and nutrients
  const parts = model?.equations.flatMap((text) => text.replace(/^\(\d+\) /, '').split(/[,;] {2}/)) ?? [];
  const equation = parts.find((part) => part.startsWith(name));
  return equation && normalised ? `${equation}, scaled to 0..1 over all years` : equation;
}
