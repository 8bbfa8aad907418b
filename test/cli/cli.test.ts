/** The command as a user meets it: the built program in a process of its own, exit codes, stdout and stderr, files. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toleranceOf } from '../../src/core/model.ts';
import { annual_water_yield } from '../../src/models/annual_water_yield/spec.ts';
import { comparePlanes } from '../support/compare.ts';
import { testDrivers } from '../support/devices.ts';
import { describeWithInvest, investRun, loadPlane } from '../support/invest.ts';
import { withoutSteps } from '../support/project.ts';

const BIN = resolve(import.meta.dirname, '../../bin/ecoflux.mjs');
const drivers = testDrivers().filter(({ manifest }) => manifest !== undefined);
const NO_DRIVER = { ...process.env, VK_DRIVER_FILES: '/nonexistent.json' };
let work: string;
let project: string;

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'ecoflux-cli-'));
  const made = ecoflux(['init', join(work, 'p'), '--size', '96', '--seed', '3']);
  expect(made.stderr + made.stdout).toContain('Next: ecoflux run');
  project = join(work, 'p/project.yaml');
  withoutSteps(join(work, 'p'));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

function ecoflux(args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], { encoding: 'utf8', env, cwd: work });
  return { status, stdout, stderr };
}

function onDriver(manifest: string): NodeJS.ProcessEnv {
  return { ...process.env, VK_DRIVER_FILES: manifest, XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR ?? '/tmp' };
}

/** SHA-256 of every raster below a folder, by relative name. */
function rasters(dir: string): Record<string, string> {
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.tif') && !name.startsWith('region'),
  );
  return Object.fromEntries(
    names.sort().map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(dir, name)))
        .digest('hex'),
    ]),
  );
}

describe('what is there', () => {
  test('help lists every command', () => {
    const { status, stdout } = ecoflux(['--help']);
    expect(status).toBe(0);
    for (const name of [
      'demo',
      'init',
      'validate',
      'plan',
      'run',
      'verify',
      'info',
      'processes',
      'bench',
      'carbon',
      'annual_water_yield',
    ])
      expect(stdout).toContain(name);
  });

  test('info names versions and adapters', () => {
    const { status, stdout } = ecoflux(['info', '--json']);
    expect(status).toBe(0);
    const { versions, adapters } = JSON.parse(stdout);
    expect(versions.node).toBe(process.version);
    expect(adapters.length).toBeGreaterThanOrEqual(drivers.length > 0 ? 1 : 0);
  });

  test('without a driver, info says so and ends well', () => {
    const { status, stdout } = ecoflux(['info'], NO_DRIVER);
    expect(status).toBe(0);
    expect(stdout).toContain('no adapter: install a Vulkan driver');
  });

  test('processes describes units, ranges and equations', () => {
    expect(ecoflux(['processes']).stdout).toContain('annual_water_yield');
    const { stdout } = ecoflux(['processes', 'annual_water_yield']);
    for (const words of ['mm/yr', '(4) B = 1 + phi', 'eto_path', 'seasonality_constant', '15 when left out'])
      expect(stdout).toContain(words);
    const wrong = ecoflux(['processes', 'carbn']);
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain("there is no model 'carbn'");
  });
});

describe('wrong use', () => {
  test.each([
    [['frobnicate'], "unknown command 'frobnicate'"],
    [['run'], "missing required argument 'project'"],
    [['run', 'p/project.yaml', '--devise', 'cpu'], "unknown option '--devise'"],
    [
      ['run', 'p/project.yaml', '--device', 'gpuu'],
      "--device does not know 'gpuu' (expected auto, gpu, software, cpu). Write gpu",
    ],
    [
      ['run', 'p/project.yaml', '--memory', 'lots'],
      "--memory is no amount of memory (found 'lots', expected something like 512MB or 4GiB)",
    ],
    [['run', 'p/project.yaml', '--tile', '-4'], '--tile is no whole number above 0'],
    [['run', 'nowhere.yaml'], 'nowhere.yaml: there is no such file'],
    [['carbon'], 'carbon needs --lulc_bas FILE (land-cover classes)'],
    [['carbon'], 'carbon needs --carbon TABLE (carbon densities, one row for each land-cover class)'],
    [['init', 'q', '--preset', 'anhuii'], 'Write anhui'],
    [['init', 'q', '--size', '3'], 'the sample region cannot have this size'],
  ])('%j ends with 2 and says why', (args, words) => {
    const { status, stderr } = ecoflux(args);
    expect(stderr).toContain(words);
    expect(status).toBe(2);
    expect(existsSync(join(work, 'q'))).toBe(false);
  });

  test('no GPU: exit 3', () => {
    const { status, stderr } = ecoflux(['run', project, '--device', 'gpu', '--out', join(work, 'no')], NO_DRIVER);
    expect(stderr).toContain('NoDevice: no GPU was found');
    expect(status).toBe(3);
  });

  test('too little memory: exit 3, before anything is written', () => {
    const { status, stderr } = ecoflux([
      'run',
      project,
      '--device',
      'cpu',
      '--memory',
      '10kB',
      '--out',
      join(work, 'no'),
    ]);
    expect(stderr).toContain('does not fit in memory');
    expect(stderr).toContain('Raise --memory');
    expect(status).toBe(3);
    expect(existsSync(join(work, 'no'))).toBe(false);
  });

  test('an error as JSON', () => {
    const { status, stdout } = ecoflux(['validate', 'nowhere.yaml', '--json']);
    expect(status).toBe(2);
    expect(JSON.parse(stdout).error).toMatchObject({ code: 'InvalidInput', file: 'nowhere.yaml' });
  });
});

describe('a project', () => {
  test('validate and plan compute nothing', () => {
    const valid = ecoflux(['validate', project]);
    expect(valid.stdout).toContain('is in order');
    expect(valid.status).toBe(0);
    const plan = ecoflux(['plan', project, '--json', '--device', 'cpu', '--tile', '64']);
    const { tiling, passes, commands } = JSON.parse(plan.stdout);
    expect(tiling.count).toBe(4);
    expect(commands.filter(({ kind }: { kind: string }) => kind === 'visit')).toHaveLength(4 * passes.length);
    expect(ecoflux(['plan', project]).stdout).toMatch(/Time: about \d+ s/);
    expect(readdirSync(join(work, 'p')).sort()).toEqual(['data', 'project.schema.json', 'project.yaml']);
  });

  test('validate tells all problems and ends with 2', () => {
    const broken = join(work, 'p/broken.yaml');
    writeFileSync(
      broken,
      readFileSync(project, 'utf8')
        .replace('data/pawc.tif', 'data/pwac.tif')
        .replace('data/carbon.csv', 'data/cabron.csv'),
    );
    const { status, stderr } = ecoflux(['validate', broken]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/data\/pwac\.tif, layers\.pawc at line 12, .*: there is no such file/);
    expect(stderr).toMatch(/data\/cabron\.csv, tables\.carbon at line .*: there is no such file/);
  });

  test('run writes what interface.md lists', () => {
    const out = join(work, 'cpu');
    const { status, stdout } = ecoflux(['run', project, '--device', 'cpu', '--out', out, '--json']);
    expect(status).toBe(0);
    const { totals } = JSON.parse(stdout);
    expect(totals).toHaveLength(3 * (4 * 4 + 3)); // four services of the preset
    for (const name of [
      'run.json',
      'report.html',
      'tables/totals.csv',
      '2003/WY/supply.tif',
      '2013/CS/ratio.tif',
      '2023/composite/ratio.tif',
      '2023/WY/balance_static.qml',
    ])
      expect(existsSync(join(out, name)), name).toBe(true);
    const provenance = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
    expect(provenance.inputs.every(({ sha256 }: { sha256: string }) => /^[0-9a-f]{64}$/.test(sha256))).toBe(true);
    expect(provenance.parameters.find(({ name }: { name: string }) => name === 'seasonality_constant')).toMatchObject({
      value: '15',
      defaulted: false,
    });
    const [head, first] = readFileSync(join(out, 'tables/totals.csv'), 'utf8').split('\n');
    expect(head).toBe('year,service,quantity,unit,cells,sum,mean,min,max');
    expect(first).toMatch(/^2003,WY,supply,m3\/yr,\d+,/);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).not.toMatch(/(src|href)="https?:/);
  });

  test('the same bytes for every tile size', () => {
    const whole = rasters(join(work, 'cpu'));
    expect(Object.keys(whole).length).toBe(3 * (1 + 4 * 4 + 3));
    for (const tile of ['32', '50']) {
      const out = join(work, `cpu-${tile}`);
      expect(ecoflux(['run', project, '--device', 'cpu', '--tile', tile, '--out', out]).status).toBe(0);
      expect(rasters(out)).toEqual(whole);
    }
  });

  test('--overwrite replaces, and without it nothing is touched', () => {
    const out = join(work, 'cpu-32');
    const before = rasters(out);
    expect(ecoflux(['run', project, '--device', 'cpu', '--out', out]).status).toBe(2);
    writeFileSync(join(out, 'stray.txt'), 'old');
    expect(ecoflux(['run', project, '--device', 'cpu', '--out', out, '--overwrite']).status).toBe(0);
    expect(existsSync(join(out, 'stray.txt'))).toBe(false);
    expect(rasters(out)).toEqual(before);
  });

  for (const { name, manifest } of drivers) {
    test(`run, totals and verify on ${name}`, () => {
      const out = join(work, name);
      const { status, stdout } = ecoflux(
        ['run', project, '--device', 'software', '--verify', '--out', out, '--json'],
        onDriver(manifest!),
      );
      expect(status).toBe(0);
      const { totals, verified } = JSON.parse(stdout);
      expect(verified).toBe(true);
      const reference = JSON.parse(readFileSync(join(work, 'cpu/run.json'), 'utf8')).totals;
      for (const [i, row] of totals.entries()) {
        expect(row.cells).toBe(reference[i].cells);
        expect(Math.abs(row.sum - reference[i].sum)).toBeLessThanOrEqual(
          1e-6 * Math.abs(reference[i].sum) + 1e-9 * row.cells,
        );
      }
      const tiled = ecoflux(
        ['run', project, '--device', 'software', '--tile', '40', '--out', `${out}-40`],
        onDriver(manifest!),
      );
      expect(tiled.status).toBe(0);
      expect(rasters(`${out}-40`)).toEqual(rasters(out));
      const verify = ecoflux(['verify', project], onDriver(manifest!));
      expect(verify.status).toBe(0);
      expect(verify.stdout).toMatch(/Verified on .*: (\d+) of \1 stages within tolerance, 100 % of the cells compared/);
    }, 180_000); // three runs of nine services, with shaders compiled in each
  }

  test('verify has nothing to say without a device: exit 3', () => {
    const { status, stderr } = ecoflux(['verify', project], NO_DRIVER);
    expect(stderr).toContain('there is no WebGPU device to verify');
    expect(status).toBe(3);
  });
});

describe('demo', () => {
  test('makes a region, runs it, verifies and reports; then the region runs by itself', () => {
    const out = join(work, 'demo ö');
    const { status, stdout } = ecoflux(['demo', '--size', '64', '--seed', '5', '--out', `${out}/`, '--json']);
    expect(status).toBe(0);
    const { report, verified } = JSON.parse(stdout);
    expect(report).toBe(`${out}/report.html`);
    expect(verified).toBe(drivers.length > 0 ? true : null);
    for (const name of [
      'report.html',
      'run.json',
      'tables/totals.csv',
      '2023/lulc.tif',
      '2023/WY/net.tif',
      'risk/WY.tif',
      'hotspots/2023/ratio/bin_fdr.tif',
      'bundles/bundle.tif',
      'tables/zone_flows.csv',
      'zones/zones.gpkg',
      'region/project.yaml',
      'region/data/counties.geojson',
    ])
      expect(existsSync(join(out, name)), name).toBe(true);
    const over = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')).parameters.find(
      ({ name }: { name: string }) => name === 'over',
    );
    expect(over.value).toBe('1 yr'); // a stock against a year's emissions is said
    const again = join(work, 'again');
    expect(ecoflux(['run', join(out, 'region/project.yaml'), '--out', again, '--device', 'cpu']).status).toBe(0);
    const flows = 3 * (5 * 10 + 4 * 11); // five around, four down the slope, which also spill
    const [risks, hotspots, bundles] = [9 * 5 + 2 * 9, 3 * 3 * 4, 2];
    // All nine services, and what follows.
    expect(Object.keys(rasters(again)).length).toBe(3 * (1 + 9 * 4 + 3) + flows + risks + hotspots + bundles);
  }, 180_000);

  test('without a driver it runs on the CPU and says so', () => {
    const { status, stderr } = ecoflux(['demo', '--size', '32', '--out', join(work, 'cpu-demo')], NO_DRIVER);
    expect(stderr).toContain('Runs on the CPU');
    expect(stderr).toContain('no WebGPU device to verify');
    expect(status).toBe(0);
  });
});

describe('options', () => {
  test('--quiet says nothing, --progress json says it in JSON, --scratch must be there', () => {
    const quiet = ecoflux(['run', project, '--device', 'cpu', '--quiet', '--out', join(work, 'quiet')]);
    expect([quiet.status, quiet.stdout, quiet.stderr]).toEqual([0, '', '']);
    const json = ecoflux([
      'run',
      project,
      '--device',
      'cpu',
      '--tile',
      '64',
      '--progress',
      'json',
      '--out',
      join(work, 'json'),
    ]);
    const steps = json.stderr
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line).progress);
    expect(steps.at(-1)).toMatchObject({ tilesDone: 4, tiles: 4 });
    const scratch = ecoflux([
      'run',
      project,
      '--device',
      'cpu',
      '--scratch',
      join(work, 'nowhere'),
      '--out',
      join(work, 's'),
    ]);
    expect(scratch.status).toBe(2);
    expect(scratch.stderr).toContain('nowhere');
    expect(scratch.stderr).toContain('--scratch');
  });

  test('a process without a GPU ends with 3, not with a stack', () => {
    const region = join(work, 'p/data');
    const { status, stderr } = ecoflux(
      [
        'carbon',
        '--lulc_bas',
        join(region, 'lulc_2003.tif'),
        '--carbon',
        join(region, 'carbon.csv'),
        '--device',
        'gpu',
        '--out',
        join(work, 'c'),
      ],
      NO_DRIVER,
    );
    expect(stderr).toContain('NoDevice: no GPU was found');
    expect(stderr).not.toContain('Node.js v');
    expect(status).toBe(3);
  });

  test('degrees are no metres, and a map of an earlier year is no later one', () => {
    const geographic = join(work, 'degrees.tif');
    execFileSync('gdal_translate', [
      '-q',
      '-a_srs',
      'EPSG:4326',
      '-a_ullr',
      '117',
      '32',
      '118',
      '31',
      join(work, 'p/data/dem.tif'),
      geographic,
    ]);
    const slope = ecoflux(['slope', '--dem', geographic, '--out', join(work, 'sl')]);
    expect(slope.stderr).toContain('slope needs a projected CRS');
    expect(slope.status).toBe(2);
    const maps = [
      '--lulc_bas',
      join(work, 'p/data/lulc_2003.tif'),
      '--lulc_alt',
      join(work, 'p/data/lulc_2023.tif'),
      '--carbon',
      join(work, 'p/data/carbon.csv'),
    ];
    const years = ecoflux([
      'carbon',
      ...maps,
      '--lulc_bas_year',
      '2023',
      '--lulc_alt_year',
      '2003',
      '--price_per_metric_ton_of_c',
      '30',
      '--out',
      join(work, 'ca'),
      '--device',
      'cpu',
    ]);
    expect(years.stderr).toContain(
      'the alternate map must be of a later year (found lulc_bas_year 2023, lulc_alt_year 2003)',
    );
    expect(years.status).toBe(2);
  });

  test('the unit of an amount is that of the output', () => {
    const out = join(work, 'demand');
    expect(
      ecoflux([
        'per_capita',
        '--population',
        join(work, 'p/data/population_2003.tif'),
        '--amount',
        '350 m3/yr',
        '--out',
        out,
        '--device',
        'cpu',
      ]).status,
    ).toBe(0);
    expect(execFileSync('gdalinfo', [join(out, 'demand.tif')], { encoding: 'utf8' })).toContain('Unit Type: m3/yr');
  });
});

describe('interruption', () => {
  test('Ctrl-C keeps what was done beside the folder, says how to continue, and ends with 130', async () => {
    const big = join(work, 'big');
    expect(ecoflux(['init', big, '--size', '1024']).status).toBe(0);
    const out = join(work, 'interrupted');
    const child = spawn(
      process.execPath,
      [BIN, 'run', join(big, 'project.yaml'), '--device', 'cpu', '--tile', '64', '--progress', 'plain', '--out', out],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const words = await untilSays(child, /pass 1 of/);
    child.kill('SIGINT');
    const code = await new Promise<number | null>((done) => child.on('exit', done));
    expect(words()).toMatch(
      /Interrupted: .*interrupted\.partial: the run was interrupted\. What was done is kept: continue with --resume\n/,
    );
    expect(code).toBe(130);
    expect(readdirSync(work).filter((name) => name.includes('interrupted'))).toEqual(['interrupted.partial']);
  });
});

async function untilSays(child: ChildProcess, pattern: RegExp): Promise<() => string> {
  let said = '';
  await new Promise<void>((resolve) => {
    child.stderr!.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (pattern.test(said)) resolve();
    });
    child.on('exit', () => resolve());
  });
  return () => said;
}

describeWithInvest('one process', ([folder]) => {
  test('annual water yield on the files of an InVEST case, by InVEST’s argument names, equals InVEST', async () => {
    const { args } = investRun(folder, 'annual_water_yield');
    const out = join(work, 'awy');
    const paths = Object.entries(args).filter(
      ([name]) => name !== 'watersheds_path' && name !== 'seasonality_constant',
    );
    const flags = paths.flatMap(([name, path]) => [`--${name}`, join(folder, String(path))]);
    const { status, stderr } = ecoflux([
      'annual_water_yield',
      ...flags,
      '--seasonality-constant',
      String(args.seasonality_constant),
      '--out',
      out,
      '--device',
      'cpu',
      '--intermediates',
    ]);
    expect(stderr).not.toContain('Error');
    expect(status).toBe(0);
    for (const output of Object.keys(annual_water_yield.outputs)) {
      const type = output === 'clipped_lulc' ? 'u32' : 'f32';
      const [ours, theirs] = [
        await loadPlane(join(out, `${output}.tif`), type),
        await loadPlane(join(folder, 'outputs/annual_water_yield', `${output}.tif`), type),
      ];
      const result = comparePlanes(ours.plane, theirs.plane, ours.grid.width, toleranceOf(annual_water_yield, output));
      expect(result, `${output}: ${result.worst}`).toMatchObject({ nodataDisagreements: 0, off: 0, passed: true });
    }
  });

  test('rasters on different grids are refused with the way out, which works', () => {
    const input = (name: string) => join(folder, 'inputs', name);
    const coarse = join(work, 'coarse.tif');
    execFileSync('gdal_translate', ['-q', '-outsize', '50%', '50%', '-r', 'average', input('precip.tif'), coarse]);
    const args = [
      'annual_water_yield',
      '--lulc',
      input('lulc.tif'),
      '--precipitation',
      coarse,
      '--et0',
      input('et0.tif'),
      '--soil_depth',
      input('soil_depth.tif'),
      '--pawc',
      input('pawc.tif'),
      '--biophysical',
      input('biophysical.csv'),
      '--device',
      'cpu',
      '--out',
      join(work, 'aligned'),
    ];
    const refused = ecoflux(args);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain('coarse.tif: the raster is on another grid than the first one');
    expect(refused.stderr).toContain('--align auto');
    const summed = ecoflux([...args, '--align', 'sum']);
    expect(summed.status).toBe(2);
    expect(summed.stderr).toMatch(/layer 'precipitation' is taken to be in mm\/yr, and sum is for amounts per cell/);
    const { status, stderr } = ecoflux([...args, '--align', 'auto']);
    expect(stderr).toContain('bilinear resampling from');
    expect(status).toBe(0);
  });
});
