// Conventions of shader texts: header, built-ins, imports, names. Each message names the place and the fix.
import { identifiers } from './shader-declarations.mjs';
import { problemAt } from './shader-source.mjs';

/** Built-ins whose accuracy WGSL leaves too loose (measured errors up to 37 000 ulp), or that need not be what they say. */
const REFUSED = {
  exp: 'Use exp_accurate, with "#import math"',
  exp2: 'Use pow_accurate(2.0, x), with "#import math"',
  log: 'Use log_accurate, with "#import math"',
  log2: 'Use log_accurate(x) times 1/ln 2, with "#import math"',
  pow: 'Use pow_accurate, with "#import math"',
  fma: 'Write a * b + c, or two_prod of "#import two-sum" where the error term matters: fma may round twice',
};

/** Rules for every file, libraries included. */
export function checkText(source, problems) {
  if (!/^\/\/ \S/.test(source.text)) {
    problems.push(problemAt(source, 0, 'no header', 'Begin with a line "// what this file is for"'));
  }
  for (const match of source.code.matchAll(/(?<![\w.])(fma|exp2?|log2?|pow)\s*\(/g)) {
    problems.push(problemAt(source, match.index, `the built-in ${match[1]} is not accurate enough`, REFUSED[match[1]]));
  }
  for (const match of source.code.matchAll(/^[ \t]*(enable|requires|diagnostic)\b/gm)) {
    problems.push(problemAt(source, match.index, `"${match[1]}" is not supported`, 'Stay within core WGSL'));
  }
  for (const match of source.text.matchAll(/^[ \t]*#(?!import[ \t])(\w*)/gm)) {
    const fix = 'The only directive is "#import name"; variants are override constants';
    problems.push(problemAt(source, match.index, `unknown directive "#${match[1]}"`, fix));
  }
}

export function checkLibrary(library, problems) {
  const { bindings, functions } = library.declared;
  for (const { offset, name } of bindings) {
    problems.push(problemAt(library, offset, `a library cannot bind "${name}"`, 'Pass it as an argument'));
  }
  for (const { offset, name } of functions.filter((each) => each.attributes.includes('@compute'))) {
    problems.push(
      problemAt(library, offset, `a library cannot have entry point "${name}"`, 'Move it to shaders/models'),
    );
  }
}

/** Every import of `source` must be used by it: some name that the library itself declares. */
export function checkImportsUsed(source, load, problems) {
  const used = identifiers(source.code);
  const seen = new Set();
  for (const { name, offset } of source.imports) {
    const library = load(name);
    if (library === undefined) continue;
    if (seen.has(name))
      problems.push(problemAt(source, offset, `"${name}" is imported twice`, 'Remove one of the two'));
    seen.add(name);
    if (!library.declared.names.some((declared) => used.has(declared.name))) {
      problems.push(problemAt(source, offset, `the import "${name}" is not used`, 'Remove it'));
    }
  }
}

/** No module-scope name twice in the joined text. */
export function checkNames(sources, problems) {
  const first = new Map();
  for (const source of sources) {
    for (const { name, offset } of source.declared.names) {
      if (first.has(name)) {
        problems.push(problemAt(source, offset, `"${name}" is already declared in ${first.get(name)}`, 'Rename it'));
      } else first.set(name, source.file);
    }
  }
}
