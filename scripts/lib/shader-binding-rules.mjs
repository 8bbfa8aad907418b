// Conventions of bindings, packed planes and entry points: what lets the engine bind, pack and dispatch any model without
// knowing it. Each message names the place and the fix.
import { problemAt } from './shader-source.mjs';

const SCALARS = ['f32', 'u32', 'i32'];
const MAX_STORAGE_BUFFERS = 8;
const MAX_WORKGROUP = 256;

/** Groups, bindings, and the types of what is bound. `structs` are those of the whole shader by name. */
export function checkBindings(source, structs, problems) {
  const { bindings } = source.declared;
  const fail = (binding, what, fix) => problems.push(problemAt(source, binding.offset, what, fix));
  const attributes = source.code.match(/@(group|binding)\b/g)?.length ?? 0;
  if (attributes !== 2 * bindings.length) {
    const offset = source.code.search(/@(group|binding)\b/);
    const fix = 'Write each as "@group(0) @binding(1) var<storage, read> name: array<f32>;"';
    problems.push(problemAt(source, offset, 'cannot read the bindings', fix));
  }
  const data = bindings.filter((binding) => binding.group === 0);
  let written;
  data.forEach((binding, index) => {
    const { name, space } = binding;
    if (space !== 'storage,read' && space !== 'storage,read_write' && space !== 'storage') {
      fail(binding, `"${name}" in group 0 is var<${space}>`, 'Use var<storage, read> or var<storage, read_write>');
      return;
    }
    if (binding.binding !== index) {
      const fix = `Number the bindings of group 0 from 0 in the order of the file; here ${index}`;
      fail(binding, `"${name}" has binding ${binding.binding}`, fix);
    }
    if (space === 'storage,read_write') written ??= name;
    else if (written)
      fail(binding, `"${name}" is read, but comes after "${written}", which is written`, 'Reads come first');
    checkElement(source, binding, structs, problems);
  });
  for (const binding of bindings.filter((each) => each.group !== 0)) {
    const [name, type] =
      binding.group === 1
        ? ([
            ['tile', 'Tile'],
            ['params', 'Params'],
          ][binding.binding] ?? [])
        : [];
    if (binding.name !== name || binding.type !== type || binding.space !== 'uniform') {
      const fix =
        'Data is in group 0; group 1 has binding 0 "var<uniform> tile: Tile" and binding 1 "var<uniform> params: Params"';
      fail(binding, `"${binding.name}: ${binding.type}" is at group ${binding.group}, binding ${binding.binding}`, fix);
    }
  }
  const params = source.declared.structs.find((struct) => struct.name === 'Params');
  if (params !== undefined && !bindings.some((each) => each.name === 'params')) {
    const fix = 'Add "@group(1) @binding(1) var<uniform> params: Params;" or remove the struct';
    problems.push(problemAt(source, params.offset, 'Params is declared but not bound', fix));
  }
  if (params !== undefined) checkFields(source, params, 'a field of Params', problems);
}

function checkElement(source, binding, structs, problems) {
  const { name, type, space } = binding;
  const element = type.match(/^array<(.+)>$/)?.[1];
  const fix = 'Use array<T> without a length, with T one of f32, u32, i32, a vector of them, or a struct';
  if (element === undefined || structs.get(element) === undefined) {
    const atomic = /^atomic<[ui]32>$/.test(element ?? '') && space === 'storage,read_write';
    if (!atomic && !/^([fui]32|vec[234](<[fui]32>|[fui]))$/.test(element ?? '')) {
      problems.push(problemAt(source, binding.offset, `"${name}" is ${type}`, fix));
    }
    return;
  }
  const struct = structs.get(element);
  if (struct.source === source) checkFields(source, struct, `a field of the rows of "${name}"`, problems);
}

function checkFields(source, struct, what, problems) {
  for (const field of struct.fields.filter((each) => !SCALARS.includes(each.type))) {
    problems.push(
      problemAt(source, field.offset, `${what}, "${field.name}", is ${field.type}`, `Use ${SCALARS.join(', ')}`),
    );
  }
}

/** Names of packed planes by binding name, from the comments "// planes: a b" right above written bindings. */
export function planesOf(source, problems) {
  const planes = new Map();
  const { bindings } = source.declared;
  const taken = new Set(bindings.map((each) => each.name));
  for (const match of source.text.matchAll(/^[ \t]*\/\/[ \t]*planes:[ \t]*(.*)\n[ \t]*/gm)) {
    const names = match[1].split(/[\s,]+/).filter(Boolean);
    const binding = bindings.find((each) => each.offset === match.index + match[0].length);
    const fail = (what, fix) => problems.push(problemAt(source, match.index, what, fix));
    const bad = names.find((name) => !/^[a-z][a-z0-9_]*$/.test(name));
    if (binding === undefined)
      fail('"planes:" is not above a binding', 'Put it on the line right above the binding it describes');
    else if (binding.space !== 'storage,read_write') {
      fail(
        `"${binding.name}" is read, so it cannot be packed`,
        'Planes are packed in written buffers only; bind each read plane',
      );
    } else if (!/^array<[fui]32>$/.test(binding.type)) {
      fail(`packed planes of ${binding.type}`, 'Use array<f32>, array<u32> or array<i32>');
    } else if (names.length < 1) fail('no planes are named', 'Write "// planes: first second"');
    else if (bad) fail(`"${bad}" is not a plane name`, 'Use snake_case names separated by spaces');
    else {
      for (const name of names) {
        if (taken.has(name)) fail(`"${name}" is the name of another plane or binding`, 'Rename one of them');
        taken.add(name);
      }
      planes.set(binding.name, names);
    }
  }
  return planes;
}

/** Entry points: `entries` is [{ fn, names, workgroup }], names = everything reachable from it. */
export function checkEntries(source, entries, problems) {
  const { bindings, functions } = source.declared;
  const fail = (offset, what, fix) => problems.push(problemAt(source, offset, what, fix));
  if (entries.length === 0)
    fail(0, 'no entry point', 'Add "@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y) fn name(…)"');
  for (const fn of functions.filter((each) => /@(vertex|fragment)\b/.test(each.attributes))) {
    fail(fn.offset, `"${fn.name}" is not a compute entry point`, 'Only @compute is used here');
  }
  for (const { fn, names, workgroup } of entries) {
    const count = bindings.filter((each) => each.group === 0 && names.has(each.name)).length;
    if (count > MAX_STORAGE_BUFFERS) {
      const fix = 'Pack written planes of one type in one buffer ("// planes: a b"), or split the entry point';
      fail(fn.offset, `"${fn.name}" uses ${count} storage buffers, more than ${MAX_STORAGE_BUFFERS}`, fix);
    }
    if (workgroup === undefined) {
      const fix = `Use @workgroup_size(WORKGROUP_X, WORKGROUP_Y), or integers whose product is at most ${MAX_WORKGROUP}`;
      fail(fn.offset, `the workgroup size of "${fn.name}" is not one that runs everywhere`, fix);
    }
  }
  for (const binding of bindings.filter((each) => !entries.some(({ names }) => names.has(each.name)))) {
    fail(binding.offset, `no entry point uses "${binding.name}"`, 'Remove the binding');
  }
  const bound = new Set(bindings.map((each) => each.name));
  for (const fn of functions) {
    for (const local of fn.locals.filter((each) => bound.has(each.name))) {
      fail(local.offset, `"${local.name}" hides the binding of that name`, 'Rename the local value');
    }
  }
}

/** Functions of libraries that use the global `tile` need it bound. */
export function checkTileBound(source, libraries, problems) {
  if (source.declared.bindings.some((each) => each.name === 'tile')) return;
  for (const library of [source, ...libraries]) {
    const fn = library.declared.functions.find((each) => each.uses.has('tile'));
    if (fn === undefined) continue;
    const fix = 'Add "@group(1) @binding(0) var<uniform> tile: Tile;" and "#import tile"';
    problems.push(problemAt(source, 0, `"${fn.name}" of ${library.file} needs the global "tile"`, fix));
    return;
  }
}

/**
 * 'tile', a size [x, y, z], or undefined where it is neither. `constants` are integers by name.
 * Not taken from wgsl_reflect, which reads "2u" as 1.
 */
export function workgroupOf(fn, constants) {
  const args = fn.attributes
    .match(/@workgroup_size\s*\(([^)]*)\)/)?.[1]
    .replace(/\s+/g, '')
    .replace(/,$/, '');
  if (args === undefined) return undefined;
  if (args === 'WORKGROUP_X,WORKGROUP_Y') return 'tile';
  const sizes = args
    .split(',')
    .map((part) => (/^\d+[ui]?$/.test(part) ? Number.parseInt(part, 10) : (constants.get(part) ?? Number.NaN)));
  const fits = sizes.length <= 3 && sizes.every((size) => size >= 1) && sizes.reduce((a, b) => a * b) <= MAX_WORKGROUP;
  return fits ? [sizes[0], sizes[1] ?? 1, sizes[2] ?? 1] : undefined;
}

/** Module constants that are plain integers. */
export function integerConstants(sources) {
  const found = sources.flatMap(({ code }) => [
    ...code.matchAll(/\bconst\s+(\w+)\s*(?::\s*[ui]32\s*)?=\s*(\d+)[ui]?\s*;/g),
  ]);
  return new Map(found.map((match) => [match[1], Number.parseInt(match[2], 10)]));
}
