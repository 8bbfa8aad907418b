// Builds ecoflux: the shader table, then dist/ from src/, dist/bundle with the command in a few files, dist/bench from bench/ and (with
// --web) the browser page into dist/web.
// Each part only where its sources are newer than what was made from them. Says nothing on stdout.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

export async function build({ web = false } = {}) {
  const table = 'src/generated/shaders.ts';
  await make('dist/.shaders', ['shaders', 'scripts/lib', 'scripts/build-shaders.mjs'], buildShaders, table);
  await make('dist/.built', ['src', 'tsconfig.json'], () => run('typescript', 'tsc', ['-p', 'tsconfig.json']));
  await make('dist/bundle/.built', ['dist/.built', 'scripts/bundle.mjs'], async () => {
    const { bundle } = await import('./bundle.mjs');
    await bundle(root);
  });
  await make('dist/bench/.built', ['dist/.built', 'bench'], () =>
    run('typescript', 'tsc', ['-p', 'bench/tsconfig.json']),
  );
  if (web)
    await make('dist/web/.built', ['src', 'web'], () => run('vite', 'vite', ['build', 'web', '--logLevel', 'warn']));
}

async function buildShaders() {
  // Loaded when needed: parsing shaders takes a package that takes longer to load than all the rest of this takes.
  const { ShaderBuildError, writeShaderModule } = await import('./build-shaders.mjs');
  try {
    writeShaderModule(root);
  } catch (error) {
    if (!(error instanceof ShaderBuildError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

/** Runs a step unless its stamp is newer than its sources, and leaves the stamp with the time of the beginning. */
async function make(stamp, sources, step, product = stamp) {
  const file = join(root, stamp);
  const made = existsSync(file) && existsSync(join(root, product)) ? statSync(file).mtimeMs : 0;
  if (sources.every((source) => newest(join(root, source)) <= made)) return;
  const began = new Date();
  await step();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  utimesSync(file, began, began);
}

/** The folder's own time too, which is that of the last file that came or went. */
function newest(path) {
  const about = statSync(path);
  if (!about.isDirectory()) return about.mtimeMs;
  let latest = about.mtimeMs;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inside = join(path, entry.name);
    latest = Math.max(latest, entry.isDirectory() ? newest(inside) : statSync(inside).mtimeMs);
  }
  return latest;
}

function run(name, bin, args) {
  const { status } = spawnSync(process.execPath, [binOf(name, bin), ...args], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) process.exit(1);
}

/** The script of a package's command, so that neither a shell nor npx is needed. */
export function binOf(name, bin) {
  const link = join(root, 'node_modules/.bin', bin);
  if (!existsSync(link)) throw new Error(`${name} is not installed: run npm run setup`);
  return link;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build({ web: process.argv.includes('--web') });
