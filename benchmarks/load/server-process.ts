import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../../dist/cli/talkpath.js', import.meta.url));

/** Runs in the server: tells, when it is asked, what its event loop waits for. */
const telltale = `if (process.channel) {
  process.on('message', () => process.send(process.getActiveResourcesInfo()));
  process.channel.unref();
}`;

/** A talkpath server as a process of its own, on free ports, to be measured from outside. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly audiosocket: { host: string; port: number };
  readonly admin: string;

  private constructor(child: ChildProcess, audiosocket: string, admin: string) {
    const [host = '', port = ''] = audiosocket.split(':');
    this.#child = child;
    this.audiosocket = { host, port: Number(port) };
    this.admin = admin;
  }

  /**
   * Resolves when the server is ready; rejects when it ends before.
   * @param settings the text of its talkpath.yaml; none without it
   */
  static start(environment: Record<string, string>, settings?: string): Promise<ServerProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'talkpath-bench-'));
    if (settings !== undefined) writeFileSync(join(folder, 'talkpath.yaml'), settings);
    const child = spawn(process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(telltale)}`, cli, 'serve'], {
      env: { ...process.env, TALKPATH_AUDIOSOCKET: '127.0.0.1:0', TALKPATH_ADMIN: '127.0.0.1:0', ...environment },
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    child.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    goBefore(child);
    return new Promise((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`the server ended with code ${code} before it was ready`)));
      createInterface({ input: child.stdout as Readable }).on('line', (line) => {
        const { msg, audiosocket, admin } = parse(line);
        if (msg === 'ready' && audiosocket && admin) resolve(new ServerProcess(child, audiosocket, admin));
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async get(path: string): Promise<Response> {
    return fetch(`http://${this.admin}${path}`);
  }

  /** Timers that are armed in its control thread. */
  timers(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#child.once('message', (resources: string[]) => resolve(resources.filter((resource) => resource === 'Timeout').length));
      this.#child.send('resources', (error) => error && reject(error));
    });
  }

  stop(): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.kill('SIGTERM');
    });
  }
}

/** The instrument must not be what is late: where the system allows, it goes before other programs, the server not. */
function goBefore(server: ChildProcess): void {
  try {
    setPriority(-10);
    if (server.pid !== undefined) setPriority(server.pid, 0);
  } catch {
    // It measures as it is.
  }
}

function parse(line: string): { msg?: string; audiosocket?: string; admin?: string } {
  try {
    return JSON.parse(line) as { msg?: string };
  } catch {
    return {};
  }
}
