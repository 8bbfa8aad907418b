import type { Solver } from '../solver.ts';
import { solve } from './cpu.ts';
import { solve as gpu } from './gpu.ts';
import { WHOLE_GRID_BYTES } from './larger-tiles.ts';
import { reference } from './reference.ts';
import { spec } from './spec.ts';

export const flowOmnidirectional: Solver = { spec, reference, cpu: solve, gpu, bytesInOneThread: WHOLE_GRID_BYTES };
