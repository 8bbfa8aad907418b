/** The installer of system software, in front of an apt that only writes down what it is asked: nothing is installed here. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const SCRIPT = resolve(import.meta.dirname, '../../scripts/setup-system.sh');
const LIST = 'etc/apt/sources.list.d/backports-for-vulkan.list';
const posix = process.platform !== 'win32';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ecoflux-setup-'));
  for (const folder of ['bin', 'usr/bin', 'etc/apt/sources.list.d']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'etc/os-release'), 'VERSION_CODENAME=bookworm\n');
  // Only these programs can be found, so that no real apt can.
  for (const name of ['bash', 'sed', 'awk', 'ls', 'rm']) symlinkSync(realPathOf(name), join(root, 'bin', name));
  program('bin/id', 'echo 0');
  program('bin/uname', 'echo Linux');
  program('bin/dpkg-query', 'printf 22.3.6-1');
  program('bin/apt-cache', 'echo "  Candidate: 22.3.6-1"');
  program('usr/bin/python3', 'echo python3 >> "$ROOT/log"; exit 1');
  apt('');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function realPathOf(name: string): string {
  return spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim();
}

function program(path: string, body: string): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!${realPathOf('bash')}\nROOT=${root}\n${body}\n`);
  chmodSync(file, 0o755);
}

/** An apt that knows the release, what our file adds to it, and what the test wants. */
function apt(more: string): void {
  program(
    'bin/apt-get',
    `echo "$*" >> "$ROOT/log"
    ours="$ROOT/${LIST}"
    ${more}
    if [ "$1" = indextargets ]; then
      echo 'http://mirror/debian bookworm main'
      [ ! -f "$ours" ] || echo 'http://mirror/debian bookworm-backports main'
    fi`,
  );
}

function setup() {
  const env = { PATH: join(root, 'bin'), ECOFLUX_SYSTEM_ROOT: root };
  const { status, stderr } = spawnSync(realPathOf('bash'), [SCRIPT], { encoding: 'utf8', env });
  const log = existsSync(join(root, 'log')) ? readFileSync(join(root, 'log'), 'utf8').trim().split('\n') : [];
  return { status, stderr, log, installs: log.filter((line) => line.startsWith('install')) };
}

describe.skipIf(!posix)('setup-system.sh', () => {
  test('adds the backports of the mirror that apt uses, and installs from there', () => {
    const { status, installs } = setup();
    expect(status).toBe(0);
    expect(readFileSync(join(root, LIST), 'utf8')).toBe('deb http://mirror/debian bookworm-backports main\n');
    expect(installs[0]).toContain('-t bookworm-backports mesa-vulkan-drivers');
    expect(installs[1]).toContain('gdal-bin');
  });

  test('signs them as Debian does, where the key is there', () => {
    mkdirSync(join(root, 'usr/share/keyrings'), { recursive: true });
    writeFileSync(join(root, 'usr/share/keyrings/debian-archive-keyring.gpg'), '');
    setup();
    expect(readFileSync(join(root, LIST), 'utf8')).toMatch(
      /^deb \[signed-by=\/usr\/share\/keyrings\/debian-archive-keyring.gpg\] http/,
    );
  });

  test('leaves backports alone that apt has already, whoever added them', () => {
    apt(`[ "$1" != indextargets ] || echo 'http://other/debian bookworm-backports main'`);
    const { status, installs } = setup();
    expect(status).toBe(0);
    expect(existsSync(join(root, LIST))).toBe(false);
    expect(installs[0]).toContain('-t bookworm-backports mesa-vulkan-drivers');
  });

  test.each([
    ['refuses all its sources with them', `[ ! -f "$ours" ] || case "$1" in update|indextargets) exit 100;; esac`],
    ['cannot fetch them', `[ ! -f "$ours" ] || [ "$1" != update ] || exit 100`],
  ])('takes them away again where apt %s', (_, more) => {
    apt(more);
    const { status, stderr, log, installs } = setup();
    expect(existsSync(join(root, LIST))).toBe(false);
    expect(log.lastIndexOf('update -qq')).toBeLessThan(log.findIndex((line) => line.startsWith('install')));
    expect(stderr).toContain('add bookworm-backports by hand');
    expect(status).toBe(0);
    expect(installs).toHaveLength(1);
    expect(installs[0]).toContain('gdal-bin');
  });

  test('a source that was dead before does not stand in the way', () => {
    apt('[ "$1" != update ] || exit 100');
    const { status, installs } = setup();
    expect(status).toBe(0);
    expect(existsSync(join(root, LIST))).toBe(true);
    expect(installs).toHaveLength(2);
  });

  test('on other systems it calls nothing, not even python3, and says what to install', () => {
    program('bin/uname', 'echo Darwin');
    const { status, stderr, log } = setup();
    expect({ status, log }).toEqual({ status: 0, log: [] });
    expect(stderr).toMatch(/on Darwin; install .*Chromium and GDAL/);
  });

  test('without root it says what is missing', () => {
    program('bin/id', 'echo 1000');
    const { status, stderr, installs } = setup();
    expect({ status, installs }).toEqual({ status: 0, installs: [] });
    expect(stderr).toContain('missing lavapipe chromium gdal python3-gdal mesa-23; install');
  });

  test('does nothing where all is there', () => {
    for (const name of ['chromium', 'gdalinfo']) program(`bin/${name}`, '');
    program('usr/bin/python3', '');
    program('usr/share/vulkan/icd.d/lvp_icd.json', '');
    program('bin/dpkg-query', 'printf 1:25.0.7-2');
    const { status, stderr, log } = setup();
    expect({ status, stderr, log }).toEqual({ status: 0, stderr: '', log: [] });
  });
});
