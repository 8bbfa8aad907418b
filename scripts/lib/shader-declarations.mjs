// What a shader declares and which names each of its functions uses, read from its tokens.
// wgsl_reflect is not asked about use: it counts a parameter that is named like a binding as a use of the binding.

/** Declarations of one source; offsets point into its text. */
export function declarationsOf(source) {
  const functions = functionsOf(source.code);
  const structs = structsOf(source.code);
  let outer = source.code;
  for (const { start, end } of [...functions, ...structs])
    outer = outer.slice(0, start) + blank(outer, start, end) + outer.slice(end);
  const values = [...outer.matchAll(/\b(override|const|alias|var)\b\s*(?:<[^>]*>)?\s*([A-Za-z_]\w*)/g)].map(
    (match) => ({
      kind: match[1],
      name: match[2],
      offset: match.index,
    }),
  );
  return {
    functions,
    structs,
    values,
    bindings: bindingsOf(outer),
    /** Every module-scope name with its offset. */
    names: [...functions, ...structs, ...values].map(({ name, offset }) => ({ name, offset })),
  };
}

/** Bindings that a function uses, itself or through the functions it calls. */
export function reachableNames(entry, functions, seen = new Set()) {
  const byName = new Map(functions.map((each) => [each.name, each]));
  const names = new Set();
  const visit = (each) => {
    if (seen.has(each)) return;
    seen.add(each);
    for (const name of each.uses) {
      names.add(name);
      if (byName.has(name)) visit(byName.get(name));
    }
  };
  visit(entry);
  return names;
}

/** Identifiers of a piece of code, without those after a dot. */
export function identifiers(code) {
  return new Set([...code.matchAll(/(?<![\w.])[A-Za-z_]\w*/g)].map((match) => match[0]));
}

function functionsOf(code) {
  const found = [];
  for (const match of code.matchAll(/((?:@\w+(?:\s*\([^()]*\))?\s*)*)\bfn\s+([A-Za-z_]\w*)\s*\(/g)) {
    const open = match.index + match[0].length - 1;
    const close = closing(code, open, '(', ')');
    const brace = code.indexOf('{', close);
    const end = closing(code, brace, '{', '}') + 1;
    const parameters = new Set(
      [...code.slice(open + 1, close).matchAll(/([A-Za-z_]\w*)\s*:/g)].map((parameter) => parameter[1]),
    );
    const body = code.slice(brace, end);
    found.push({
      name: match[2],
      attributes: match[1],
      start: match.index,
      offset: match.index + match[1].length,
      end,
      parameters,
      locals: localsOf(body, brace),
      uses: new Set([...identifiers(body)].filter((name) => !parameters.has(name))),
    });
  }
  return found;
}

function localsOf(body, base) {
  return [...body.matchAll(/\b(?:let|var|const)\s*(?:<[^>]*>)?\s*([A-Za-z_]\w*)\s*[:=;]/g)].map((match) => ({
    name: match[1],
    offset: base + match.index,
  }));
}

function structsOf(code) {
  return [...code.matchAll(/\bstruct\s+([A-Za-z_]\w*)\s*\{([^}]*)\}/g)].map((match) => ({
    name: match[1],
    start: match.index,
    offset: match.index,
    end: match.index + match[0].length,
    fields: [...match[2].matchAll(/([A-Za-z_]\w*)\s*:\s*([^,]+?)\s*(?:,|$)/g)].map((field) => ({
      name: field[1],
      type: field[2].replace(/\s+/g, ''),
      offset: match.index + match[0].indexOf('{') + 1 + field.index,
    })),
  }));
}

function bindingsOf(outer) {
  const pattern =
    /@group\s*\(\s*(\w+)\s*\)\s*@binding\s*\(\s*(\w+)\s*\)\s*var\s*<([^>]*)>\s*([A-Za-z_]\w*)\s*:\s*([^;]+?)\s*;/g;
  return [...outer.matchAll(pattern)].map((match) => ({
    name: match[4],
    group: Number.parseInt(match[1], 10),
    binding: Number.parseInt(match[2], 10),
    space: match[3].replace(/\s+/g, ''),
    type: match[5].replace(/\s+/g, ''),
    offset: match.index,
  }));
}

function closing(code, from, open, close) {
  let depth = 0;
  for (let i = from; i >= 0 && i < code.length; i++) {
    if (code[i] === open) depth++;
    if (code[i] === close && --depth === 0) return i;
  }
  return code.length;
}

function blank(code, start, end) {
  return code.slice(start, end).replace(/[^\n]/g, ' ');
}
