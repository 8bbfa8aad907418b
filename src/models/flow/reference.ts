import type { RegisteredModel } from '../../core/model-reference.ts';
import { flow } from './spec.ts';

/** It has no stage of its own: see src/solvers/flow_omnidirectional and flow_directional. */
export const entry = { model: flow, reference: {} } satisfies RegisteredModel;
