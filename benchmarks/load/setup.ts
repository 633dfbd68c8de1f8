/**
 * A newcomer's start: the committed HEAD cloned into a fresh folder, with a home of its own that is empty, and `npm start`
 * until it says that it is ready; then once more. Debian packages that the machine already has are not installed again.
 *   setup
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { systemClock } from '#talkpath/base/clock.js';
import { writeResult } from './result.js';

const project = fileURLToPath(new URL('../../../', import.meta.url));
const longestStartMs = 45 * 60_000;
const longestStopMs = 20_000;

interface Start {
  readonly seconds: number;
  /** What set-up said of each step that had something to do. */
  readonly steps: readonly { readonly title: string; readonly outcome: string; readonly seconds: number }[];
}

const folder = mkdtempSync(join(tmpdir(), 'talkpath-setup-'));
let running: ChildProcess | undefined;
process.once('exit', () => {
  endGroup('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const clone = join(folder, 'talkpath');
const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
git('clone', '--quiet', '--no-checkout', project, clone);
git('-C', clone, 'checkout', '--quiet', '--detach', git('-C', project, 'rev-parse', 'HEAD'));

const first = await start('first start');
const second = await start('second start');
writeResult('setup', {
  what: '`npm start` from a bare clone to ready, with an empty home, no npm cache and nothing built; then again, s',
  firstSeconds: first.seconds,
  secondSeconds: second.seconds,
  debianPackagesMissing: packagesInstalled(first),
  firstSteps: first.steps,
  secondSteps: second.steps,
});

/** Runs `npm start` until it is ready, and ends it with all that it started. */
async function start(name: string): Promise<Start> {
  const startedMs = systemClock.nowMs();
  const child = spawn('npm', ['start'], { cwd: clone, env: newcomer(), detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  running = child;
  const steps: Start['steps'][number][] = [];
  let tail: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    process.stderr.write(`${name}: ${line}\n`);
    tail = [...tail.slice(-20), line];
    const [, title, outcome, seconds] = /^setup: ([^:]+): (.*) \((\d+\.\d) s\)$/.exec(line) ?? [];
    if (title && outcome) steps.push({ title, outcome, seconds: Number(seconds) });
  });
  const closed = once(child, 'close');
  try {
    await new Promise<void>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.includes('"msg":"ready"')) resolve();
      });
      const cancel = systemClock.after(longestStartMs, () => reject(new Error(`the ${name} took longer than ${longestStartMs / 60_000} minutes`)));
      child.once('error', reject);
      void closed.then(([code]) => {
        cancel();
        reject(new Error(`npm start ended with ${code} before it was ready:\n${tail.join('\n')}`));
      });
    });
    const seconds = Number(((systemClock.nowMs() - startedMs) / 1000).toFixed(1));
    process.stderr.write(`${name}: ready after ${seconds} s\n`);
    return { seconds, steps };
  } finally {
    endGroup('SIGTERM');
    const cancel = systemClock.after(longestStopMs, () => endGroup('SIGKILL'));
    await closed;
    cancel();
    running = undefined;
  }
}

/** npm, its shell and the server are one process group, named by npm's id. */
function endGroup(signal: NodeJS.Signals): void {
  if (running?.pid === undefined) return;
  try {
    process.kill(-running.pid, signal);
  } catch {
    // It has ended by itself.
  }
}

/** This machine's environment with nothing in it that talkpath or npm has left for us; npm's own settings stay. */
function newcomer(): NodeJS.ProcessEnv {
  const home = join(folder, 'home');
  mkdirSync(home, { recursive: true });
  const ours = /^(TALKPATH_|XDG_|npm_package_|npm_lifecycle_|INIT_CWD$|npm_config_(cache|local_prefix|init_module)$)/i;
  const kept = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
  const settings = join(homedir(), '.npmrc');
  return {
    ...(existsSync(settings) ? { npm_config_userconfig: settings } : {}),
    ...kept,
    HOME: home,
    npm_config_cache: join(home, '.npm'),
    TALKPATH_AUDIOSOCKET: '127.0.0.1:0',
    TALKPATH_ADMIN: '127.0.0.1:0',
  };
}

function packagesInstalled({ steps }: Start): number {
  const [, names = ''] = /^installed (.*)$/.exec(steps.find(({ title }) => title === 'Debian packages')?.outcome ?? '') ?? [];
  return names === '' ? 0 : names.split(' ').length;
}
