// From the joined text of a shader to its row in the table: layouts by wgsl_reflect, use of bindings by our own tokens.
import { WgslReflect } from 'wgsl_reflect/wgsl_reflect.module.js';

/** Parses, or tells where the text stops being WGSL: { parsed } or { line, what }. */
export function parse(code) {
  try {
    return { parsed: new WgslReflect(code) };
  } catch (error) {
    // "Expected ')'. Line: 32"; some messages have no line.
    const [, what, line] = /^(.*?)\.* Line: ?(\d+)/s.exec(error.message) ?? [];
    return { line: Number(line ?? Number.MAX_SAFE_INTEGER), what: what ?? error.message };
  }
}

/** Layout of a struct of scalars. */
export function structLayout(parsed, name) {
  const { size, members } = parsed.structs.find((struct) => struct.name === name);
  return {
    size,
    fields: members.map((member) => ({ name: member.name, offset: member.offset, type: member.type.name })),
  };
}

/** Overrides with their defaults, read from the text because wgsl_reflect does not keep them. */
export function overridesOf(sources) {
  const found = {};
  for (const { code } of sources) {
    for (const [, name, value] of code.matchAll(/\boverride\s+(\w+)[^=;]*(?:=\s*([^;]+?)\s*)?;/g)) {
      found[name] = value === 'true' ? 1 : value === 'false' ? 0 : Number(value?.replace(/[uif]$/, ''));
    }
  }
  return found;
}

export function reflectEntry(parsed, source, planes, { names, workgroup }) {
  const used = source.declared.bindings.filter((binding) => names.has(binding.name));
  return {
    workgroup,
    bindings: used.filter((binding) => binding.group === 0).map((binding) => reflectBinding(parsed, binding, planes)),
    uniforms: used.filter((binding) => binding.group === 1).map((binding) => binding.name),
  };
}

function reflectBinding(parsed, { name, binding, space }, planes) {
  const element = parsed.storage.find((each) => each.name === name).type;
  const { format, stride } = element;
  const struct = format.isStruct ? { stride, fields: structLayout(parsed, format.name).fields } : undefined;
  const written = space === 'storage,read_write';
  const atomic = format.name === 'atomic';
  return {
    name,
    group: 0,
    binding,
    access: written ? 'read_write' : 'read',
    type: atomic ? format.format.name : format.format ? `${format.name}<${format.format.name}>` : format.name,
    stride,
    ...(atomic && { atomic: true }),
    ...(planes.has(name) && { planes: planes.get(name) }),
    ...(struct && { [written ? 'record' : 'table']: struct }),
  };
}
