import type { Solver } from '../solver.ts';
import { solve as cpu } from './cpu.ts';
import { solve as gpu } from './gpu.ts';
import { reference } from './reference.ts';
import { spec } from './spec.ts';

export const getisOrd: Solver = { spec, reference, cpu, gpu };
