// Builds ecoflux: the shader table, then dist/ from src/, dist/bench from bench/ and (with --web) the browser page into dist/web.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ShaderBuildError, writeShaderModule } from './build-shaders.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

export function build({ web = false } = {}) {
  try {
    writeShaderModule(root);
  } catch (error) {
    if (!(error instanceof ShaderBuildError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
  if (stale('dist/.built', ['src', 'tsconfig.json'])) {
    run('typescript', 'tsc', ['-p', 'tsconfig.json']);
    writeFileSync(join(root, 'dist/.built'), '');
  }
  if (stale('dist/bench/.built', ['dist/.built', 'bench'])) {
    run('typescript', 'tsc', ['-p', 'bench/tsconfig.json']);
    writeFileSync(join(root, 'dist/bench/.built'), '');
  }
  if (web && stale('dist/web/index.html', ['src', 'web'])) run('vite', 'vite', ['build', 'web', '--logLevel', 'warn']);
}

/** Whether anything under the sources is newer than what was made from them. */
function stale(made, sources) {
  const file = join(root, made);
  return !existsSync(file) || sources.some((source) => newest(join(root, source)) > statSync(file).mtimeMs);
}

function newest(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function run(name, bin, args) {
  const { status } = spawnSync(process.execPath, [binOf(name, bin), ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** The script of a package's command, so that neither a shell nor npx is needed. */
export function binOf(name, bin) {
  const link = join(root, 'node_modules/.bin', bin);
  if (!existsSync(link)) throw new Error(`${name} is not installed: run npm run setup`);
  return link;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) build({ web: process.argv.includes('--web') });
