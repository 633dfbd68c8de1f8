import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { probe, run } from './process.mjs';
import { SetupError } from './report.mjs';

const toBuild = ['g++', 'make', 'cmake', 'pkg-config', 'dpkg-dev', 'xz-utils', 'libabsl-dev', 'libsoxr-dev'];
const toTest = ['libgtest-dev'];
const toBenchmark = ['ffmpeg', 'sox'];
/** The first compiler with RealtimeSanitizer and effect analysis is Clang 20; this one is Debian 12's newest. */
const clang = { packages: ['clang-22', 'libclang-rt-22-dev'], c: 'clang-22', cxx: 'clang++-22' };

function missing(packages) {
  const installed = probe('dpkg-query', ['-W', '-f', '${db:Status-Abbrev} ${Package}\n', ...packages]) ?? '';
  const list = installed || listEachInstalled(packages);
  return packages.filter((name) => !list.split('\n').some((line) => line.startsWith('ii ') && line.endsWith(` ${name}`)));
}

/** dpkg-query fails as a whole when one name is unknown to it, so ask name by name. */
function listEachInstalled(packages) {
  return packages.map((name) => probe('dpkg-query', ['-W', '-f', '${db:Status-Abbrev} ${Package}', name]) ?? '').join('\n');
}

/**
 * Step: the Debian packages that building (and testing, and benchmarking) needs; with `mayInstall` false only asked for.
 */
export const debianPackages = ({ forTests = false, forBenchmarks = false, mayInstall = true }) =>
  installed('Debian packages', [...toBuild, ...(forTests ? toTest : []), ...(forBenchmarks ? toBenchmark : [])], mayInstall);

/** Step: Clang, for the suites that need more than the system's compiler can. */
export const clangPackages = () => installed('Clang', clang.packages);

/** The options that make CMake compile with that Clang. */
export const clangOptions = [`-DCMAKE_C_COMPILER=${clang.c}`, `-DCMAKE_CXX_COMPILER=${clang.cxx}`];

/** A step that installs packages as root or through sudo. */
function installed(title, packages, mayInstall = true) {
  return {
    title,
    async upToDate() {
      return process.env.TALKPATH_SKIP_SYSTEM_PACKAGES === '1' || missing(packages).length === 0;
    },
    async run(report) {
      if (!probe('dpkg-query', ['--version'])) {
        throw new SetupError(
          'This system has no dpkg, and talkpath knows only Debian packages by name.',
          `install the equivalents of ${packages.join(', ')} and run again with TALKPATH_SKIP_SYSTEM_PACKAGES=1`,
        );
      }
      const names = missing(packages);
      const prefix = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
      const byHand = `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${names.join(' ')}`;
      if (!mayInstall) throw new SetupError(`These Debian packages are missing: ${names.join(' ')}`, `run\n  ${byHand}`);
      if (prefix.length > 0 && probe('sudo', ['-n', 'true']) === undefined) {
        throw new SetupError(`These Debian packages are missing, and this user may not install them: ${names.join(' ')}`, `run\n  ${byHand}`);
      }
      const aptGet = async (...args) => {
        const [command, ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-o', 'DPkg::Lock::Timeout=120', ...args];
        await run(command, rest, { onLine: (line) => line.trim() && report.progress(line.trim().slice(0, 90)) });
      };
      try {
        await aptGet('update');
        await aptGet('install', '-y', '--no-install-recommends', ...names);
      } catch (error) {
        throw new SetupError(error.message, `mend what apt says above, or run by hand\n  ${byHand}`);
      }
      const still = missing(packages);
      if (still.length > 0) throw new SetupError(`apt-get ended well, but these packages are still missing: ${still.join(' ')}`, `run\n  ${byHand}`);
      return `installed ${names.join(' ')}`;
    },
  };
}

/** The archive that this machine's own apt sources name for Debian's main component. */
function archiveUri() {
  const targets = probe('apt-get', ['indextargets', '--format', '$(REPO_URI) $(RELEASE) $(COMPONENT)', 'Created-By: Packages']) ?? '';
  const release = /VERSION_CODENAME=(\S+)/.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  for (const line of targets.split('\n')) {
    const [uri, suite, component] = line.split(' ');
    if (component === 'main' && (suite === release || suite === 'stable') && !uri.includes('security')) return uri;
  }
  throw new SetupError(
    "No Debian archive for component main is among this machine's apt sources.",
    'add your usual Debian mirror to /etc/apt/sources.list, run apt-get update, and start again',
  );
}

/**
 * An apt of our own: its lists, cache and status live in `folder`, its only source is one suite of the
 * archive that the machine already uses. Needs no root and leaves the machine's apt alone.
 * @param {string} folder @param {'deb' | 'deb-src'} type @param {string} suite
 * @returns {string[]} the options that every apt-get call takes
 */
export function privateApt(folder, type, suite) {
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  if (!existsSync(keyring)) {
    throw new SetupError(`${keyring} is missing, so Debian's signatures cannot be checked.`, 'install the package debian-archive-keyring');
  }
  const list = join(folder, 'sources.list');
  const architecture = type === 'deb' ? 'arch=amd64 ' : '';
  writeFileSync(list, `${type} [${architecture}signed-by=${keyring}] ${archiveUri()} ${suite} main\n`);
  const status = join(folder, 'status');
  writeFileSync(status, '');
  return [
    ['Dir::State', join(folder, 'state')],
    ['Dir::State::status', status],
    ['Dir::State::lists', join(folder, 'lists')],
    ['Dir::Cache', join(folder, 'cache')],
    ['Dir::Etc::sourcelist', list],
    ['Dir::Etc::sourceparts', '/dev/null'],
    ['Dir::Etc::preferences', '/dev/null'],
    ['Dir::Etc::preferencesparts', '/dev/null'],
    ['APT::Install-Recommends', 'false'],
    ['APT::Sandbox::User', ''],
    ['Debug::NoLocking', 'true'],
    ['Acquire::Languages', 'none'],
  ].flatMap(([key, value]) => ['-o', `${key}=${value}`]);
}
