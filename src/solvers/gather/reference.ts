import { NODATA_CODE } from '../../core/cells.ts';
import type { SolverReference } from '../../core/solver.ts';

export const reference: SolverReference = ({ index, codes }) => ({
  gathered: Float64Array.from(index, (i) => (i === NODATA_CODE ? NODATA_CODE : codes[i])),
});
