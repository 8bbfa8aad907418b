#!/usr/bin/env node
// The command. In a clone that was not built yet it installs and builds first.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const built = new URL('../dist/cli/main.js', import.meta.url);
if (!existsSync(fileURLToPath(built))) {
  const { setup } = await import('../scripts/setup.mjs');
  setup();
  const { build } = await import('../scripts/build.mjs');
  build();
}
await import(built.href);
