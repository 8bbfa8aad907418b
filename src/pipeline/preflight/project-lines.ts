/** Lines to paste into a project file: a layer as it stands there, with one thing changed. */
import { withoutSecrets } from '../../core/errors.ts';
import { type LayerOptions, layerOptions } from '../layers.ts';
import type { Layer } from '../schema.ts';

/** `layers: { pawc: { file: data/pawc.tif, unit: '%' } }`. What is secret in an address is left out: the line is shown and logged. */
export function layerLine(name: string, layer: Layer, change: Partial<LayerOptions>): string {
  const given = layerOptions(layer);
  const options = Object.entries({ ...given, file: withoutSecrets(given.file), ...change }).filter(
    ([, value]) => value !== undefined,
  );
  return `layers: { ${name}: { ${options.map(([key, value]) => `${key}: ${flow(value)}`).join(', ')} } }`;
}

/** A value in YAML's flow style, quoted only where it has to be. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, each]) => `${key}: ${flow(each)}`)
      .join(', ')} }`;
  if (typeof value !== 'string') return String(value);
  return /^[A-Za-z_./][\w ./()-]*$/.test(value) && !/^(true|false|yes|no|on|off|null|y|n)$/i.test(value)
    ? value
    : JSON.stringify(value);
}
