/** Attributes as a file holds them, made into typed fields: the declared type where all values fit it, the next wider one where not. */
import type { FieldType, FieldValue, VectorField } from './layer.ts';

/** `object`: a nested value of JSON. */
export type RawValue = string | number | bigint | boolean | null | undefined | object;

export interface RawColumn {
  readonly name: string;
  /** What the file says the values are; undefined where it says nothing. */
  readonly declared?: FieldType;
  /** One of each feature; undefined and null are both no value. */
  readonly values: readonly RawValue[];
}

export interface Attributes {
  readonly fields: readonly VectorField[];
  /** Of each feature. */
  readonly rows: readonly Readonly<Record<string, FieldValue>>[];
}

/**
 * Integers beyond 2^53 make their column text, digit by digit, because a number cannot hold them. Numbers that are not finite
 * become null, nested values their JSON.
 */
export function typedAttributes(
  file: string,
  columns: readonly RawColumn[],
  count: number,
  warn: (text: string) => void,
): Attributes {
  const typed = columns.map((column) => {
    const type = typeOf(column);
    if (type === 'text' && column.values.some((value) => typeof value === 'bigint' && !isSafe(value)))
      warn(`${file}: the integers of column '${column.name}' are too large for numbers and are read as text`);
    return { name: column.name, type, values: column.values.map((value) => convert(value, type)) };
  });
  return {
    fields: typed.map(({ name, type }) => ({ name, type })),
    rows: Array.from({ length: count }, (_, i) =>
      Object.fromEntries(typed.map(({ name, values }) => [name, values[i] ?? null])),
    ),
  };
}

function typeOf({ declared, values }: RawColumn): FieldType {
  const kinds = new Set<FieldType>();
  for (const value of values) {
    const kind = kindOf(value);
    if (kind) kinds.add(kind);
  }
  if (kinds.size === 0) return declared ?? 'text';
  if (kinds.has('text') || declared === 'text') return 'text';
  if (kinds.has('boolean')) return kinds.size === 1 ? 'boolean' : 'text';
  return kinds.has('real') || declared === 'real' ? 'real' : 'integer';
}

function kindOf(value: RawValue): FieldType | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'bigint') return isSafe(value) ? 'integer' : 'text';
  if (typeof value !== 'number') return 'text';
  return Number.isFinite(value) ? (Number.isSafeInteger(value) ? 'integer' : 'real') : undefined;
}

function isSafe(value: bigint): boolean {
  return Number.isSafeInteger(Number(value));
}

function convert(value: RawValue, type: FieldType): FieldValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' && !Number.isFinite(value)) return null;
  if (type === 'text') return typeof value === 'object' ? JSON.stringify(value) : String(value);
  return typeof value === 'boolean' ? value : Number(value);
}
