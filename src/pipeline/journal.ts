/**
 * What a run has done, written down as it goes, so that an interrupted one can be continued: a first line that says which run it is, then
 * one for each tile visited, each block spooled, each file finished. A line follows what it speaks of; lines that are lost only mean that
 * work is done again.
 */
import { EcofluxError } from '../core/errors.ts';
import type { Values } from '../core/values.ts';
import type { RunJournal } from '../engine/run.ts';
import type { KeptBlock } from '../io/pyramid-encoder.ts';
import type { WriterJournal, WrittenRaster } from '../io/raster-writer.ts';
import { parseLine, writeLine } from './journal-line.ts';
import type { JournalFile } from './platform.ts';

/** What must be the same for the bytes to be the same, by a name for people. */
export type RunFacts = Readonly<Record<string, string>>;

export interface Journal {
  /** Whether an earlier run is continued. */
  readonly resumed: boolean;
  /** Width and height of the tiles of the run. */
  readonly tile: readonly [number, number];
  readonly run: RunJournal;
  /** Of an output by its place in the list. */
  writer(output: number): WriterJournal;
  /** The file, if an earlier run finished it. */
  finished(output: number): WrittenRaster | undefined;
  /** Resolves when everything is written down. */
  flush(): Promise<void>;
}

interface Head {
  readonly facts: RunFacts;
  readonly tile: readonly [number, number];
}
type Line =
  | readonly ['run', Head]
  | readonly ['tile', pass: number, tile: number, partials: Readonly<Record<string, Values>>]
  | readonly ['block', output: number, index: number, block: KeptBlock]
  | readonly ['file', output: number, written: WrittenRaster];

/** @throws EcofluxError InvalidConfiguration where the run to be continued is another one, naming what differs */
export async function openJournal(
  file: JournalFile,
  name: string,
  facts: RunFacts,
  tile: Head['tile'],
): Promise<Journal> {
  let tiles: Map<number, Map<string, Values>>[] = [];
  let blocks: Map<number, KeptBlock>[] = [];
  let files = new Map<number, WrittenRaster>();
  let head: Head | undefined;
  for (const text of file.lines) {
    const line = parseLine(text);
    if (!isLine(line)) continue;
    if (line[0] === 'run') {
      head = line[1];
      [tiles, blocks, files] = [[], [], new Map()]; // whatever stands before it is of another run
    } else if (line[0] === 'tile') at(tiles, line[1]).set(line[2], new Map(Object.entries(line[3])));
    else if (line[0] === 'block') at(blocks, line[1]).set(line[2], line[3]);
    else files.set(line[1], line[2]);
  }
  const lines = lineWriter(file);
  if (head) checkSame(name, head.facts, facts);
  else {
    [tiles, blocks, files] = [[], [], new Map()];
    lines.add(['run', { facts, tile }]);
    await lines.flush();
  }
  return {
    resumed: head !== undefined,
    tile: head?.tile ?? tile,
    run: {
      done: (pass) => tiles[pass] ?? new Map(),
      tileDone: (pass, index, partials) => lines.add(['tile', pass, index, Object.fromEntries(partials)]),
    },
    writer: (output) => ({
      blocks: blocks[output] ?? new Map(),
      keep: (index, block) => lines.add(['block', output, index, block]),
      async finish(written) {
        lines.add(['file', output, written]);
        await lines.flush();
      },
    }),
    finished: (output) => files.get(output),
    flush: lines.flush,
  };
}

/** Whether it has the shape of a line: what a damaged disk gives back may be JSON too. */
function isLine(value: unknown): value is Line {
  if (!Array.isArray(value)) return false;
  const [kind, ...rest] = value as unknown[];
  const facts = rest.pop();
  const numbers = { run: 0, tile: 2, block: 2, file: 1 }[String(kind)];
  return (
    rest.length === numbers && rest.every((item) => Number.isInteger(item)) && isObject(facts, SHAPES[String(kind)])
  );
}

/** Members that are used without looking. */
const SHAPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  run: { facts: 'object', tile: 'object' },
  tile: {},
  block: { offset: 'number', size: 'number' },
  file: { bytes: 'number' },
};

function isObject(value: unknown, shape: Readonly<Record<string, string>>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const members = value as Record<string, unknown>;
  return Object.entries(shape).every(([name, type]) => typeof members[name] === type);
}

function at<T>(list: Map<number, T>[], index: number): Map<number, T> {
  list[index] ??= new Map();
  return list[index];
}

const LONGEST_SHOWN = 120;

function checkSame(name: string, before: RunFacts, now: RunFacts): void {
  const changed = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter(
    (fact) => before[fact] !== now[fact],
  );
  if (changed.length === 0) return;
  const values = (facts: RunFacts) =>
    changed.map((fact) => facts[fact] ?? 'none').every(({ length }) => length <= LONGEST_SHOWN)
      ? changed.map((fact) => facts[fact] ?? 'none').join(', ')
      : undefined;
  throw new EcofluxError(
    'InvalidConfiguration',
    `the interrupted run cannot be continued: not the same any more: ${changed.join(', ')}`,
    {
      file: name,
      found: values(now),
      expected: values(before),
      fix: 'restore what it was, or start anew without --resume',
    },
  );
}

/** Lines are gathered: a call of the system for each would cost more than the tile it speaks of. */
const GATHERED_CHARACTERS = 2 ** 16;
const GATHERED_MILLISECONDS = 200;

function lineWriter(file: JournalFile) {
  let gathered = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let writing: Promise<void> = Promise.resolve();
  let failure: { readonly error: unknown } | undefined;

  function write(): void {
    clearTimeout(timer);
    timer = undefined;
    const text = gathered;
    gathered = '';
    if (text === '') return;
    writing = writing
      .then(() => (failure ? undefined : file.append(text)))
      .catch((error: unknown) => {
        failure ??= { error };
      });
  }
  return {
    /** @throws what went wrong with earlier lines */
    add(line: Line): void {
      if (failure) throw failure.error;
      gathered += writeLine(line);
      if (gathered.length > GATHERED_CHARACTERS) write();
      else timer ??= setTimeout(write, GATHERED_MILLISECONDS);
    },
    async flush(): Promise<void> {
      write();
      await writing;
      if (failure) throw failure.error;
    },
  };
}
