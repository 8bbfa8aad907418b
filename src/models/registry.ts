/** The models by id. */
import { EcofluxError } from '../core/errors.ts';
import type { RegisteredModel } from '../core/model-reference.ts';
import * as entries from './index.ts';

export const MODELS: ReadonlyMap<string, RegisteredModel> = new Map(
  Object.values(entries).map((entry: RegisteredModel) => [entry.model.id, entry]),
);

export function modelOf(id: string): RegisteredModel {
  const entry = MODELS.get(id);
  if (entry) return entry;
  throw new EcofluxError('InvalidConfiguration', `there is no model '${id}'`, {
    expected: `one of ${[...MODELS.keys()].join(', ')}`,
  });
}
