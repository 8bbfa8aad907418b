/** What was measured where, kept in bench/results: one file of numbers and one to read for each machine and day. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Machine } from './machine.ts';

const FOLDER = fileURLToPath(new URL('../../bench/results', import.meta.url));

interface Entry {
  readonly text: readonly string[];
  readonly result: unknown;
}

/** Adds a benchmark to the files of this machine and day; measured again, it replaces what was there. Resolves to the path. */
export async function saveResult(machine: Machine, bench: string, entry: Entry): Promise<string> {
  const day = new Date().toISOString().slice(0, 10);
  const base = join(FOLDER, `${day}-${slug(machine)}`);
  await mkdir(FOLDER, { recursive: true });
  const known = await readFile(`${base}.json`, 'utf8').catch(() => '{}');
  const entries = { ...(JSON.parse(known) as Record<string, Entry>), [bench]: entry };
  await writeFile(`${base}.json`, `${JSON.stringify(entries, undefined, 2)}\n`);
  const sections = Object.entries(entries).map(
    ([name, { text }]) => `## ${name}\n\n\`\`\`\n${text.join('\n')}\n\`\`\`\n`,
  );
  await writeFile(`${base}.md`, `# Benchmarks, ${day}\n\n${sections.join('\n')}`);
  return `${base}.md`;
}

/** "amd-epyc-2-cores" */
function slug({ processor, cores }: Machine): string {
  return `${processor} ${cores} cores`.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}
