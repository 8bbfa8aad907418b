/** A page's platform: a process on files in memory gives the bytes that it gives on disk, and mistakes are told in the same words. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { inlinePool } from '../../src/core/tasks.ts';
import { TASKS } from '../../src/engine/all-tasks.ts';
import { memoryTarget } from '../../src/io/output.ts';
import { writeRaster } from '../../src/io/raster-writer.ts';
import { MODELS } from '../../src/models/registry.ts';
import { type MemoryPlatform, memoryPlatform } from '../../src/pipeline/memory-platform.ts';
import { readProject } from '../../src/pipeline/project-file.ts';
import { runProcess } from '../../src/pipeline/run-process.ts';
import { runProject } from '../../src/pipeline/run-project.ts';
import { GRID, platform as node, SIZE } from '../support/project.ts';

const TABLE = 'lucode;c_above;c_below;c_soil;c_dead\n1;1,5;2;3;4\n2;10;20;30;40\n';
const work = mkdtempSync(join(tmpdir(), 'ecoflux-memory-'));
afterAll(async () => {
  rmSync(work, { recursive: true, force: true });
  await node.pool.close();
});

let made = 0;

function inMemory(files: ReadonlyMap<string, Blob>): MemoryPlatform {
  // Rasters stay open in the pool: those of another platform are other files.
  const id = String(++made);
  const services = { openSource: (name: string) => platform.openSource(name), identify: () => id };
  const platform: MemoryPlatform = memoryPlatform({
    files,
    pool: inlinePool(TASKS, services),
    versions: { test: '1' },
  });
  return platform;
}

async function landCover(highest: number): Promise<Blob> {
  const target = memoryTarget();
  const cells = Uint32Array.from({ length: SIZE * SIZE }, (_, i) => 1 + (i % highest));
  await writeRaster(target, { grid: GRID, kind: 'classes', sampleType: 'u8', nodata: 255 }, cells, {
    pool: inlinePool(TASKS),
  });
  return new Blob([target.bytes() as Uint8Array<ArrayBuffer>]);
}

const carbon = (lulc: string, table: string, out: string) => ({
  model: MODELS.get('carbon')!.model,
  inputs: { lulc_bas: lulc },
  tables: { carbon: table },
  params: {},
  out,
});

describe('a process', () => {
  test('writes what it writes on disk', async () => {
    const lulc = await landCover(2);
    const files = new Map([
      ['lulc.tif', lulc],
      ['pools.csv', new Blob([TABLE])],
    ]);
    const platform = inMemory(files);
    await runProcess(carbon('lulc.tif', 'pools.csv', 'out'), platform, { device: 'cpu' });
    expect([...platform.written.keys()].sort()).toEqual([
      'out/c_storage_bas.qml',
      'out/c_storage_bas.tif',
      'out/run.json',
    ]);

    const paths = { lulc: join(work, 'lulc.tif'), table: join(work, 'pools.csv'), out: join(work, 'out') };
    writeFileSync(paths.lulc, new Uint8Array(await lulc.arrayBuffer()));
    writeFileSync(paths.table, TABLE);
    await runProcess(carbon(paths.lulc, paths.table, paths.out), node, { device: 'cpu' });
    const onDisk = readFileSync(join(paths.out, 'c_storage_bas.tif'));
    expect(Buffer.from(platform.written.get('out/c_storage_bas.tif')!).equals(onDisk)).toBe(true);
    const run = JSON.parse(new TextDecoder().decode(platform.written.get('out/run.json')));
    const same = JSON.parse(readFileSync(join(paths.out, 'run.json'), 'utf8'));
    expect(run.inputs[0].sha256).toBe(same.inputs[0].sha256);
    expect(run.outputs).toEqual(same.outputs);
  });

  test('tells mistakes in the same words, and leaves nothing', async () => {
    const platform = inMemory(
      new Map([
        ['lulc.tif', await landCover(3)],
        ['pools.csv', new Blob([TABLE])],
      ]),
    );
    const run = (...names: Parameters<typeof carbon>) => runProcess(carbon(...names), platform, { device: 'cpu' });
    await expect(run('lulc.tif', 'pools.csv', 'out')).rejects.toThrow(
      /lulc\.tif: classes without a row in pools\.csv: 3 \(/,
    );
    await expect(run('cover.tif', 'pools.csv', 'out')).rejects.toThrow(
      'cover.tif: there is no such file (expected one of lulc.tif, pools.csv)',
    );
    expect(platform.written.size).toBe(0);
  });

  test('of a file without a value ends, and says why nothing has one', async () => {
    const dem = memoryTarget();
    const description = { grid: GRID, kind: 'quantity', sampleType: 'f32', nodata: -1 } as const;
    await writeRaster(dem, description, new Float32Array(SIZE * SIZE).fill(NODATA), { pool: inlinePool(TASKS) });
    const platform = inMemory(new Map([['dem.tif', new Blob([dem.bytes() as Uint8Array<ArrayBuffer>])]]));
    const log: string[] = [];
    const request = {
      model: MODELS.get('routing')!.model,
      inputs: { dem: 'dem.tif' },
      tables: {},
      params: {},
      out: 'out',
    };
    await runProcess(request, platform, { device: 'cpu', log: (line) => log.push(line) });
    expect(log.join('\n')).toMatch(
      /warning: dem \(dem\.tif\): there is no value in the study area \(found nodata -1 everywhere\)/,
    );
    expect(log.join('\n')).toContain('warning: every output is nodata everywhere');
  });

  test('replaces its results only when told', async () => {
    const files = new Map([
      ['lulc.tif', await landCover(2)],
      ['pools.csv', new Blob([TABLE])],
    ]);
    const platform = inMemory(files);
    const request = carbon('lulc.tif', 'pools.csv', 'out');
    await runProcess(request, platform, { device: 'cpu' });
    await expect(runProcess(request, platform, { device: 'cpu' })).rejects.toThrow(
      'the output folder is there already',
    );
    await runProcess({ ...request, overwrite: true }, platform, { device: 'cpu' });
    expect(platform.written.size).toBe(3);
  });
});

const PROJECT = `
name: In memory
grid: { like: data/lulc.tif }
years: [2020]
layers: { lulc: data/lulc.tif, population: { file: data/people.tif, unit: people/km2 } }
tables: { carbon: ../tables/pools.csv }
services: { CS: { supply: { model: carbon }, demand: { model: per_capita, amount: 7 tCO2/yr, over: 1 yr } } }
output: { dir: out }
`;

test('a whole project runs in memory', async () => {
  const people = memoryTarget();
  const cells = Float32Array.from({ length: SIZE * SIZE }, (_, i) => i % 100);
  const description = { grid: GRID, kind: 'quantity', sampleType: 'f32', nodata: -1 } as const;
  await writeRaster(people, description, cells, { pool: inlinePool(TASKS) });
  const files = new Map([
    ['mine/project.yaml', new Blob([PROJECT])],
    ['mine/data/lulc.tif', await landCover(2)],
    ['mine/data/people.tif', new Blob([people.bytes() as Uint8Array<ArrayBuffer>])],
    ['tables/pools.csv', new Blob([TABLE])],
  ]);
  const platform = inMemory(files);
  const file = readProject('mine/project.yaml', await platform.readText('mine/project.yaml'));
  const { totals } = await runProject(file, platform, { device: 'cpu', out: 'out' });
  const { cells: count, mean } = totals.find(({ service, quantity }) => service === 'CS' && quantity === 'supply')!;
  // Half of the cells store 10.5 t/ha, half 100 t/ha.
  const hectares = (GRID.cellWidth * GRID.cellHeight) / 1e4;
  expect([count, mean / hectares]).toEqual([SIZE * SIZE, expect.closeTo(55.25, 4)]);
  expect([...platform.written.keys()]).toEqual(
    expect.arrayContaining(['out/report.html', 'out/run.json', 'out/2020/CS/supply.tif', 'out/tables/totals.csv']),
  );
});

test('names are relative to the file that mentions them', () => {
  const { relativeTo } = inMemory(new Map());
  expect(relativeTo('project.yaml', 'data/a.tif')).toBe('data/a.tif');
  expect(relativeTo('a/b/project.yaml', './../c/x.tif')).toBe('a/c/x.tif');
  expect(relativeTo('https://example.org/p.yaml', 'x.tif')).toBe('https://example.org/x.tif');
});
