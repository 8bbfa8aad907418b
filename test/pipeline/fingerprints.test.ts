/** What a run remembers of its inputs: all files of a shapefile, and of a project its tables and area too. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fingerprintInput, withParts } from '../../src/pipeline/fingerprints.ts';
import { factsOfFiles } from '../../src/pipeline/run-facts.ts';
import { runProject } from '../../src/pipeline/run-project.ts';
import { freshProjects, openProject, platform } from '../support/project.ts';

describe('a shapefile', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'ecoflux-parts-'));
    for (const name of ['zones.shp', 'zones.shx', 'zones.DBF', 'other.prj']) writeFileSync(join(dir, name), name);
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  test('is all files that make it up and are there', async () => {
    const { sha256, parts } = await fingerprintInput(join(dir, 'zones.shp'), platform);
    expect(sha256).toBe(await platform.sha256(join(dir, 'zones.shp')));
    expect(parts!.map(({ file }) => basename(file))).toEqual(['zones.shx', 'zones.DBF']);
    expect(parts![1].sha256).toBe(await platform.sha256(join(dir, 'zones.DBF')));
    expect(await fingerprintInput(join(dir, 'other.prj'), platform)).toEqual({ sha256: expect.any(String) });
  });

  test('is another one for who would continue a run when its attributes or its CRS change', async () => {
    const before = await factsOfFiles(platform, [join(dir, 'zones.shp')]);
    expect(Object.keys(before)).toHaveLength(3);
    writeFileSync(join(dir, 'zones.DBF'), 'other values');
    writeFileSync(join(dir, 'zones.prj'), 'a CRS');
    const after = await factsOfFiles(platform, [join(dir, 'zones.shp')]);
    expect(after[join(dir, 'zones.DBF')]).not.toBe(before[join(dir, 'zones.DBF')]);
    expect(Object.keys(after)).toHaveLength(4);
  });

  test('has parts as other files have none', () => {
    expect(withParts(['a/b.tif', 'a/b.gpkg'])).toEqual(['a/b.tif', 'a/b.gpkg']);
    expect(withParts(['https://host/b.shp?key=1'])).toContain('https://host/b.dbf?key=1');
  });
});

describe('a project', () => {
  let dir: string;
  freshProjects((folder) => {
    dir = folder;
  });

  test('remembers layers, tables and area', async () => {
    await runProject(openProject(dir), platform, { device: 'cpu', memory: 1e9, out: join(dir, 'out') });
    const { inputs } = JSON.parse(readFileSync(join(dir, 'out/run.json'), 'utf8'));
    const of = (layer: string) => inputs.find((input: { layer: string }) => input.layer === layer);
    expect(of('area')).toEqual({
      layer: 'area',
      file: 'data/boundary.geojson',
      sha256: await platform.sha256(join(dir, 'data/boundary.geojson')),
      alignment: 'study area',
    });
    expect(of('carbon')).toMatchObject({ file: 'data/carbon.csv', alignment: 'table', sha256: expect.any(String) });
    expect(of('et0').unit).toBe('mm/yr');
  });
});
