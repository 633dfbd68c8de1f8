import { parseMessage } from './json-message.js';
import { ProviderError } from './provider-error.js';

type Pieces = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** A whole reply may come in one. */
const longestLine = 1 << 20;

/**
 * The messages of a stream of server-sent events, each a JSON object in the data of one event; names and comments are
 * passed over, and so is [DONE], for the stream ends then anyhow. Throws TP_ERR_PROVIDER_PROTOCOL as
 * parseMessage() does, and for a line of more than a million characters.
 */
export async function* messagesOf(who: string, pieces: Pieces): AsyncGenerator<object> {
  let data: string[] = [];
  for await (const line of linesOf(who, pieces)) {
    if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
    if (line !== '' || data.length === 0) continue;
    const text = data.join('\n');
    data = [];
    if (text.trim() !== '[DONE]') yield parseMessage(who, text);
  }
}

/** Lines that end as the three systems end them, and an empty one at the end, which many a server leaves out. */
async function* linesOf(who: string, pieces: Pieces): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let open: string[] = [];
  let length = 0;
  let heldBack = '';
  for await (const piece of pieces) {
    const text = heldBack + decoder.decode(piece, { stream: true });
    // A carriage return at the end may be half of a line's end.
    heldBack = text.endsWith('\r') ? '\r' : '';
    const lines = text.slice(0, text.length - heldBack.length).split(/\r\n|\n|\r/);
    const rest = lines.pop() ?? '';
    for (const line of lines) {
      yield open.join('') + line;
      open = [];
      length = 0;
    }
    if (rest !== '') open.push(rest);
    length += rest.length;
    if (length > longestLine) throw new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} sent a line of more than ${longestLine} characters`);
  }
  yield* [open.join(''), ''];
}
