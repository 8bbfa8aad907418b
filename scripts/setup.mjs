// Installs what is missing: the packages of the lockfile, and with --tests the software Vulkan driver, Chromium and GDAL (as root on
// Debian and Ubuntu). Does nothing, quickly, where everything is there.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

export function setup({ tests = false } = {}) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    fail(`ecoflux needs Node 20.19 or newer, and this is ${process.version}`);
  if (!installed()) {
    console.error('setup: installing packages (npm ci)');
    // Building takes the development packages, which NODE_ENV=production would leave out.
    const { status } = spawnSync('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      env: withoutNpmSettings(process.env),
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    });
    if (status !== 0) fail('npm ci did not succeed; see above');
  }
  if (!tests) return;
  const { status, error } = spawnSync('bash', [join(root, 'scripts/setup-system.sh')], { stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  const reason = error ? error.message : `setup-system.sh ended with status ${status}`;
  console.error(`setup: ${reason}; tests that need what is missing are skipped (REQUIRE_GPU=1 makes that a failure)`);
}

/** Where packages come from; everything else that npm hands to what it runs (--global, --omit, --dry-run) is about that run. */
const WHERE = /^npm_config_(registry|cache|userconfig|globalconfig|(https?_?|no_?)?proxy|ca|cafile|strict_ssl)$/i;

function withoutNpmSettings(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^npm_/i.test(name) || WHERE.test(name)));
}

/** npm keeps a copy of the lockfile it installed from. */
function installed() {
  const done = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(done)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const have = JSON.parse(readFileSync(done, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || have[path]?.version === version,
  );
}

function fail(message) {
  console.error(`setup: ${message}`);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setup({ tests: process.argv.includes('--tests') });
