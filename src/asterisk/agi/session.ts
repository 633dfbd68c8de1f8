import type { Socket } from 'node:net';
import type { Clock } from '../../base/clock.js';
import { LineReader } from '../line-reader.js';
import { type AgiAnswer, answerOf, environmentEntry, getVariable, setVariable } from './protocol.js';

/** Why a dialplan could not be answered. */
export type AgiEnd = 'too-slow' | 'too-long' | 'garbage' | 'refused' | 'hung-up' | 'gone';

export class AgiFault extends Error {
  readonly reason: AgiEnd;

  constructor(reason: AgiEnd) {
    super(reason);
    this.reason = reason;
  }
}

/** A caller hears nothing meanwhile: what takes longer is not worth waiting for. */
const deadlineMs = 2000;
/** Asterisk's own bound of a value is 4 kB. */
const longestLineBytes = 8192;
const mostEntries = 300;
/** Lines of one answer, and lines that may wait. */
const mostLines = 300;
/** Of one answer. */
const longestAnswer = 16_384;
/** All that a dialplan may say: more than a hundred long variables. */
const mostBytes = 1 << 20;

/** One AGI() of a dialplan: asks the channel for what it knows, and hands the call back. Every method rejects with an AgiFault. */
export class AgiSession {
  readonly #socket: Socket;
  readonly #reader = new LineReader(longestLineBytes);
  readonly #lines: string[] = [];
  readonly #cancelDeadline: () => void;
  #waiting: { readonly resolve: (line: string) => void; readonly reject: (fault: AgiFault) => void } | undefined;
  #fault: AgiFault | undefined;
  #bytes = 0;

  constructor(socket: Socket, clock: Clock) {
    this.#socket = socket;
    this.#cancelDeadline = clock.after(deadlineMs, () => this.stop('too-slow'));
    socket.on('data', (piece) => this.#take(piece));
    socket.on('end', () => this.stop('gone'));
    socket.on('error', () => this.stop('gone'));
    socket.once('close', () => this.stop('gone'));
  }

  /** What Asterisk says of the channel at first, by name: agi_uniqueid, agi_callerid, agi_arg_1, … */
  async environment(): Promise<ReadonlyMap<string, string>> {
    const environment = new Map<string, string>();
    for (let line = await this.#line(); line !== ''; line = await this.#line()) {
      const entry = environmentEntry(line);
      if (!entry || environment.size >= mostEntries) throw this.stop('garbage');
      environment.set(...entry);
    }
    if (!environment.has('agi_uniqueid')) throw this.stop('garbage');
    return environment;
  }

  /** The value of a channel variable; undefined when it is not set. */
  async get(name: string): Promise<string | undefined> {
    const { result, value } = await this.#ask(getVariable(name));
    return result === 1 ? value : undefined;
  }

  async set(name: string, value: string): Promise<void> {
    await this.#ask(setVariable(name, value));
  }

  /** Hands the call back: the dialplan goes on. */
  end(): void {
    this.#socket.end();
  }

  /** Nothing more is asked; who waits is told why. Returns the fault. */
  stop(reason: AgiEnd): AgiFault {
    this.#fault ??= new AgiFault(reason);
    this.#cancelDeadline();
    this.#socket.destroy();
    this.#waiting?.reject(this.#fault);
    this.#waiting = undefined;
    return this.#fault;
  }

  async #ask(command: string): Promise<Extract<AgiAnswer, { type: 'done' }>> {
    if (!this.#fault) this.#socket.write(command);
    const lines: string[] = [];
    let length = 0;
    for (;;) {
      const line = await this.#line();
      lines.push(line);
      length += line.length;
      if (length > longestAnswer) throw this.stop('too-long');
      const answer = answerOf(lines);
      if (answer === 'garbage' || lines.length > mostLines) throw this.stop('garbage');
      // A line of a value may look like its end; nothing else can follow before the next command.
      const goesOn = this.#lines.length > 0 && this.#lines[0] !== 'HANGUP';
      if (answer === 'more' || goesOn) continue;
      if (answer.type === 'done') return answer;
      throw this.stop(answer.type);
    }
  }

  #line(): Promise<string> {
    const line = this.#lines.shift();
    if (line !== undefined) return Promise.resolve(line);
    if (this.#fault) return Promise.reject(this.#fault);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  #take(piece: Uint8Array): void {
    if (this.#fault) return;
    this.#bytes += piece.byteLength;
    const lines = this.#reader.push(piece);
    if (!lines || this.#lines.length + lines.length > mostLines || this.#bytes > mostBytes) {
      this.stop('too-long');
      return;
    }
    this.#lines.push(...lines);
    const first = this.#waiting && this.#lines.shift();
    if (first === undefined) return;
    this.#waiting?.resolve(first);
    this.#waiting = undefined;
  }
}
