// Shader files and their imports: one text per shader, and for every line of it the file and line it came from.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Everything wrong that was found, in one error: each problem on a line as `file:line:column: what. Fix.` */
export class ShaderBuildError extends Error {
  constructor(problems) {
    super(problems.join('\n'));
    this.name = 'ShaderBuildError';
    this.problems = problems;
  }
}

/** A problem at a character offset of a source file ({ file, text }). */
export function problemAt(source, offset, what, fix) {
  const before = source.text.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - before.lastIndexOf('\n');
  return `${source.file}:${line}:${column}: ${what}. ${fix}.`;
}

/** The text with comments replaced by spaces, so that offsets stay. */
export function blankComments(text) {
  const out = [...text.split('')];
  for (let i = 0; i < text.length; i++) {
    if (text.startsWith('//', i)) {
      while (i < text.length && text[i] !== '\n') out[i++] = ' ';
    } else if (text.startsWith('/*', i)) {
      // WGSL block comments nest.
      let depth = 0;
      do {
        const step = text.startsWith('/*', i) ? 1 : text.startsWith('*/', i) ? -1 : 0;
        depth += step;
        for (let n = step === 0 ? 1 : 2; n > 0; n--, i++) if (text[i] !== '\n') out[i] = ' ';
      } while (depth > 0 && i < text.length);
      i--;
    }
  }
  return out.join('');
}

/** Reads a .wgsl file: { file, text, code } with `code` free of comments and same in length. */
export function readSource(root, file) {
  const text = readFileSync(join(root, file), 'utf8').replaceAll('\r\n', '\n');
  return { file, text, code: blankComments(text), imports: importsOf(text) };
}

/** Paths of the .wgsl files in a folder, sorted, relative to the root. */
export function listShaders(root, folder) {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => name.endsWith('.wgsl'))
    .sort()
    .map((name) => `${folder}/${name}`);
}

function importsOf(text) {
  return [...text.matchAll(/^#import[ \t]+(\S+)[ \t]*(.*)$/gm)].map((match) => ({
    name: match[1],
    rest: match[2],
    offset: match.index,
  }));
}

/**
 * The libraries a source needs, in the order of their first use, dependencies first, each once.
 * `load(name)` gives the source of a library or undefined. Problems (unknown names, cycles) are pushed to `problems`.
 */
export function resolveImports(source, load, known, problems) {
  const order = [];
  const visit = (importer, path) => {
    for (const { name, rest, offset } of importer.imports) {
      const library = load(name);
      if (rest !== '' || !/^[a-z0-9-]+$/.test(name)) {
        const fix = 'Write "#import name", one per line, without quotes, path or extension';
        problems.push(problemAt(importer, offset, `cannot read this import`, fix));
      } else if (library === undefined) {
        const fix = `Libraries in shaders/lib: ${known.join(', ')}`;
        problems.push(problemAt(importer, offset, `there is no library "${name}"`, fix));
      } else if (path.includes(library)) {
        const cycle = [...path.slice(path.indexOf(library)), library].map((step) => step.file).join(' → ');
        problems.push(problemAt(importer, offset, `imports go round in a circle: ${cycle}`, 'Remove one of them'));
      } else if (!order.includes(library)) {
        visit(library, [...path, library]);
        if (!order.includes(library)) order.push(library);
      }
    }
  };
  visit(source, [source]);
  return order;
}

/** Joins sources into one text; `lines` tells where each begins. Import lines stay as comments so that line numbers do too. */
export function joinSources(sources) {
  const lines = [];
  let code = '';
  let line = 1;
  for (const { file, text } of sources) {
    const body = `${text.replace(/^#import[ \t]+/gm, '// imports ').trimEnd()}\n`;
    lines.push({ file, from: line });
    code += body;
    line += body.split('\n').length - 1;
  }
  return { code, lines };
}
