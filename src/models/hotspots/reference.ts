import type { RegisteredModel } from '../../core/model-reference.ts';
import { hotspots } from './spec.ts';

/** It has no stage of its own: see src/solvers/getis_ord/reference.ts. */
export const entry = { model: hotspots, reference: {} } satisfies RegisteredModel;
