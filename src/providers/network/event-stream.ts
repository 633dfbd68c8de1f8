import { parseMessage } from './json-message.js';

type Pieces = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * The messages of a stream of server-sent events, each a JSON object in the data of one event; names and comments are
 * passed over, and so is [DONE], for the stream ends then anyhow. Throws TP_ERR_PROVIDER_PROTOCOL as parseMessage() does.
 */
export async function* messagesOf(who: string, pieces: Pieces): AsyncGenerator<object> {
  let data: string[] = [];
  for await (const line of linesOf(pieces)) {
    if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
    if (line !== '' || data.length === 0) continue;
    const text = data.join('\n');
    data = [];
    if (text.trim() !== '[DONE]') yield parseMessage(who, text);
  }
}

/** Lines that end as the three systems end them, and an empty one at the end, which many a server leaves out. */
async function* linesOf(pieces: Pieces): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let open = '';
  for await (const piece of pieces) {
    // A carriage return at the end may be half of a line's end.
    const lines = `${open}${decoder.decode(piece, { stream: true })}`.split(/\r\n|\n|\r(?!$)/);
    open = lines.pop() ?? '';
    yield* lines;
  }
  yield* [open.replace(/\r$/, ''), ''];
}
