import type { RegisteredModel } from '../../core/model-reference.ts';
import { convolve } from './spec.ts';

/** It has no stage of its own: see src/solvers/convolve/reference.ts. */
export const entry = { model: convolve, reference: {} } satisfies RegisteredModel;
