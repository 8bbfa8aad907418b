/** What the build writes: deterministic text, only when it changed, with a source map that leads back to the files. */
import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildShaderTable, shaderModule, writeShaderModule } from '../../scripts/build-shaders.mjs';
import { originalPosition } from '../../src/core/shader-table.ts';
import { SHADERS, TILE_LAYOUT } from '../../src/generated/shaders.ts';
import { describeOnDevices } from '../support/devices.ts';
import { DECAY, ROOT, shaderProject } from './shader-project.ts';

test('the generated table is that of the shaders as they are now', () => {
  expect(readFileSync(join(ROOT, 'src/generated/shaders.ts'), 'utf8')).toBe(shaderModule(buildShaderTable(ROOT)));
});

test('one shader, completely', () => {
  const { decay } = buildShaderTable(shaderProject({ 'models/decay.wgsl': DECAY })).shaders;
  const { code, lines, ...reflected } = decay;
  const lulc = { name: 'lulc', group: 0, binding: 0, access: 'read', type: 'u32', stride: 4 };
  expect(reflected).toEqual({
    file: 'shaders/models/decay.wgsl',
    entries: {
      retain: {
        workgroup: 'tile',
        uniforms: ['tile', 'params'],
        bindings: [
          lulc,
          {
            ...{ name: 'retention', group: 0, binding: 1, access: 'read', type: 'Retention', stride: 12 },
            table: {
              stride: 12,
              fields: [
                { name: 'efficiency', offset: 0, type: 'f32' },
                { name: 'critical_length', offset: 4, type: 'f32' },
                { name: 'group', offset: 8, type: 'u32' },
              ],
            },
          },
          { name: 'load', group: 0, binding: 2, access: 'read', type: 'f32', stride: 4 },
          {
            ...{ name: 'loads', group: 0, binding: 3, access: 'read_write', type: 'f32', stride: 4 },
            planes: ['retained', 'exported'],
          },
        ],
      },
      count: {
        workgroup: [256, 1, 1],
        uniforms: ['params'],
        bindings: [
          lulc,
          { name: 'histogram', group: 0, binding: 4, access: 'read_write', type: 'u32', stride: 4, atomic: true },
        ],
      },
    },
    params: {
      size: 8,
      fields: [
        { name: 'steepness', offset: 0, type: 'f32' },
        { name: 'steps', offset: 4, type: 'u32' },
      ],
    },
    overrides: { WORKGROUP_X: 64, WORKGROUP_Y: 4 },
  });
  expect(lines.map(({ file }) => file)).toEqual(
    ['lib/tile', 'lib/nodata', 'lib/opaque', 'lib/two-sum', 'lib/math', 'models/decay'].map(
      (name) => `shaders/${name}.wgsl`,
    ),
  );
  expect(code.match(/fn opaque\(/g)).toHaveLength(1);
});

test('every line of the joined text leads back to the same line of its file', () => {
  const root = shaderProject({ 'models/decay.wgsl': DECAY });
  const { decay } = buildShaderTable(root).shaders;
  const files = new Map<string, string[]>();
  decay.code
    .trimEnd()
    .split('\n')
    .forEach((text, i) => {
      const { file, line, column } = originalPosition(decay, i + 1, 7);
      if (!files.has(file)) files.set(file, readFileSync(join(root, file), 'utf8').split('\n'));
      expect(text.replace(/^\/\/ imports /, '#import ')).toBe(files.get(file)?.[line - 1]);
      expect(column).toBe(7);
    });
  expect(files.size).toBe(6);
});

test('the same shaders give the same bytes, and an unchanged file is left alone', () => {
  const root = shaderProject({ 'models/decay.wgsl': DECAY, 'models/a.wgsl': DECAY });
  const path = join(root, 'src/generated/shaders.ts');
  expect(writeShaderModule(root)).toBe(true);
  const first = readFileSync(path, 'utf8');
  utimesSync(path, 1000, 1000);
  expect(writeShaderModule(root)).toBe(false);
  expect(statSync(path).mtimeMs).toBe(1_000_000);
  writeFileSync(
    join(root, 'shaders/models/decay.wgsl'),
    DECAY.replace('steepness: f32', 'slope: f32').replace('params.steepness', 'params.slope'),
  );
  expect(writeShaderModule(root)).toBe(true);
  expect(readFileSync(path, 'utf8')).toBe(
    first.replace(/(decay\.wgsl"[\s\S]*)$/, (end) => end.replaceAll('steepness', 'slope')),
  );
});

test('text that a template would change survives the module', async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what is tested
  const awkward = DECAY.replace('// Decay', '// `Decay` ${of} \\n');
  const table = buildShaderTable(shaderProject({ 'models/decay.wgsl': awkward }));
  const text = shaderModule(table);
  const body = text.match(/code: (`(?:\\.|[^\\`])*`) as string/)?.[1];
  expect(new Function(`return ${body}`)()).toBe(table.shaders.decay.code);
});

test('the layout of Tile', () => {
  const fields = TILE_LAYOUT.fields.map(({ name, offset, type }) => `${offset} ${name} ${type}`);
  expect(fields).toEqual([
    '0 width u32',
    '4 height u32',
    '8 pitch u32',
    '12 halo u32',
    '16 plane u32',
    '20 x u32',
    '24 y u32',
    '28 grid_width u32',
    '32 grid_height u32',
    '36 cell_width f32',
    '40 cell_height f32',
    '44 opaque_key u32',
  ]);
  expect(TILE_LAYOUT.size).toBe(48);
});

describeOnDevices('shaders', (get) => {
  test('a compile error leads to file, line and column', async () => {
    const shader = buildShaderTable(
      shaderProject({
        'models/decay.wgsl': DECAY.replace('loads[i + tile.plane] = left', 'loads[i + tile.plane] = lefd'),
      }),
    ).shaders.decay;
    get().pushErrorScope('validation');
    const { messages } = await get().createShaderModule({ code: shader.code }).getCompilationInfo();
    expect(await get().popErrorScope()).not.toBeNull();
    const { lineNum, linePos } = messages.find(({ type }) => type === 'error') as GPUCompilationMessage;
    expect(originalPosition(shader, lineNum, linePos)).toEqual({
      file: 'shaders/models/decay.wgsl',
      line: 41,
      column: 27,
    });
  });

  test.each(Object.keys(SHADERS) as (keyof typeof SHADERS)[])('%s compiles without messages', async (id) => {
    const { messages } = await get().createShaderModule({ code: SHADERS[id].code }).getCompilationInfo();
    expect(messages.map(({ message }) => message)).toEqual([]);
  });
});
