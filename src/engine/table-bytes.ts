/** Class tables and reduction records as the device lays them out; every offset comes from the shader's reflection. */
import type { ClassRows, Values } from '../core/model.ts';
import type { FieldLayout, RowLayout } from '../core/shader-table.ts';

/** Rows from code 0 to the largest code; codes without a row are zeros, which no valid cell looks up. */
export function packRows(rows: ClassRows, { stride, fields }: RowLayout): Uint8Array {
  const last = Math.max(0, ...rows.keys());
  const bytes = new Uint8Array((last + 1) * stride);
  const view = new DataView(bytes.buffer);
  for (const [code, row] of rows) for (const field of fields) write(view, code * stride, field, row[field.name]);
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
