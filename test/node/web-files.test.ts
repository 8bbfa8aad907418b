/** Inputs on the web through the whole pipeline: a process whose raster and table are addresses, what is remembered of them, and what is not told. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { NODATA_CODE } from '../../src/core/cells.ts';
import { openRaster } from '../../src/io/raster.ts';
import { writeRaster } from '../../src/io/raster-writer.ts';
import { MODELS } from '../../src/models/registry.ts';
import { fileTarget } from '../../src/node/files.ts';
import { nodePlatform } from '../../src/node/platform.ts';
import { namedFiles, workerFiles } from '../../src/node/web-files.ts';
import { runProcess } from '../../src/pipeline/run-process.ts';
import { GRID } from '../support/project.ts';
import { breakOff, type RangeServer, rangeServer, refuse } from '../support/range-server.ts';

const EDGE = 1024;
const TABLE = 'lucode,c_above,c_below,c_soil,c_dead\n1,1,2,3,4\n2,10,20,30,40\n3,0.5,0,0,0\n';
const work = mkdtempSync(join(tmpdir(), 'ecoflux-web-'));
const platform = nodePlatform({ workers: 2 });
const local = { raster: join(work, 'lulc.tif'), table: join(work, 'pools.csv') };
let raster: RangeServer;
let table: RangeServer;

beforeAll(async () => {
  // Codes that deflate cannot guess, so that the file has blocks of some size.
  const cells = Uint32Array.from({ length: EDGE * EDGE }, (_, i) => {
    const hash = Math.imul(i ^ (i >>> 7), 2654435761) >>> 24;
    return hash < 16 ? NODATA_CODE : 1 + (hash % 3);
  });
  const grid = { ...GRID, width: EDGE, height: EDGE };
  await writeRaster(fileTarget(local.raster), { grid, kind: 'classes', sampleType: 'u8', nodata: 255 }, cells, {
    pool: platform.pool,
  });
  writeFileSync(local.table, TABLE);
  raster = await rangeServer(readFileSync(local.raster));
  table = await rangeServer(new TextEncoder().encode(TABLE));
});
afterEach(() => {
  raster.reset();
  table.reset();
});
afterAll(async () => {
  await platform.pool.close();
  await raster.close();
  await table.close();
  rmSync(work, { recursive: true, force: true });
});

async function carbon(name: string, lulc: string, pools: string) {
  const log: string[] = [];
  const out = join(work, name);
  const request = {
    model: MODELS.get('carbon')!.model,
    inputs: { lulc_bas: lulc },
    tables: { carbon: pools },
    params: {},
    out,
  };
  await runProcess(request, platform, { device: 'cpu', log: (line) => log.push(line) });
  return { log, map: readFileSync(join(out, 'c_storage_bas.tif')), run: readFileSync(join(out, 'run.json'), 'utf8') };
}

describe('a process', () => {
  test('with a raster and a table on the web gives what it gives with files', { timeout: 60_000 }, async () => {
    const files = await carbon('files', local.raster, local.table);
    const web = await carbon('web', `${raster.url}?X-Amz-Signature=5ec7e7`, `${table.url}?key=5ec7e7`);
    expect(web.map.equals(files.map)).toBe(true);
    expect(JSON.parse(files.run).inputs[0].sha256).toMatch(/^[0-9a-f]{64}$/);
    const [input] = JSON.parse(web.run).inputs;
    expect(input).toMatchObject({ file: raster.url, identity: `ETag "one", ${raster.bytes.length} bytes` });
    expect(input).not.toHaveProperty('sha256');
    expect(web.run + web.log.join('\n')).not.toContain('5ec7e7');
    for (const { url } of [...raster.asked, ...table.asked]) expect(url).toContain('5ec7e7');
  });

  test('that cannot read its raster says which bytes are missing', { timeout: 60_000 }, async () => {
    // The directories come, then half of the blocks, then nothing for an hour.
    const busy = refuse(503, { 'retry-after': '3600' });
    raster.mischief = (number) => [undefined, breakOff, breakOff][number] ?? (number < 3 ? undefined : busy);
    const message = await carbon('broken', raster.url, table.url).catch(({ message: text }: Error) => text);
    expect(message).toMatch(
      /file\.tif, bytes \d+ to \d+: the file cannot be read to its end \(found \d+ of \d+ bytes after \d attempts?: the server answered 503\)\. The server asks to wait 3600 s/,
    );
  });
});

test('a window of a raster takes as many requests as it has distant parts', async () => {
  const opened = await openRaster(await platform.openSource(raster.url));
  const { blockWidth } = opened.info;
  expect([blockWidth, raster.asked.length]).toEqual([512, 1]);
  const { samples } = await opened.readSamples({ x: 500, y: 500, width: 24, height: 24 });
  const known = await openRaster(await platform.openSource(local.raster));
  expect(samples).toEqual((await known.readSamples({ x: 500, y: 500, width: 24, height: 24 })).samples);
  await known.close();
  expect(raster.asked).toHaveLength(2); // four blocks that lie close together
});

test('a file that changed between opening and the provenance is told', async () => {
  const files = namedFiles();
  await files.openSource(raster.url);
  expect(await files.fingerprint(raster.url)).toEqual({ identity: `ETag "one", ${raster.bytes.length} bytes` });
  raster.etag = '"two"';
  await expect(files.fingerprint(raster.url)).rejects.toThrow('the file changed during the run (found ETag "two"');
});

test('a worker opens a file anew after a read of it has failed', async () => {
  const { openSource, identify } = workerFiles({ backoff: 1, attempts: 2 });
  const source = await openSource(raster.url);
  const before = identify(raster.url);
  await source.fetch(100_000, 100);
  expect(identify(raster.url)).toBe(before);
  raster.etag = '"two"';
  await expect(source.fetch(200_000, 100)).rejects.toThrow('the file changed while it was read');
  expect(identify(raster.url)).not.toBe(before);
});

test('what files mention is beside them, on the web too', () => {
  const { relativeTo } = platform;
  expect(relativeTo('/p/project.yaml', 'data/a.tif')).toBe('/p/data/a.tif');
  expect(relativeTo('/p/project.yaml', 'https://example.org/a.tif?sig=1')).toBe('https://example.org/a.tif?sig=1');
  expect(relativeTo('https://example.org/p/project.yaml', 'data/a.tif')).toBe('https://example.org/p/data/a.tif');
});

test('results are not written to the web', async () => {
  const { beginFolder } = platform;
  await expect(beginFolder('https://example.org/out?sig=1', { overwrite: false })).rejects.toThrow(
    'https://example.org/out: results are written to folders of this machine only. Choose one with --out',
  );
});
