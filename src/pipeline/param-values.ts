/** A parameter as a user writes it: its unit converted, its range checked. */
import { EcofluxError, locate } from '../core/errors.ts';
import type { ParamSpec } from '../core/model.ts';
import { conversion, parseQuantity, parseUnit } from '../core/quantity.ts';
import { nearest } from './nearest.ts';

/**
 * The value in the unit of the specification; where that is any unit, the value as written and the unit it was written in.
 * @throws EcofluxError InvalidConfiguration
 */
export function readParam(
  name: string,
  spec: ParamSpec,
  text: string | number,
): { readonly value: number; readonly unit?: string } {
  if (spec.choices) return { value: choiceOf(name, spec.choices, String(text)) };
  const any = spec.unit.startsWith('any');
  const named = <T>(read: () => T): T => {
    try {
      return read();
    } catch (error) {
      throw locate(error, { place: name });
    }
  };
  const quantity = named(() => parseQuantity(text));
  const bare = quantity.unit.text === '1';
  const factor = bare || any ? 1 : named(() => conversion(quantity.unit, parseUnit(spec.unit)));
  const value = quantity.value * factor;
  const [low, high] = spec.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const fault = (what: string, expected?: string) =>
    new EcofluxError('InvalidConfiguration', `${name} ${what}`, {
      found: String(text),
      expected,
      fix: 'correct the value',
    });
  if (!(value >= low && value <= high)) throw fault('is out of range', `${low} to ${high}`);
  if (spec.integer && !Number.isInteger(value)) throw fault('is no whole number');
  return { value, unit: any && !bare ? quantity.unit.text : undefined };
}

/** The value as a user would write it. */
export function shownParam({ choices }: Pick<ParamSpec, 'choices'>, value: number): string | number {
  return choices?.[value] ?? value;
}

/** The number behind the name of a choice; upper case is as good as lower. */
function choiceOf(name: string, choices: readonly string[], text: string): number {
  const index = choices.indexOf(text.trim().toLowerCase());
  if (index >= 0) return index;
  const close = nearest(text, choices);
  throw new EcofluxError('InvalidConfiguration', `${name} is none of its choices`, {
    found: text,
    expected: choices.join(' or '),
    fix: close ? `write '${close}'` : 'choose one of them',
  });
}
