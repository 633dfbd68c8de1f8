/** An item of the emulated conversation. */
export interface Item {
  readonly id: string;
  readonly type: 'message' | 'function_call' | 'function_call_output';
  readonly role?: 'user' | 'assistant' | 'system';
  readonly name?: string;
  readonly callId?: string;
  text: string;
  /** Of audio; undefined for an item of text. */
  audioMs: number | undefined;
  isDone: boolean;
}

export type NewItem = Omit<Item, 'id' | 'isDone'>;

type Fields = Readonly<Record<string, unknown>>;

/** An event of the service, without its id. */
export type ServerEvent = { readonly type: string } & Fields;

/** What a client is answered that asks for what it may not have, or what cannot be done. */
export class Refused extends Error {
  constructor(
    readonly code: string | null,
    /** What the client did that no right client does; undefined for what may happen to any. */
    readonly violation?: string,
    readonly param?: string,
    readonly type = 'invalid_request_error',
  ) {
    super(violation);
  }
}

/** What was said and done in an emulated session, oldest first, and what a client may do to it. */
export class Conversation {
  readonly items: Item[] = [];
  readonly #nextId: (kind: string) => string;
  readonly #send: (event: ServerEvent) => void;

  constructor(nextId: (kind: string) => string, send: (event: ServerEvent) => void) {
    this.#nextId = nextId;
    this.#send = send;
  }

  /** An item that the service itself begins. */
  begin(item: NewItem): Item {
    const begun = { id: this.#nextId('item'), isDone: false, ...item };
    this.items.push(begun);
    return begun;
  }

  /** What the caller said, out of the input buffer. */
  commit(id: string, audioMs: number): Item {
    const item: Item = { id, type: 'message', role: 'user', text: '', audioMs, isDone: true };
    this.#send({ type: 'input_audio_buffer.committed', previous_item_id: this.items.at(-1)?.id ?? null, item_id: id });
    this.items.push(item);
    this.#announce({
      id,
      object: 'realtime.item',
      type: 'message',
      status: 'completed',
      role: 'user',
      content: [{ type: 'input_audio', transcript: null }],
    });
    return item;
  }

  /** Of a conversation.item.create. */
  create(given: Fields): void {
    const { type, role, content, call_id: callId, output } = given as Fields & Pick<Item, 'type' | 'role'>;
    const asks = (item: Item): boolean => item.type === 'function_call' && item.callId === callId && item.isDone;
    if (type === 'function_call_output' && !this.items.some(asks)) throw new Refused('invalid_tool_call_id', 'answers a call that is not there');
    const text = type === 'message' ? (content as { text: string }[]).map((part) => part.text).join('') : String(output);
    const item = this.begin({ type, ...(role && { role }), ...(typeof callId === 'string' && { callId }), text, audioMs: undefined });
    item.isDone = true;
    this.#announce({ ...given, id: item.id, status: 'completed' });
  }

  /** Of a conversation.item.truncate. */
  truncate(id: unknown, endMs: number): void {
    const item = this.items.find((item) => item.id === id);
    if (item?.role !== 'assistant' || item.audioMs === undefined) throw new Refused('item_truncate_invalid_item_id', 'truncates what is not there');
    if (endMs > item.audioMs) throw new Refused('invalid_value', `truncates ${item.audioMs} ms to ${endMs} ms`, 'audio_end_ms');
    item.audioMs = endMs;
    item.text = '';
    this.#send({ type: 'conversation.item.truncated', item_id: item.id, content_index: 0, audio_end_ms: endMs });
  }

  /** Of a conversation.item.delete. */
  delete(id: unknown): void {
    const index = this.items.findIndex((item) => item.id === id);
    if (index < 0) throw new Refused('item_delete_invalid_item_id', 'deletes what is not there');
    this.items.splice(index, 1);
    this.#send({ type: 'conversation.item.deleted', item_id: id });
  }

  #announce(item: Fields): void {
    this.#send({ type: 'conversation.item.added', previous_item_id: null, item });
    this.#send({ type: 'conversation.item.done', previous_item_id: null, item });
  }
}
