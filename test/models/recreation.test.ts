/** Equations (1)-(2) of recreation opportunity, by hand. */
import { NODATA } from '../../src/core/cells.ts';
import { entry } from '../../src/models/recreation/reference.ts';
import { describeModel } from '../support/describe-model.ts';

describeModel(entry, {
  worked: [
    {
      about: '(1), (2) equal weights: naturalness, attractions from 2 to 10, access e^0 and e^-1',
      inputs: {
        lulc: [2, 2, 5, 5, NODATA, 2, 2],
        density: [10, 2, 6, 10, 1, NODATA, 2],
        access: [0, 5000, 0, 1e6, 0, 0, NODATA],
      },
      tables: { biophysical: { 2: { naturalness: 1 }, 5: { naturalness: 0.1 } } },
      params: { density_low: 2, density_high: 10, reach: 5000 },
      // (1 + 1 + 1) / 3, (1 + 0 + 0.36787944) / 3, (0.1 + 0.5 + 1) / 3, (0.1 + 1 + 0) / 3
      outputs: { recreation: [1, 0.45595981, 1.6 / 3, 1.1 / 3, NODATA, NODATA, NODATA] },
    },
    {
      about: '(1) weights count by their share of the sum; (2) attractions that are alike everywhere count nothing',
      inputs: { lulc: [2, 5], density: [3, 3], access: [0, 0] },
      tables: { biophysical: { 2: { naturalness: 1 }, 5: { naturalness: 0.5 } } },
      params: { w_naturalness: 6, w_attractions: 1, w_access: 3, density_low: 3, density_high: 3 },
      outputs: { recreation: [0.9, 0.6] },
    },
    {
      about: '(1) no weight at all',
      inputs: { lulc: [2], density: [3], access: [0] },
      tables: { biophysical: { 2: { naturalness: 1 } } },
      params: { w_naturalness: 0, w_attractions: 0, w_access: 0, density_low: 0, density_high: 3 },
      outputs: { recreation: [0] },
    },
    {
      about: '(2) smallest and largest density are found where they are not given',
      inputs: { lulc: [2, 2, 2], density: [0.5, 2.5, 1.5], access: [0, 0, 0] },
      tables: { biophysical: { 2: { naturalness: 0 } } },
      params: { w_naturalness: 0, w_attractions: 1, w_access: 0 },
      outputs: { recreation: [0, 1, 0.5] },
    },
  ],
});
