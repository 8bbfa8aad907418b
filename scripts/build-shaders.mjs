#!/usr/bin/env node
// Writes src/generated/shaders.ts from shaders/**/*.wgsl: imports resolved, conventions checked, layouts reflected.
// The file is left alone when nothing changed, so that watchers and incremental compilers stay quiet.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ShaderBuildError } from './lib/shader-source.mjs';
import { buildShaderTable, shaderModule } from './lib/shader-table.mjs';

export { buildShaderTable, ShaderBuildError, shaderModule };

/** Builds and writes; returns true when the file changed. */
export function writeShaderModule(root) {
  const path = join(root, 'src/generated/shaders.ts');
  const text = shaderModule(buildShaderTable(root));
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return false;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return true;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..');
  try {
    const changed = writeShaderModule(root);
    console.log(`shaders: src/generated/shaders.ts ${changed ? 'written' : 'is up to date'}`);
  } catch (error) {
    if (!(error instanceof ShaderBuildError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
