/** Checked by tsc in table-types.test.ts, not run: the names of a table as string-literal unions. */
import type {
  EntryNames,
  ParamNames,
  ReadNames,
  ShaderTable,
  TableFields,
  TableNames,
  WriteNames,
} from '../../src/core/shader-table.ts';

const TABLE = {
  decay: {
    file: 'shaders/models/decay.wgsl',
    code: '' as string,
    entries: {
      retain: {
        workgroup: 'tile',
        uniforms: ['tile', 'params'],
        bindings: [
          { name: 'lulc', group: 0, binding: 0, access: 'read', type: 'u32', stride: 4 },
          {
            name: 'retention',
            group: 0,
            binding: 1,
            access: 'read',
            type: 'Retention',
            stride: 8,
            table: {
              stride: 8,
              fields: [
                { name: 'efficiency', offset: 0, type: 'f32' },
                { name: 'critical_length', offset: 4, type: 'f32' },
              ],
            },
          },
          {
            name: 'loads',
            group: 0,
            binding: 2,
            access: 'read_write',
            type: 'f32',
            stride: 4,
            planes: ['kept', 'exported'],
          },
          { name: 'total', group: 0, binding: 3, access: 'read_write', type: 'f32', stride: 4 },
        ],
      },
      count: { workgroup: [256, 1, 1], uniforms: [], bindings: [] },
    },
    params: { size: 4, fields: [{ name: 'steepness', offset: 0, type: 'f32' }] },
    overrides: {},
    lines: [{ file: 'shaders/models/decay.wgsl', from: 1 }],
  },
  bare: { file: '', code: '' as string, entries: {}, overrides: {}, lines: [{ file: '', from: 1 }] },
} as const satisfies ShaderTable;

type Decay = typeof TABLE.decay;
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <T extends true>(): T | undefined => undefined;

holds<Same<EntryNames<Decay>, 'retain' | 'count'>>();
holds<Same<ReadNames<Decay, 'retain'>, 'lulc' | 'retention'>>();
holds<Same<WriteNames<Decay, 'retain'>, 'kept' | 'exported' | 'total'>>();
holds<Same<TableNames<Decay, 'retain'>, 'retention'>>();
holds<Same<TableFields<Decay, 'retain', 'retention'>, 'efficiency' | 'critical_length'>>();
holds<Same<ReadNames<Decay, 'count'>, never>>();
holds<Same<ParamNames<Decay>, 'steepness'>>();
holds<Same<ParamNames<typeof TABLE.bare>, never>>();

// @ts-expect-error the packed buffer itself is no plane
export const packed: WriteNames<Decay, 'retain'> = 'loads';
// @ts-expect-error not an entry point
export type Unknown = ReadNames<Decay, 'retained'>;
export const params: Record<ParamNames<Decay>, number> = { steepness: 1 };
// @ts-expect-error a field renamed in the shader stops the compiler here
export const renamed: Record<ParamNames<Decay>, number> = { slope: 1 };
