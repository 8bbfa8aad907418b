/** Builds the page to dist/web. The report's style sheet is put into it, so that both look the same. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { PAGE_STYLE } from '../src/report/page-style.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const { version } = JSON.parse(readFileSync(at('../package.json'), 'utf8')) as { version: string };

export default defineConfig({
  root: at('.'),
  base: './', // works in any folder of any server
  define: { ECOFLUX_VERSION: JSON.stringify(version) },
  plugins: [
    {
      name: 'report-style',
      transformIndexHtml: {
        order: 'pre',
        handler: () => [{ tag: 'style', children: PAGE_STYLE, injectTo: 'head-prepend' }],
      },
    },
  ],
  // LERC's decoder asks for this module in Node only.
  resolve: { alias: [{ find: /^module$/, replacement: at('./src/no-module.ts') }] },
  worker: { format: 'es' },
  build: { outDir: at('../dist/web'), emptyOutDir: true, target: 'es2022', modulePreload: { polyfill: false } },
});
