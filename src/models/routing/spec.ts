import { defineModel } from '../../core/model.ts';
import { D8, DRAINS, FLOW_DIRECTION, REACH, SHARES, STREAM } from './classes.ts';

/** Where water flows over a terrain, and where it gathers: InVEST's routing, on any grid. */
export const routing = defineModel({
  id: 'routing',
  title: 'Routing of water',
  about: 'Filled terrain, flow directions and accumulation, streams, and the distance along the flow to them.',
  equations: [
    '(1) direction: D8: the code of the direction, 0 east, 1 north-east, … 7 south-east; MFD: eight shares of four bits',
    '(2) distance = steps · width of a cell, a diagonal step √2 of it; nodata where no stream is reached',
    '(3) a cell drains to a stream where it has a way to one',
    'the operators behind: fill_depressions, flow_direction, flow_accumulation, streams, distance_to_stream',
  ],
  sources: [
    'InVEST 3.20 and pygeoprocessing 2.4',
    'invest-models.md section 4',
    'Horn 1981, Proceedings of the IEEE 69',
  ],
  inputs: { dem: { about: 'elevation', unit: 'm', kind: 'quantity', invest: 'dem_path', plausible: [-500, 9000] } },
  params: {
    algorithm: {
      about: 'all water to the steepest neighbour, or shares of it to all lower ones',
      unit: '1',
      choices: ['d8', 'mfd'],
      default: 0,
    },
    threshold: {
      about: 'cells whose water makes a stream',
      unit: 'cells',
      range: [0, Infinity],
      default: 1000, // as in InVEST's sample data
    },
  },
  outputs: {
    filled: { about: 'elevation without depressions', unit: 'm' },
    direction: { ...FLOW_DIRECTION, by: { param: 'algorithm', values: { 0: D8 } } },
    accumulation: { about: 'cells whose water flows through, itself included', unit: 'cells', range: [1, Infinity] },
    slope: { about: 'slope of the filled terrain', unit: '%', range: [0, Infinity] },
    stream: STREAM,
    distance: { about: 'way along the flow to the stream', unit: 'm', range: [0, Infinity] },
    shares: SHARES,
    reach: REACH,
    steps: { about: 'way along the flow to the stream', unit: 'cells', intermediate: true },
    drains: DRAINS,
  },
  metric: true,
  square: true,
  stages: [
    { solve: 'fill_depressions' },
    { solve: 'flow_direction', bind: { direction: 'shares' } },
    { solve: 'flow_accumulation', bind: { direction: 'shares' }, params: ({ threshold }) => ({ threshold, trace: 1 }) },
    { solve: 'streams', bind: { direction: 'shares' } },
    { solve: 'distance_to_stream', bind: { direction: 'shares' } },
    { local: 'direction_code', bind: { direction: 'shares', code: 'direction' } },
    { focal: 'slope', shader: 'slope', halo: 1, bind: { dem: 'filled', slope_percent: 'slope' } },
    { local: 'distance_in_metres', bind: { metres: 'distance' } },
    { local: 'drains_to_stream', bind: { direction: 'shares', way: 'steps' } },
  ],
  tolerance: {
    rtol: 1e-5,
    atol: 0,
    because: 'a sum along the flow, in float32 on devices (invest-models.md section 5)',
  },
  tolerances: {
    slope: { rtol: 1e-5, atol: 1e-4, because: 'differences of a float32 DEM (invest-models.md section 4.7)' },
  },
});
