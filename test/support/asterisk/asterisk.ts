import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../deadline.js';
import { end, isRunning, own } from '../owned-child.js';
import { type AsteriskConfig, writeAsteriskConfig } from './asterisk-config.js';

const runFile = promisify(execFile);
const libraries = 'usr/lib/x86_64-linux-gnu';
const startDeadlineMs = 10_000;
const stopDeadlineMs = 3000;
const commandDeadlineMs = 5000;

/** A real Asterisk as a child of the test: unprivileged, on 127.0.0.1 only, with private folders. */
export class Asterisk {
  readonly sipPort: number;
  /** Of the manager and of HTTP. */
  readonly managerPort: number;
  readonly httpPort: number;
  readonly #prefix: string;
  readonly #folder: string;
  readonly #child: ChildProcess;
  #output = '';

  private constructor({ prefix, folder, sipPort, managerPort, httpPort }: AsteriskConfig) {
    this.#prefix = prefix;
    this.#folder = folder;
    this.sipPort = sipPort;
    this.managerPort = managerPort;
    this.httpPort = httpPort;
    this.#child = spawn(this.#loader, [...this.#program, '-f', '-C', this.#configuration], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
    own(this.#child, this.#folder);
  }

  /** Starts one and waits until it is fully booted. */
  static async start(given: Pick<AsteriskConfig, 'prefix' | 'dialplan' | 'sounds'>): Promise<Asterisk> {
    const folder = mkdtempSync(join(tmpdir(), 'talkpath-asterisk-'));
    const [managerPort, httpPort] = await freeTcpPorts(2);
    const config = { ...given, folder, sipPort: await freeUdpPort(), managerPort: managerPort ?? 0, httpPort: httpPort ?? 0 };
    writeAsteriskConfig(config);
    const asterisk = new Asterisk(config);
    try {
      const control = join(folder, 'run/asterisk.ctl');
      await eventually(startDeadlineMs, 'Asterisk opens its control socket', () => existsSync(control) || asterisk.#mustRun(), 20);
      await asterisk.command('core waitfullybooted');
      return asterisk;
    } catch (error) {
      const cause = `${(error as Error).message}\n${asterisk.log()}`;
      await asterisk.stop();
      throw new Error(`Asterisk did not start: ${cause}`);
    }
  }

  /** Runs a command of Asterisk's command line and returns its output. */
  async command(text: string): Promise<string> {
    const { stdout } = await runFile(this.#loader, [...this.#program, '-C', this.#configuration, '-rx', text], { timeout: commandDeadlineMs });
    return stdout;
  }

  /** Sets a variable that the whole dialplan sees. */
  async setGlobal(name: string, value: string): Promise<void> {
    await this.command(`dialplan set global ${name} ${value}`);
  }

  /** Closes every connection to the manager. Returns how many there were. */
  async dropManagers(): Promise<number> {
    const sessions = [...(await this.command('manager show connected')).matchAll(/^ *\S+ +127\.0\.0\.1 +\d+ +\d+ +(\d+)/gm)];
    for (const [, descriptor] of sessions) await this.command(`manager kick session ${descriptor}`);
    return sessions.length;
  }

  /** Names of the channels that exist. */
  async channels(): Promise<string[]> {
    const lines = (await this.command('core show channels concise')).trim().split('\n');
    return lines.filter((line) => line.includes('!')).map((line) => line.split('!')[0] as string);
  }

  /** Notices, warnings, errors and the dialplan's steps so far, and what it wrote to its console. */
  log(): string {
    const file = join(this.#folder, 'log/messages.log');
    return `${this.#output}${existsSync(file) ? readFileSync(file, 'utf8') : ''}`;
  }

  /** Ends it by its pid, and removes its folders. */
  async stop(): Promise<void> {
    await end(this.#child, 'SIGTERM', stopDeadlineMs);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #loader(): string {
    return join(this.#prefix, libraries, 'ld-linux-x86-64.so.2');
  }

  get #program(): string[] {
    return ['--library-path', join(this.#prefix, libraries), join(this.#prefix, 'usr/sbin/asterisk')];
  }

  get #configuration(): string {
    return join(this.#folder, 'etc/asterisk.conf');
  }

  #mustRun(): false {
    if (!isRunning(this.#child)) throw new Error('it ended at once');
    return false;
  }
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

async function freeTcpPorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) server.close();
  return ports;
}
