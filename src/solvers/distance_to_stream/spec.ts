import { defineSolver } from '../../core/solver.ts';

export const spec = defineSolver({
  id: 'distance_to_stream',
  title: 'Distance to stream along the flow',
  about:
    'Length of the way that water takes to the stream, in cells and as a sum of weights; nodata where it reaches none.',
  equations: [
    'D8: dist(i) = dist(next) + g(i); g = weight(i), or a step of 1 or sqrt(2)',
    'MFD: dist(i) = sum of share(n) (dist(n) + g(n)) / sum of share(n) over downslope n that reach a stream; g = weight(n), or the step',
  ],
  sources: ['invest-models.md section 4.6'],
  inputs: {
    direction: { about: 'eight shares of four bits', unit: '1', type: 'u32' },
    stream: { about: '1 on streams', unit: '1', type: 'u32' },
    weight: { about: 'added on the way instead of steps; nodata counts 0', unit: '1', type: 'f32', optional: true },
  },
  outputs: {
    steps: { about: 'steps of 1 and sqrt(2)', unit: 'cells', type: 'f32' },
    weighted: { about: 'sum of weights, steps not counted', unit: '1', type: 'f32' },
  },
  params: { algorithm: { about: 'where water goes', unit: '1', choices: ['d8', 'mfd'] } },
  tolerance: { rtol: 1e-5, atol: 0, because: 'a sum along the flow, in float32 on devices' },
});
