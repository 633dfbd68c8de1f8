import { connect, type Socket } from 'node:net';

/** What an emulated dialplan does instead of what it should. */
export type AgiClientFault =
  /** Connects, and says nothing. */
  | 'silent'
  /** Says half of its environment, and no more. */
  | 'half-environment'
  /** Answers no command. */
  | 'mute'
  /** Says what is no environment. */
  | 'garbage'
  /** Answers with what is no answer. */
  | 'garbage-answer'
  /** A line without an end. */
  | 'long-line'
  /** Short lines without an end. */
  | 'flood'
  /** The caller hangs up before the first command is answered. */
  | 'hang-up'
  /** Knows none of the commands. */
  | 'old'
  /** The connection is lost in the middle of the environment. */
  | 'reset'
  /** Answers each command with a value of several lines. */
  | 'long-values'
  /** Answers a command with a value of many long lines, and goes on. */
  | 'endless-value';

export interface DialplanCall {
  readonly port: number;
  readonly host?: string;
  readonly localAddress?: string;
  readonly script?: string;
  readonly arguments?: readonly string[];
  readonly caller?: { readonly number?: string; readonly name?: string; readonly presentation?: number };
  readonly variables?: Readonly<Record<string, string>>;
  /** Bytes of each piece that is sent; all at once without it. */
  readonly pieceBytes?: number;
  readonly fault?: AgiClientFault;
}

/**
 * Asterisk's half of FastAGI, as AGI(agi://host:port/script,arguments) of a dialplan makes it: strict about what it is
 * asked, as res_agi.c is. Source: Asterisk 22 on the wire.
 */
export class AgiClient {
  readonly channelId = `1795951044.${Math.floor(Math.random() * 1e6)}`;
  /** What a server did that Asterisk does not understand, in words. */
  readonly violations: string[] = [];
  readonly commands: string[] = [];
  /** The channel's variables, as they are now. */
  readonly variables: Map<string, string>;
  /** Resolves when the server has closed, or the connection is lost. */
  readonly ended: Promise<void>;
  readonly #call: DialplanCall;
  readonly #socket: Socket;
  #received = '';

  constructor(call: DialplanCall) {
    this.#call = call;
    this.variables = new Map(Object.entries(call.variables ?? {}));
    const { host = '127.0.0.1', port, localAddress } = call;
    this.#socket = connect({ host, port, noDelay: true, ...(localAddress === undefined ? {} : { localAddress }) });
    this.ended = new Promise((resolve) => this.#socket.once('close', () => resolve()));
    this.#socket.on('error', () => {});
    this.#socket.setEncoding('utf8').on('data', (text: string) => this.#take(text));
    this.#socket.once('connect', () => this.#begin());
  }

  /** Runs one AGI(), and resolves when it is over. */
  static async run(call: DialplanCall): Promise<AgiClient> {
    const client = new AgiClient(call);
    await client.ended;
    return client;
  }

  /** Whether the server still holds the connection. */
  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  /** The caller is gone, and with it the connection. */
  drop(): void {
    this.#socket.destroy();
  }

  #begin(): void {
    const environment = this.#environment();
    switch (this.#call.fault) {
      case 'silent':
        break;
      case 'half-environment':
        this.#send(environment.slice(0, environment.length / 2));
        break;
      case 'reset':
        this.#send(environment.slice(0, environment.length / 2));
        this.#socket.resetAndDestroy();
        break;
      case 'garbage':
        this.#send('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
        break;
      case 'long-line':
        this.#send(`agi_arg_1: ${'x'.repeat(100_000)}`);
        break;
      case 'flood':
        this.#send('agi_arg_1: x\n'.repeat(100_000));
        break;
      default:
        this.#send(environment);
    }
  }

  #environment(): string {
    const { script = 'call', caller = {}, arguments: given = [], port } = this.#call;
    const entries = [
      ['network', 'yes'],
      ['network_script', script],
      ['request', `agi://127.0.0.1:${port}/${script}`],
      ['channel', 'PJSIP/phone-00000001'],
      ['language', 'en'],
      ['type', 'PJSIP'],
      ['uniqueid', this.channelId],
      ['version', '22.10.1'],
      ['callerid', caller.number ?? 'unknown'],
      ['calleridname', caller.name ?? 'unknown'],
      ['callingpres', String(caller.presentation ?? 0)],
      ['callingani2', '0'],
      ['callington', '0'],
      ['callingtns', '0'],
      ['dnid', '100'],
      ['rdnis', 'unknown'],
      ['context', 'phones'],
      ['extension', '100'],
      ['priority', '2'],
      ['enhanced', '0.0'],
      ['accountcode', ''],
      ['threadid', '139718184339136'],
      ...given.map((value, i) => [`arg_${i + 1}`, value]),
    ];
    return `${entries.map(([name, value]) => `agi_${name}: ${value}\n`).join('')}\n`;
  }

  #take(text: string): void {
    this.#received += text;
    for (let end = this.#received.indexOf('\n'); end >= 0; end = this.#received.indexOf('\n')) {
      const line = this.#received.slice(0, end);
      this.#received = this.#received.slice(end + 1);
      this.#takeCommand(line);
    }
  }

  #takeCommand(line: string): void {
    this.commands.push(line);
    const instead = this.#call.fault && insteadOfAnswers[this.#call.fault];
    if (instead !== undefined) {
      this.#send(instead);
      return;
    }
    const words = wordsOf(line);
    if (Buffer.byteLength(line) > 2047) this.#violated(`a command of ${Buffer.byteLength(line)} bytes`);
    if (words?.[0] === 'GET' && words[1] === 'VARIABLE' && words.length === 3) this.#answerGet(words[2] as string);
    else if (words?.[0] === 'SET' && words[1] === 'VARIABLE' && words.length === 4) this.#answerSet(words[2] as string, words[3] as string);
    else this.#refuse(line);
  }

  #answerGet(name: string): void {
    if (!/^[A-Za-z_]\w*$/.test(name)) this.#violated(`GET VARIABLE of ${JSON.stringify(name)}`);
    const value = this.variables.get(name);
    if (this.#call.fault === 'long-values' && value !== undefined) this.#send(`200 result=1 (${value}\nsecond (line)\nthird)\n`);
    else this.#send(value === undefined ? '200 result=0\n' : `200 result=1 (${value})\n`);
  }

  #answerSet(name: string, value: string): void {
    if (!/^[A-Za-z_]\w*$/.test(name)) this.#violated(`SET VARIABLE of ${JSON.stringify(name)}`);
    this.variables.set(name, value);
    this.#send('200 result=1\n');
  }

  #refuse(line: string): void {
    this.#violated(`a command that Asterisk does not know: ${JSON.stringify(line)}`);
    this.#send('510 Invalid or unknown command\n');
  }

  #send(text: string): void {
    if (!this.#socket.writable) return;
    const bytes = Buffer.from(text);
    const { pieceBytes = bytes.length } = this.#call;
    for (let at = 0; at < bytes.length; at += pieceBytes) this.#socket.write(bytes.subarray(at, at + pieceBytes));
  }

  #violated(what: string): void {
    this.violations.push(what);
  }
}

/** What commands are answered with by faults. */
const insteadOfAnswers: Partial<Record<AgiClientFault, string>> = {
  'endless-value': `200 result=1 (${`${'x'.repeat(3400)}\n`.repeat(250)}`,
  mute: '',
  'garbage-answer': 'HTTP/1.1 400 Bad Request\n',
  'hang-up': 'HANGUP\n',
  old: '520-Invalid command syntax.  Proper usage follows:\nReturns 1 if it is set.\nExample return code: 200 result=1 (x)\n520 End of proper usage.\n',
};

/** The words of a command as Asterisk takes it apart: quotes hold words together, a backslash takes the next character as it is. */
function wordsOf(line: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quoted = false;
  for (let i = 0; i < line.length; i += 1) {
    const character = line[i] as string;
    if (character === '"') {
      quoted = !quoted;
      word ??= '';
    } else if (character === '\\') {
      i += 1;
      word = (word ?? '') + (line[i] ?? '');
    } else if (character === ' ' && !quoted) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (quoted) return undefined;
  return word === undefined ? words : [...words, word];
}
