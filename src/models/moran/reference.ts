import type { RegisteredModel } from '../../core/model-reference.ts';
import { moran } from './spec.ts';

/** It has no stage of its own: see src/solvers/morans_i/reference.ts. */
export const entry = { model: moran, reference: {} } satisfies RegisteredModel;
