import type { RegisteredModel } from '../../core/model-reference.ts';
import { attraction_density } from './spec.ts';

/** It has no stage of its own: see src/solvers/convolve/reference.ts. */
export const entry = { model: attraction_density, reference: {} } satisfies RegisteredModel;
