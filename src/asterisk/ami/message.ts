import { AsteriskError } from '../asterisk-error.js';
import { LineReader } from '../line-reader.js';

/**
 * The manager's protocol: a banner, and then messages of "Name: value" lines, each closed by an empty one. Source:
 * Asterisk 22, manager.c, and its behaviour on the wire.
 */
export class AmiMessage {
  readonly #fields = new Map<string, string[]>();

  constructor(lines: readonly string[]) {
    for (const line of lines) {
      const colon = line.indexOf(':');
      // The rest of a value with a line end in it.
      if (colon <= 0) continue;
      const name = line.slice(0, colon).toLowerCase();
      const value = line.slice(colon + 1).replace(/^ /, '');
      const values = this.#fields.get(name);
      if (values) values.push(value);
      else this.#fields.set(name, [value]);
    }
  }

  /** The field's first value, empty when it is not there. Names are the same in upper and lower case. */
  get(name: string): string {
    return this.all(name)[0] ?? '';
  }

  /** A field such as Variable is there once for each of them. */
  all(name: string): readonly string[] {
    return this.#fields.get(name.toLowerCase()) ?? [];
  }
}

const longestLineBytes = 64 * 1024;
const mostLines = 2000;
const banner = /^Asterisk Call Manager\//;

/** Puts what the manager sends together to messages. */
export class AmiReader {
  readonly #reader = new LineReader(longestLineBytes);
  #lines: string[] = [];
  #greeted = false;

  /** Whether the banner has come. */
  get greeted(): boolean {
    return this.#greeted;
  }

  /** The messages that this piece completes. Throws TP_ERR_ASTERISK_PROTOCOL for what is no manager. */
  push(piece: Uint8Array): AmiMessage[] {
    const messages: AmiMessage[] = [];
    const lines = this.#reader.push(piece);
    if (!lines) throw new AsteriskError('TP_ERR_ASTERISK_PROTOCOL', `The manager sent a line of more than ${longestLineBytes} bytes`);
    for (const line of lines) {
      if (!this.#greeted) this.#greet(line);
      else if (line === '') messages.push(...this.#complete());
      else this.#lines.push(line);
      if (this.#lines.length > mostLines)
        throw new AsteriskError('TP_ERR_ASTERISK_PROTOCOL', `The manager sent a message of more than ${mostLines} lines`);
    }
    return messages;
  }

  #greet(line: string): void {
    if (!banner.test(line)) throw new AsteriskError('TP_ERR_ASTERISK_PROTOCOL', 'What answers there is not the manager of Asterisk');
    this.#greeted = true;
  }

  #complete(): AmiMessage[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines.length > 0 ? [new AmiMessage(lines)] : [];
  }
}

/** Asterisk takes no longer ones. */
const longestActionLineBytes = 1022;

/**
 * An action as it goes on the wire. Throws TP_ERR_ASTERISK_VALUE for a value that would be taken for another field or
 * action, or is too long; the value is not repeated.
 */
export function formatAction(action: string, fields: Readonly<Record<string, string>>): string {
  const lines = Object.entries({ Action: action, ...fields }).map(([name, value]) => {
    if (hasControlCharacter(value))
      throw new AsteriskError('TP_ERR_ASTERISK_VALUE', `Expected text without line ends and control characters for ${name} of ${action}`);
    const line = `${name}: ${value}`;
    const bytes = Buffer.byteLength(line);
    if (bytes <= longestActionLineBytes) return line;
    const most = longestActionLineBytes - name.length - 2;
    throw new AsteriskError(
      'TP_ERR_ASTERISK_VALUE',
      `Expected at most ${most} bytes for ${name} of ${action} but received ${bytes - name.length - 2}`,
    );
  });
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** Of what lies below a space, tabs alone are harmless. */
function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => (character < ' ' && character !== '\t') || character === '\x7f');
}
