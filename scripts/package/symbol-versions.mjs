import { run } from '../setup/process.mjs';

/**
 * The newest version of each system library's symbols that a shared object asks for.
 * @param {string} file
 * @returns {Promise<Record<string, string>>} e.g. { GLIBC: '2.34', GLIBCXX: '3.4.29' }
 */
export async function symbolVersions(file) {
  /** @type {Record<string, string>} */
  const newest = {};
  for (const [, library, version] of (await run('objdump', ['-T', file])).matchAll(/\((GLIBC|GLIBCXX|CXXABI|GCC)_([\d.]+)\)/g)) {
    if (compareVersions(version, newest[library] ?? '0') > 0) newest[library] = version;
  }
  return newest;
}

export function compareVersions(one, other) {
  const [a, b] = [one, other].map((version) => version.split('.').map(Number));
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; ++i) if ((a[i] ?? 0) !== (b[i] ?? 0)) return (a[i] ?? 0) - (b[i] ?? 0);
  return 0;
}
