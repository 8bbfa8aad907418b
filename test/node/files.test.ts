/** What is said when files cannot be written: which folder, and by which option it was chosen. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { scratchFailed, writingFailed } from '../../src/node/file-errors.ts';
import { fileTarget } from '../../src/node/files.ts';

const work = mkdtempSync(join(tmpdir(), 'ecoflux-files-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const file = join(work, 'file');
writeFileSync(file, '');

describe('spools', () => {
  const spool = (spoolDir?: string, path = join(work, 'out.tif')) => fileTarget(path, { spoolDir }).openSpool();

  test('a scratch folder that is not there is named, not the output', async () => {
    const missing = join(work, 'scratch');
    await expect(spool(missing)).rejects.toThrow(
      `${missing}: the folder for scratch files does not exist. Create it, or choose another one with --scratch`,
    );
  });

  test('a scratch folder that is a file', async () => {
    await expect(spool(file)).rejects.toThrow(`${file}: the place for scratch files is not a folder`);
  });

  test('without a scratch folder it is the output that is named', async () => {
    const path = join(work, 'nowhere/out.tif');
    await expect(spool(undefined, path)).rejects.toThrow(`${path}: the directory to write to does not exist`);
  });

  test.each([
    ['beside the output', undefined],
    ['in a scratch folder', work],
  ])('what is written comes back, and nothing is left: %s', async (_, directory) => {
    const opened = await spool(directory);
    expect(await opened.append(new Uint8Array([1, 2, 3]))).toBe(0);
    expect(await opened.append(new Uint8Array([4]))).toBe(3);
    expect(await opened.read(1, 3)).toEqual(new Uint8Array([2, 3, 4]));
    await opened.dispose();
    expect(readdirSync(work)).toEqual(['file']);
  });
});

test('a full disk: of scratch files the folder and --scratch, of outputs the file and --out', () => {
  const full = Object.assign(new Error('full'), { code: 'ENOSPC' });
  expect(scratchFailed('/big', full)).toMatchObject({
    code: 'OutOfCapacity',
    message: '/big: the disk for scratch files is full. Free some space, or choose another folder with --scratch',
  });
  expect(writingFailed('/a.tif', full)).toMatchObject({ code: 'OutOfCapacity', details: { file: '/a.tif' } });
});
