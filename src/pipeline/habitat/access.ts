/** How far threats reach by polygons with a field ACCESS: 1 where there is none, the value of the last polygon where there are several, as in InVEST. */
import { EcofluxError } from '../../core/errors.ts';
import type { Grid } from '../../core/grid.ts';
import type { FieldReader } from '../../engine/run.ts';
import type { FeaturePolygons, VectorLayer } from '../../io/vector/layer.ts';
import { rasterize } from '../../io/vector/rasterize.ts';
import { type CellSpans, forEachSpan } from '../../io/vector/rasterize-spans.ts';

/** Access is open everywhere. */
export const OPEN: FieldReader = accessOf([]);

/** @throws EcofluxError InvalidInput for a layer without the field, and for values that are no numbers from 0 to 1 */
export function accessReader(layer: VectorLayer, features: readonly FeaturePolygons[], grid: Grid): FieldReader {
  const { file, fields } = layer;
  const field = fields.find(({ name }) => name.toLowerCase() === 'access')?.name;
  if (field === undefined)
    throw new EcofluxError('InvalidInput', "the layer has no field 'access'", {
      file,
      found: fields.map(({ name }) => name).join(', ') || 'no fields',
      fix: 'add access: 0 where threats do not reach, 1 where they reach fully',
    });
  return accessOf(
    features.map(({ feature: { fid, properties }, polygons }) => {
      const text = properties[field];
      const value =
        typeof text === 'number' ? text : typeof text === 'string' && text.trim() !== '' ? Number(text) : Number.NaN;
      if (!(value >= 0 && value <= 1))
        throw new EcofluxError('InvalidInput', 'access is no number from 0 to 1', {
          file,
          place: `feature ${fid}`,
          found: text === null || text === '' ? 'nothing' : JSON.stringify(text),
          fix: 'correct the value',
        });
      return { value, spans: rasterize(polygons, grid) };
    }),
  );
}

function accessOf(parts: readonly { readonly value: number; readonly spans: CellSpans }[]): FieldReader {
  return {
    async read(window) {
      const plane = new Float32Array(window.width * window.height).fill(1);
      for (const { value, spans } of parts)
        forEachSpan(spans, window, (row, from, to) => {
          const start = (row - window.y) * window.width - window.x;
          plane.fill(value, start + from, start + to);
        });
      return plane;
    },
  };
}
