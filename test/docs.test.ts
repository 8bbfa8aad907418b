/** The documents name what is there: every process in the README, every package with a line, every link with a file. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { RegisteredModel } from '../src/core/model-reference.ts';
import { MODELS } from '../src/models/registry.ts';
import { PROCESSES } from '../src/pipeline/process-list.ts';

const ROOT = resolve(import.meta.dirname, '..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

test('the model table has a row for each process, and no other', () => {
  const rows = [...README.matchAll(/^\| `([a-z_]+)` \|.*✓/gm)].map(([, id]) => id);
  const listed = ({ model }: RegisteredModel) => !model.internal || PROCESSES.has(model.id);
  const processes = [...MODELS.values()].filter(listed).map(({ model }) => model.id);
  expect(rows.sort()).toEqual(processes.sort());
});

test('every dependency has a line that says what for', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  for (const name of Object.keys({ ...dependencies, ...devDependencies }))
    expect(README, name).toMatch(new RegExp(`^\\|.*\`${name}\`.*\\|.*\\w`, 'm'));
});

test('every relative link leads somewhere', () => {
  const documents = [
    'README.md',
    ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join('docs', name)),
  ];
  let links = 0;
  for (const document of documents)
    for (const [, target] of readFileSync(join(ROOT, document), 'utf8').matchAll(/\]\(([^)#:]+)\)/g)) {
      links++;
      expect(existsSync(join(ROOT, dirname(document), target)), `${document} → ${target}`).toBe(true);
    }
  expect(links).toBeGreaterThan(5);
});
