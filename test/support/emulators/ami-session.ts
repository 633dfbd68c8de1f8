import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { ActionRefused, type Answer, actions, type Fields, run } from './ami-actions.js';
import type { AmiServer } from './ami-server.js';

const longestLineBytes = 1022;

/** One connection to an emulated manager. */
export class AmiServerSession {
  readonly #socket: Socket;
  readonly #server: AmiServer;
  readonly #challenge = String(100_000_000 + Math.floor(Math.random() * 9e8));
  #received = '';
  #isIn = false;
  #events: readonly string[] = [];
  #flood: NodeJS.Immediate | undefined;
  /** Actions are answered one after the other: a digit holds those behind it up. */
  #busy: Promise<void> = Promise.resolve();

  constructor(socket: Socket, server: AmiServer) {
    this.#socket = socket;
    this.#server = server;
    socket.once('close', () => clearImmediate(this.#flood));
    socket.setEncoding('utf8').on('data', (text: string) => this.#take(text));
    if (server.fault === 'not-a-manager') this.#write('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n');
    else if (server.fault !== 'hang') this.#write('Asterisk Call Manager/11.0.0\r\n');
  }

  /** An event, if the client is logged in and wants those of the dialplan. */
  tell(lines: readonly string[]): void {
    if (this.#isIn && this.#events.some((mask) => mask === 'on' || mask === 'dialplan')) this.#send(lines);
  }

  #take(text: string): void {
    if (this.#server.fault === 'hang') return;
    this.#received += text;
    for (let end = this.#received.indexOf('\r\n\r\n'); end >= 0; end = this.#received.indexOf('\r\n\r\n')) {
      const lines = this.#received.slice(0, end).split('\r\n');
      this.#received = this.#received.slice(end + 4);
      this.#busy = this.#busy.then(() => this.#takeAction(lines));
    }
  }

  async #takeAction(lines: readonly string[]): Promise<void> {
    if (this.#isIn && this.#server.fault === 'mute') return;
    if (this.#isIn && this.#server.fault === 'lose') {
      this.#socket.resetAndDestroy();
      return;
    }
    const fields = this.#fieldsOf(lines);
    const name = (fields.get('action') ?? '').toLowerCase();
    const given = fields.get('actionid');
    const id = given === undefined ? [] : [`ActionID: ${given}`];
    try {
      const answer = await this.#answer(name, fields, lines);
      this.#send([`Response: ${answer.response}`, ...id, ...answer.lines]);
      for (const event of answer.events ?? []) this.#send([...event, ...id]);
      if (name === 'login') this.#letIn();
      if (name === 'logoff') this.#socket.end();
    } catch (error) {
      if (!(error instanceof ActionRefused)) throw error;
      if (error.isViolation) this.#violated(`${name}: ${error.message}`);
      this.#send(['Response: Error', ...id, `Message: ${error.message}`]);
      if (name === 'login') this.#socket.end();
    }
  }

  async #answer(name: string, fields: Fields, lines: readonly string[]): Promise<Answer> {
    const action = actions[name];
    if (lines.some((line) => Buffer.byteLength(line) > longestLineBytes)) throw new ActionRefused('Failed to parse message: line too long');
    if (!action) throw new ActionRefused(`Invalid/unknown command: ${name}. Use Action: ListCommands to show available commands.`);
    if (!this.#isIn && name !== 'challenge' && name !== 'login') throw new ActionRefused('Permission denied');
    const missing = action.must.find((field) => !fields.has(field));
    if (missing) throw new ActionRefused(`${missing} not specified`);
    for (const field of fields.keys())
      if (!['action', 'actionid', ...action.must, ...action.may].includes(field)) this.#violated(`${name} has a field ${field}`);
    if (action.rights.length > 0 && !action.rights.some((right) => this.#server.write.includes(right)))
      throw new ActionRefused('Permission denied', false);
    if (name === 'challenge') return this.#challengeFor(fields);
    return name === 'login' ? this.#logIn(fields) : run(this.#server, name, fields);
  }

  #challengeFor(fields: Fields): Answer {
    if (fields.get('authtype')?.toUpperCase() !== 'MD5') throw new ActionRefused('Must specify AuthType');
    return { response: 'Success', lines: [`Challenge: ${this.#challenge}`] };
  }

  #logIn(fields: Fields): Answer {
    const { user, secret } = this.#server;
    const isMd5 = fields.get('authtype')?.toUpperCase() === 'MD5';
    const key = createHash('md5').update(`${this.#challenge}${secret}`).digest('hex');
    const isRight = isMd5 ? fields.get('key') === key : fields.get('secret') === secret;
    if (fields.get('username') !== user || !isRight) throw new ActionRefused('Authentication failed', false);
    this.#events = (fields.get('events') ?? 'on').split(',');
    return { response: 'Success', lines: ['Message: Authentication accepted'] };
  }

  #letIn(): void {
    this.#isIn = true;
    this.#server.logIns += 1;
    if (this.#server.fault === 'long-line') this.#write('x'.repeat(1_000_000));
    if (this.#server.fault === 'flood') this.#pour();
  }

  #fieldsOf(lines: readonly string[]): Fields {
    const fields = new Map<string, string>();
    for (const line of lines) {
      const [, name, value] = /^([A-Za-z]\w*): ?(.*)$/.exec(line) ?? [];
      if (name === undefined) this.#violated(`a line that is no field: ${JSON.stringify(line)}`);
      else if (fields.has(name.toLowerCase())) this.#violated(`a field that is there twice: ${name}`);
      else fields.set(name.toLowerCase(), value ?? '');
    }
    return fields;
  }

  /** Events as fast as the client takes them. */
  #pour(): void {
    if (this.#socket.destroyed || this.#server.fault !== 'flood') return;
    if (!this.#socket.writableNeedDrain) {
      const event = ['Event: Newexten', 'Channel: PJSIP/flood-1', 'Uniqueid: 1.1', 'Application: Set', `AppData: ${'x'.repeat(500)}`];
      for (let i = 0; i < 20; i += 1) this.#send(event);
    }
    this.#flood = setImmediate(() => this.#pour());
  }

  #send(lines: readonly string[]): void {
    this.#write(`${lines.join('\r\n')}\r\n\r\n`);
  }

  #write(text: string): void {
    if (!this.#socket.writable) return;
    if (this.#server.fault === 'drip') for (const byte of Buffer.from(text)) this.#socket.write(Uint8Array.of(byte));
    else this.#socket.write(text);
  }

  #violated(what: string): void {
    this.#server.violations.push(what);
  }
}
