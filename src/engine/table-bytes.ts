/** Class tables and reduction records as the device lays them out; every offset comes from the shader's reflection. */
import { EcofluxError } from '../core/errors.ts';
import type { FieldLayout, RowLayout } from '../core/shader-table.ts';
import type { ClassRows, Values } from '../core/values.ts';

// A code is the row it stands in, so a table is as long as its largest code.
const LARGEST_TABLE = 64 * 2 ** 20;

/**
 * Rows from code 0 to the largest code; codes without a row are zeros, which no valid cell looks up.
 * @throws EcofluxError InvalidInput for codes that cannot number a row
 */
export function packRows(rows: ClassRows, { stride, fields }: RowLayout, name = 'a class table'): Uint8Array {
  let last = 0;
  for (const code of rows.keys()) {
    if (!Number.isInteger(code) || code < 0 || (code + 1) * stride > LARGEST_TABLE)
      throw new EcofluxError('InvalidInput', `${name} has a class code that cannot be used`, {
        found: `class ${code}`,
        expected: `whole numbers from 0 to ${Math.floor(LARGEST_TABLE / stride) - 1}`,
        fix: 'give the classes smaller codes',
      });
    if (code > last) last = code;
  }
  const bytes = new Uint8Array((last + 1) * stride);
  const view = new DataView(bytes.buffer);
  for (const [code, row] of rows) for (const field of fields) write(view, code * stride, field, row[field.name] ?? 0); // a column that this run does not need
  return bytes;
}

export function unpackRows(bytes: ArrayBuffer, { stride, fields }: RowLayout, count: number): Values[] {
  const view = new DataView(bytes);
  return Array.from({ length: count }, (_, i) =>
    Object.fromEntries(fields.map((field) => [field.name, read(view, i * stride, field)])),
  );
}

function write(view: DataView, start: number, { offset, type }: FieldLayout, value: number): void {
  if (type === 'f32') view.setFloat32(start + offset, value, true);
  else view.setUint32(start + offset, value, true);
}

function read(view: DataView, start: number, { offset, type }: FieldLayout): number {
  if (type === 'f32') return view.getFloat32(start + offset, true);
  return type === 'u32' ? view.getUint32(start + offset, true) : view.getInt32(start + offset, true);
}
