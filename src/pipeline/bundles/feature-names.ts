/** What features are called in tables: after their files, told apart where these have one name in different folders. */
import { EcofluxError } from '../../core/errors.ts';
import type { BoundLayer } from '../layers.ts';

type Named = Pick<BoundLayer, 'shown' | 'mapping'>;

/** @throws EcofluxError InvalidConfiguration for names that are not as many as features, or not different */
export function featureNames(layers: readonly Named[], given: string | undefined): string[] {
  if (given !== undefined)
    return checked(
      given.split(',').map((name) => name.trim()),
      layers.length,
    );
  const files = new Set(layers.map(({ shown }) => shown)).size;
  if (files === 1 && layers.length > 1) return layers.map(({ mapping }) => `band_${mapping.band ?? 1}`);
  const paths = layers.map(({ shown }) => shown.replace(/\.[^./\\]*$/, '').split(/[/\\]/));
  for (let parts = 1; parts <= Math.max(...paths.map(({ length }) => length)); parts++) {
    const names = paths.map((path) => path.slice(-parts).join('_'));
    if (new Set(names).size === names.length) return names;
  }
  return paths.map((path, i) => `${path[path.length - 1]}_${i + 1}`);
}

function checked(names: string[], features: number): string[] {
  if (names.length === features && names.every((name) => name !== '') && new Set(names).size === features) return names;
  throw new EcofluxError('InvalidConfiguration', '--names does not name each feature', {
    found: names.join(', '),
    expected: `${features} different names, separated by commas`,
    fix: 'correct the names, or leave them out',
  });
}
