// The command and its workers as a few files in dist/bundle: to load hundreds of modules takes longer than a small run computes, once for each
// thread. Packages stay packages. dist/ itself is left as it is, for the library.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const ENTRIES = { ecoflux: 'dist/cli/main.js', worker: 'dist/node/worker.js' };

/** `dist` must be built. Modules find what lies beside the package, and each other's worker, by paths that are the same from dist/<folder>. */
export async function bundle(root) {
  const folder = join(root, 'dist/bundle');
  rmSync(folder, { recursive: true, force: true });
  const input = Object.fromEntries(
    Object.entries(ENTRIES)
      .map(([name, path]) => [name, join(root, path)])
      .filter(([, path]) => existsSync(path)),
  );
  const build = await rolldown({
    input,
    platform: 'node',
    logLevel: 'warn',
    // Names of packages, but for what the bundler itself puts in.
    external: (id) => !/^[./]|^[a-z]:|^@oxc-project\//i.test(id) || id.startsWith('node:'),
  });
  await build.write({
    dir: folder,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    sourcemap: true,
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
  });
  await build.close();
}
