import type { Solver } from '../solver.ts';
import { solve } from './cpu.ts';
import { reference } from './reference.ts';
import { spec } from './spec.ts';

export const flowDirectional: Solver = { spec, reference, cpu: solve };
