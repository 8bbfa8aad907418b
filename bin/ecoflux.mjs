#!/usr/bin/env node
// The command. In a clone it first installs and builds what is missing or older than its sources; a package has neither of them.
import { existsSync } from 'node:fs';

if (['../scripts/build.mjs', '../src'].every((path) => existsSync(new URL(path, import.meta.url)))) {
  const { setup } = await import('../scripts/setup.mjs');
  setup();
  const { build } = await import('../scripts/build.mjs');
  await build();
}
// Benchmarks look at modules of dist/ from outside, which must be those that the command itself uses.
const bundled = process.argv[2] !== 'bench' && existsSync(new URL('../dist/bundle/ecoflux.js', import.meta.url));
await import(bundled ? '../dist/bundle/ecoflux.js' : '../dist/cli/main.js');
