import { EcofluxError } from '../../core/errors.ts';

/** A number as written, in a range. @throws EcofluxError InvalidConfiguration */
export function numberOf(
  option: string,
  text: string | undefined,
  fallback: number,
  [low, high]: readonly [number, number],
): number {
  if (text === undefined) return fallback;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= low && value <= high) return value;
  throw new EcofluxError('InvalidConfiguration', `${option} is no number from ${low} to ${high}`, {
    found: `'${text}'`,
    fix: 'correct the value',
  });
}
