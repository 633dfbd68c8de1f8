import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { CallRecordView } from '#talkpath/call/call-record.js';
import { eventually } from './deadline.js';
import { inheritedEnvironment } from './inherited-environment.js';
import { parseOpenMetrics } from './open-metrics.js';
import { end, isRunning, own } from './owned-child.js';
import { leave, observe } from './precedence.js';
import { projectFolder } from './project.js';

export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

/** What PUT /v1/calls/{uuid} takes. */
export interface CallAnnouncement {
  readonly provider?: string;
  readonly profile?: string;
  readonly context?: string;
  readonly variables?: Readonly<Record<string, string>>;
}

export interface ServeOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Text of its talkpath.yaml; none without it. */
  readonly settings?: string;
}

const readyDeadlineMs = 30_000;
const stopDeadlineMs = 5000;
const recordDeadlineMs = 3000;

/** `talkpath serve` as a child of the test, on free ports of 127.0.0.1, in a folder of its own. */
export class TalkpathProcess {
  readonly log: LogLine[] = [];
  /** Its exit code once it has ended, null when a signal ended it. */
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #folder: string;
  #stderr = '';
  #left = false;
  #addresses: { readonly audiosocket: string; readonly admin: string; readonly agi: string } | undefined;

  private constructor({ environment, settings }: ServeOptions) {
    this.#folder = mkdtempSync(join(tmpdir(), 'talkpath-serve-'));
    if (settings !== undefined) writeFileSync(join(this.#folder, 'talkpath.yaml'), settings);
    const defaults = { TALKPATH_AUDIOSOCKET: '127.0.0.1:0', TALKPATH_ADMIN: '127.0.0.1:0' };
    this.#child = spawn(process.execPath, [join(projectFolder, 'dist/cli/talkpath.js'), 'serve'], {
      cwd: this.#folder,
      env: { ...inheritedEnvironment(), ...defaults, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    observe(this.#child.pid);
    this.exited = once(this.#child, 'close').then(([code]) => code as number | null);
    const { stdout, stderr } = this.#child;
    if (stdout) createInterface({ input: stdout }).on('line', (line) => this.#takeLine(line));
    stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    own(this.#child, this.#folder);
  }

  /** Starts one and waits until it takes calls. */
  static async start(options: ServeOptions = {}): Promise<TalkpathProcess> {
    const talkpath = new TalkpathProcess(options);
    try {
      await eventually(readyDeadlineMs, 'talkpath says that it is ready', () => talkpath.#addresses !== undefined || talkpath.#mustRun(), 20);
      return talkpath;
    } catch (error) {
      await talkpath.kill();
      throw new Error(`talkpath did not start: ${(error as Error).message}\n${talkpath.tail()}`);
    }
  }

  get audiosocket(): string {
    return this.#addresses?.audiosocket ?? '';
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Announces a call that will come. */
  async announce(uuid: string, announcement: CallAnnouncement): Promise<void> {
    await this.request('PUT', `/v1/calls/${uuid}`, announcement);
  }

  async hangUp(uuid: string): Promise<void> {
    await this.request('POST', `/v1/calls/${uuid}/hangup`);
  }

  async call(uuid: string): Promise<CallRecordView> {
    return (await this.request('GET', `/v1/calls/${uuid}`)) as CallRecordView;
  }

  /** The call's record as soon as it is as `wanted`. */
  async callWhen(uuid: string, what: string, wanted: (record: CallRecordView) => boolean, ms = recordDeadlineMs): Promise<CallRecordView> {
    let latest: CallRecordView | undefined;
    try {
      return await eventually(ms, `the record of the call says: ${what}`, async () => {
        latest = await this.call(uuid).catch(() => undefined);
        return latest && wanted(latest) && latest;
      });
    } catch (error) {
      throw new Error(`${(error as Error).message}; it says ${JSON.stringify(latest)}`);
    }
  }

  /** The record of a call that is over. */
  endedCall(uuid: string): Promise<CallRecordView> {
    return this.callWhen(uuid, 'it has ended', (record) => record.state === 'ended');
  }

  /** Asks the admin API; rejects unless it agrees. */
  async request(method: string, path: string, body?: unknown): Promise<unknown> {
    const content = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const response = await fetch(`http://${this.#addresses?.admin}${path}`, { method, ...content, signal: AbortSignal.timeout(5000) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${text}`);
    return response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
  }

  /** Value of a metric: the sum of its samples that carry these labels, 0 when there is none. */
  async metric(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    const families = parseOpenMetrics((await this.request('GET', '/metrics')) as string);
    const samples = [...families.values()].flatMap((family) => family.samples).filter((sample) => sample.name === name);
    return samples
      .filter((sample) => Object.entries(labels).every(([label, text]) => sample.labels[label] === text))
      .reduce((sum, { value }) => sum + value, 0);
  }

  /** host:port of the admin API. */
  get admin(): string {
    return this.#addresses?.admin ?? '';
  }

  /** host:port for AGI(), empty when that is off. */
  get agi(): string {
    return this.#addresses?.agi ?? '';
  }

  /** The last lines of its log. */
  tail(lines = 30): string {
    return [...this.log.slice(-lines).map((line) => JSON.stringify(line)), this.#stderr].join('\n');
  }

  /** Its log has no reader any more. */
  stopReading(): void {
    this.#child.stdout?.destroy();
  }

  /** Ends it as a machine's power does. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Ends it politely, the rest by force. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (!this.#left) leave();
    this.#left = true;
    await end(this.#child, signal, stopDeadlineMs);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #mustRun(): false {
    if (!isRunning(this.#child)) throw new Error('it ended at once');
    return false;
  }

  #takeLine(text: string): void {
    try {
      const line = JSON.parse(text) as LogLine;
      this.log.push(line);
      if (line.msg === 'ready') this.#addresses = { audiosocket: String(line.audiosocket), admin: String(line.admin), agi: String(line.agi ?? '') };
    } catch {
      this.#stderr += `${text}\n`;
    }
  }
}
