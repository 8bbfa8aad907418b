/** Each convention of shaders is refused with its place and its fix when broken; everything else in the shader is as it should be. */
import { expect, test } from 'vitest';
import { buildShaderTable, ShaderBuildError } from '../../scripts/build-shaders.mjs';
import { DECAY, shaderProject } from './shader-project.ts';

function messagesOf(files: Record<string, string>): string[] {
  try {
    buildShaderTable(shaderProject(files));
  } catch (error) {
    if (error instanceof ShaderBuildError) return error.problems;
    throw error;
  }
  return [];
}

test('the control shader is accepted', () => {
  expect(messagesOf({ 'models/decay.wgsl': DECAY })).toEqual([]);
});

/** What is replaced by what, and the whole message. */
const REFUSALS: readonly [find: string, replacement: string, message: string][] = [
  [
    '// Decay of a load with distance, per class.',
    '',
    ':1:1: no header. Begin with a line "// what this file is for".',
  ],
  ['exp_accurate(', 'exp(', ':27:17: the built-in exp is not accurate enough. Use exp_accurate, with "#import math".'],
  [
    'load * exp_accurate(-params.steepness / row.critical_length)',
    'fma(load, exp_accurate(-params.steepness), 1.0)',
    ':27:10: the built-in fma is not accurate enough. Write a * b + c, or two_prod of "#import two-sum" where the error term matters: fma may round twice.',
  ],
  [
    'load * exp_accurate',
    'pow (load, 2.0) * exp_accurate',
    ':27:10: the built-in pow is not accurate enough. Use pow_accurate, with "#import math".',
  ],
  ['#import math', '#import mathematics', ':4:1: there is no library "mathematics". Libraries in shaders/lib: '],
  [
    '#import math',
    '#import "math"',
    ':4:1: cannot read this import. Write "#import name", one per line, without quotes, path or extension.',
  ],
  ['#import math', '#import math\n#import u64', ':5:1: the import "u64" is not used. Remove it.'],
  ['#import math', '#import math\n#import math', ':5:1: "math" is imported twice. Remove one of the two.'],
  [
    '#import math',
    '#define X 1\n#import math',
    ':4:1: unknown directive "#define". The only directive is "#import name"; variants are override constants.',
  ],
  ['#import math', 'enable f16;\n#import math', ':4:1: "enable" is not supported. Stay within core WGSL.'],
  [
    '  steepness: f32,',
    '  steepness: vec2<f32>,',
    ':7:3: a field of Params, "steepness", is vec2<f32>. Use f32, u32, i32.',
  ],
  [
    '  group: u32,',
    '  group: vec3<u32>,',
    ':14:3: a field of the rows of "retention", "group", is vec3<u32>. Use f32, u32, i32.',
  ],
  [
    '@binding(2) var',
    '@binding(5) var',
    ':19:1: "load" has binding 5. Number the bindings of group 0 from 0 in the order of the file; here 2.',
  ],
  [
    '@group(0) @binding(4) var<storage, read_write> histogram: array<atomic<u32>>;',
    '@group(0) @binding(4) var<storage, read> histogram: array<u32>;',
    ':22:1: "histogram" is read, but comes after "loads", which is written. Reads come first.',
  ],
  [
    'var<storage, read> load: array<f32>',
    'var<storage, read> load: array<f32, 100>',
    ':19:1: "load" is array<f32,100>. Use array<T> without a length, with T one of f32, u32, i32, a vector of them, or a struct.',
  ],
  [
    'var<storage, read> load: array<f32>',
    'var<storage, read> load: array<mat2x2<f32>>',
    ':19:1: "load" is array<mat2x2<f32>>. Use array<T> without a length, with T one of f32, u32, i32, a vector of them, or a struct.',
  ],
  [
    'var<storage, read> load: array<f32>',
    'var<uniform> load: array<f32>',
    ':19:1: "load" in group 0 is var<uniform>. Use var<storage, read> or var<storage, read_write>.',
  ],
  [
    '@group(1) @binding(1) var<uniform> params: Params',
    '@group(2) @binding(0) var<uniform> params: Params',
    ':24:1: "params: Params" is at group 2, binding 0. Data is in group 0; group 1 has binding 0 "var<uniform> tile: Tile" and binding 1 "var<uniform> params: Params".',
  ],
  [
    '@group(1) @binding(1) var<uniform> params: Params',
    '@binding(1) @group(1) var<uniform> params: Params',
    ':17:1: cannot read the bindings. Write each as "@group(0) @binding(1) var<storage, read> name: array<f32>;".',
  ],
  [
    '// planes: retained exported\n@group(0) @binding(3)',
    '// planes: retained exported\n\n@group(0) @binding(3)',
    ':20:1: "planes:" is not above a binding. Put it on the line right above the binding it describes.',
  ],
  [
    '@group(0) @binding(2)',
    '// planes: first second\n@group(0) @binding(2)',
    ':19:1: "load" is read, so it cannot be packed. Planes are packed in written buffers only; bind each read plane.',
  ],
  [
    '@group(0) @binding(4)',
    '// planes: a b\n@group(0) @binding(4)',
    ':22:1: packed planes of array<atomic<u32>>. Use array<f32>, array<u32> or array<i32>.',
  ],
  ['// planes: retained exported', '// planes:', ':20:1: no planes are named. Write "// planes: first second".'],
  [
    '// planes: retained exported',
    '// planes: retained Exported',
    ':20:1: "Exported" is not a plane name. Use snake_case names separated by spaces.',
  ],
  [
    '// planes: retained exported',
    '// planes: retained load',
    ':20:1: "load" is the name of another plane or binding. Rename one of them.',
  ],
  [
    '@compute @workgroup_size(256)\n',
    '@compute @workgroup_size(512)\n',
    ':45:1: the workgroup size of "count" is not one that runs everywhere. Use @workgroup_size(WORKGROUP_X, WORKGROUP_Y), or integers whose product is at most 256.',
  ],
  [
    '@compute @workgroup_size(256)\n',
    '@compute @workgroup_size(WORKGROUP_X)\n',
    ':45:1: the workgroup size of "count" is not one that runs everywhere. Use @workgroup_size(WORKGROUP_X, WORKGROUP_Y), or integers whose product is at most 256.',
  ],
  ['@compute @workgroup_size(256)\n', '', ':22:1: no entry point uses "histogram". Remove the binding.'],
  [
    '@compute @workgroup_size(256)\n',
    '@fragment ',
    ':44:11: "count" is not a compute entry point. Only @compute is used here.',
  ],
  [
    '  let left = decay',
    '  let load = 1.0;\n  let left = decay',
    ':39:3: "load" hides the binding of that name. Rename the local value.',
  ],
  ['fn decay(', 'fn is_nodata(', ':26:1: "is_nodata" is already declared in shaders/lib/nodata.wgsl. Rename it.'],
  [
    'fn decay(',
    'override limit: u32;\nfn decay(',
    ':26:10: override limit = NaN: no number by default. Give it a literal default.',
  ],
  [
    '  loads[i + tile.plane] = left;',
    '  loads[i + tile.plane] = = left;',
    ":41:1: wgsl_reflect cannot parse this: Expected ';' after statement. Look at this line and the one before; where it is valid WGSL, write it in a plainer way.",
  ],
];

test.each(REFUSALS)('%j → %j', (find, replacement, message) => {
  expect(DECAY).toContain(find);
  const problems = messagesOf({ 'models/decay.wgsl': DECAY.replace(find, replacement) });
  expect(problems.map((problem) => problem.slice(0, `shaders/models/decay.wgsl${message}`.length))).toContain(
    `shaders/models/decay.wgsl${message}`,
  );
});

test('nine storage buffers in one entry point are too many, and packing is offered', () => {
  const names = 'abcdefghi'.split('');
  const body = names
    .map((name, i) => `@group(0) @binding(${i}) var<storage, read_write> ${name}: array<f32>;\n`)
    .join('');
  const use = (some: string[]) => some.map((name) => `${name}[0] = 1.0;`).join(' ');
  const shader = (...entries: string[][]) =>
    `// Many.\n${body}${entries.map((some, i) => `@compute @workgroup_size(64)\nfn entry_${i}() { ${use(some)} }\n`).join('')}`;
  expect(messagesOf({ 'models/many.wgsl': shader(names) })).toEqual([
    'shaders/models/many.wgsl:12:1: "entry_0" uses 9 storage buffers, more than 8. Pack written planes of one type in one buffer ("// planes: a b"), or split the entry point.',
  ]);
  expect(messagesOf({ 'models/many.wgsl': shader(names.slice(0, 8), names.slice(8)) })).toEqual([]);
});

test('a library that needs the global tile asks for it', () => {
  const shader =
    '// Sum.\n#import two-sum\n@group(0) @binding(0) var<storage, read_write> out: array<f32>;\n@compute @workgroup_size(1)\nfn add() { out[0] = two_sum(out[1], out[2]).y; }\n';
  expect(messagesOf({ 'models/add.wgsl': shader })).toEqual([
    'shaders/models/add.wgsl:1:1: "opaque" of shaders/lib/opaque.wgsl needs the global "tile". Add "@group(1) @binding(0) var<uniform> tile: Tile;" and "#import tile".',
  ]);
});

test('libraries have neither bindings nor entry points, and do not import in circles', () => {
  expect(
    messagesOf({
      'lib/one.wgsl': '// One.\n#import two\nfn one() -> f32 { return two(); }\n',
      'lib/two.wgsl': '// Two.\n#import one\nfn two() -> f32 { return one(); }\n',
      'lib/three.wgsl':
        '// Three.\n@group(0) @binding(0) var<storage, read> three: array<f32>;\n@compute @workgroup_size(1) fn go() {}\n',
      'models/user.wgsl':
        '// User.\n#import one\n@group(0) @binding(0) var<storage, read_write> out: array<f32>;\n@compute @workgroup_size(1)\nfn go() { out[0] = one(); }\n',
    }),
  ).toEqual([
    'shaders/lib/three.wgsl:2:1: a library cannot bind "three". Pass it as an argument.',
    'shaders/lib/three.wgsl:3:29: a library cannot have entry point "go". Move it to shaders/models.',
    'shaders/lib/two.wgsl:2:1: imports go round in a circle: shaders/lib/one.wgsl → shaders/lib/two.wgsl → shaders/lib/one.wgsl. Remove one of them.',
  ]);
});

test('an id is taken once', () => {
  expect(messagesOf({ 'models/decay.wgsl': DECAY, 'primitives/decay.wgsl': DECAY })).toEqual([
    'shaders/primitives/decay.wgsl:1:1: the id "decay" is taken by shaders/models/decay.wgsl. Rename one of them.',
  ]);
  expect(messagesOf({ 'models/Decay.wgsl': DECAY })).toEqual([
    'shaders/models/Decay.wgsl:1:1: "Decay" cannot be an id. Rename the file: lower-case words joined by - or _.',
  ]);
});

test('all problems of all files are told at once', () => {
  const problems = messagesOf({
    'models/decay.wgsl': DECAY.replace('  group: u32,', '  group: bool,').replace('exp_accurate(', 'exp('),
    'models/other.wgsl': DECAY.replace('#import math', '#import maths'),
  });
  expect(problems.map((problem) => problem.split(':', 2).join(':')).sort()).toEqual([
    'shaders/models/decay.wgsl:14',
    'shaders/models/decay.wgsl:27',
    'shaders/models/decay.wgsl:4',
    'shaders/models/other.wgsl:4',
  ]);
});
