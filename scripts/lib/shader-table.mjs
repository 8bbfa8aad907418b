// All shaders of a project as one table (types in src/core/shader-table.ts), and its text as a TypeScript module.
import { basename } from 'node:path';
import * as bindings from './shader-binding-rules.mjs';
import { declarationsOf, reachableNames } from './shader-declarations.mjs';
import { overridesOf, parse, reflectEntry, structLayout } from './shader-reflection.mjs';
import { joinSources, listShaders, problemAt, readSource, resolveImports, ShaderBuildError } from './shader-source.mjs';
import * as texts from './shader-text-rules.mjs';

const LIBRARIES = 'shaders/lib';
/** Folders whose files have entry points; the id of a shader is its base name. */
const FOLDERS = ['shaders/models', 'shaders/primitives', 'shaders/solvers'];

/**
 * The table of every shader under `root`: { shaders: { id: Shader }, tile: layout of struct Tile }.
 * Throws a ShaderBuildError with every problem found.
 * @param {string} root
 * @returns {{ shaders: Record<string, import('../../src/core/shader-table.ts').Shader>,
 *   tile: import('../../src/core/shader-table.ts').StructLayout | undefined }}
 */
export function buildShaderTable(root) {
  const problems = [];
  const libraries = new Map();
  for (const file of listShaders(root, LIBRARIES)) libraries.set(basename(file, '.wgsl'), open(root, file, problems));
  const load = (name) => libraries.get(name);
  for (const library of libraries.values()) {
    texts.checkLibrary(library, problems);
    texts.checkImportsUsed(library, load, problems);
  }

  const shaders = new Map();
  for (const file of FOLDERS.flatMap((folder) => listShaders(root, folder))) {
    const before = problems.length;
    const source = open(root, file, problems);
    const id = basename(file, '.wgsl');
    if (!/^[a-z][a-z0-9]*([-_][a-z0-9]+)*$/.test(id)) {
      problems.push(
        problemAt(source, 0, `"${id}" cannot be an id`, 'Rename the file: lower-case words joined by - or _'),
      );
    } else if (shaders.has(id)) {
      problems.push(problemAt(source, 0, `the id "${id}" is taken by ${shaders.get(id).file}`, 'Rename one of them'));
    } else shaders.set(id, buildShader(source, libraries, before, problems) ?? source);
  }
  if (problems.length > 0) throw new ShaderBuildError([...new Set(problems)]);
  const sorted = [...shaders].sort(([a], [b]) => (a < b ? -1 : 1));
  const tile = libraries.has('tile') ? structLayout(parse(libraries.get('tile').text).parsed, 'Tile') : undefined;
  return { shaders: Object.fromEntries(sorted), tile };
}

function open(root, file, problems) {
  const source = readSource(root, file);
  source.declared = declarationsOf(source);
  texts.checkText(source, problems);
  return source;
}

/** One shader, or undefined with what is wrong in `problems`, of which the first `before` are not of this file. */
function buildShader(source, libraries, before, problems) {
  const load = (name) => libraries.get(name);
  const imported = resolveImports(source, load, [...libraries.keys()], problems);
  const sources = [...imported, source];
  const structs = new Map(
    sources.flatMap((each) => each.declared.structs.map((struct) => [struct.name, { ...struct, source: each }])),
  );
  const functions = sources.flatMap((each) => each.declared.functions);
  const constants = bindings.integerConstants(sources);
  const entries = source.declared.functions
    .filter((fn) => /@compute\b/.test(fn.attributes))
    .map((fn) => ({ fn, names: reachableNames(fn, functions), workgroup: bindings.workgroupOf(fn, constants) }));

  texts.checkImportsUsed(source, load, problems);
  texts.checkNames(sources, problems);
  bindings.checkBindings(source, structs, problems);
  bindings.checkTileBound(source, imported, problems);
  bindings.checkEntries(source, entries, problems);
  const planes = bindings.planesOf(source, problems);
  const overrides = overridesOf(sources);
  for (const [name, value] of Object.entries(overrides).filter(([, each]) => Number.isNaN(each))) {
    const at = source.code.indexOf(name);
    problems.push(
      problemAt(
        source,
        Math.max(at, 0),
        `override ${name} = ${value}: no number by default`,
        'Give it a literal default',
      ),
    );
  }
  if (problems.length > before) return undefined;

  const { code, lines } = joinSources(sources);
  const { parsed, line, what } = parse(code);
  if (parsed === undefined) {
    const run = lines.findLast((each) => each.from <= line);
    const place = Math.min(line, code.split('\n').length) - run.from + 1;
    const fix = 'Look at this line and the one before; where it is valid WGSL, write it in a plainer way';
    problems.push(`${run.file}:${place}:1: wgsl_reflect cannot parse this: ${what}. ${fix}.`);
    return undefined;
  }
  return {
    file: source.file,
    code,
    entries: Object.fromEntries(entries.map((entry) => [entry.fn.name, reflectEntry(parsed, source, planes, entry)])),
    ...(structs.get('Params')?.source === source && { params: structLayout(parsed, 'Params') }),
    overrides,
    lines,
  };
}

/** The table as src/generated/shaders.ts: the same input gives the same bytes. */
export function shaderModule({ shaders, tile }) {
  const rows = Object.entries(shaders).map(([id, { code, lines, ...shader }]) => {
    const members = Object.entries({ ...shader, lines }).map(([key, value]) => `    ${key}: ${literal(value)},\n`);
    return `  '${id}': {\n${members.join('')}    code: ${template(code)} as string,\n  },\n`;
  });
  return `// Written by scripts/build-shaders.mjs from shaders/**/*.wgsl. Do not edit.
import type { ShaderTable, StructLayout } from '../core/shader-table.ts';

/** Layout of struct Tile of shaders/lib/tile.wgsl. */
export const TILE_LAYOUT = ${literal(tile)} as const satisfies StructLayout;

export const SHADERS = {
${rows.join('')}} as const satisfies ShaderTable;

export type ShaderId = keyof typeof SHADERS;
`;
}

function literal(value) {
  return JSON.stringify(value);
}

function template(text) {
  return `\`${text.replace(/[\\`]|\$\{/g, '\\$&')}\``;
}
