import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../base/clock.js';
import { runCommand } from './command.js';

const progressIntervalMs = 250;

/** Puts the tarball of a package, named name@version, into a folder, and tells how much has arrived. */
export type FetchTarball = (spec: string, folder: string, onBytes: (bytes: number) => void) => Promise<void>;

/**
 * Asks npm for tarballs by name, from wherever npm is set up to get them; no script of a package runs.
 * Progress comes as far as npm's own cache shows it, and not at all when the package is already in there.
 */
export function npmClient(clock: Clock): FetchTarball {
  return async (spec, folder, onBytes) => {
    const [command, leading] = npmCommand(process.env);
    const stopWatching = watchDownload(clock, onBytes);
    try {
      await runCommand(
        command,
        [...leading, 'pack', spec, '--pack-destination', folder, '--prefer-offline', '--ignore-scripts', '--loglevel=error'],
        folder,
      );
    } finally {
      stopWatching();
    }
  };
}

/** The npm that started us, or the one on PATH. */
function npmCommand(env: NodeJS.ProcessEnv): [command: string, leading: string[]] {
  const script = env.npm_execpath;
  return script?.endsWith('.js') ? [process.execPath, [script]] : ['npm', []];
}

/** npm streams a download through its cache's tmp folder before it hands the tarball over: what grows there is the progress. */
function watchDownload(clock: Clock, onBytes: (bytes: number) => void): () => void {
  // Without a home folder nothing is seen to grow there, and that is all.
  const folder = join(process.env.npm_config_cache || join(process.env.HOME ?? '', '.npm'), '_cacache', 'tmp');
  const startedAtMs = clock.wallTime().getTime();
  let stopped = false;
  let cancel = (): void => {};
  const look = async (): Promise<void> => {
    const bytes = await bytesNewerThan(folder, startedAtMs);
    if (stopped) return;
    if (bytes > 0) onBytes(bytes);
    cancel = clock.after(progressIntervalMs, () => void look());
  };
  void look();
  return () => {
    stopped = true;
    cancel();
  };
}

async function bytesNewerThan(folder: string, wallTimeMs: number): Promise<number> {
  let sum = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    const file = await stat(join(folder, name)).catch(() => undefined);
    if (file?.isFile() && file.birthtimeMs >= wallTimeMs) sum += file.size;
  }
  return sum;
}
