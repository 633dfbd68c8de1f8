const mostChannels = 10_000;

/** Which channel of Asterisk a call's caller is, by its unique id; of the calls that were told of last. Thread: control. */
export class ChannelBook {
  readonly #channels = new Map<string, string>();

  enter(callId: string, channelId: string): void {
    this.#channels.delete(callId);
    this.#channels.set(callId, channelId);
    if (this.#channels.size > mostChannels) this.#channels.delete(this.#channels.keys().next().value as string);
  }

  channelOf(callId: string): string | undefined {
    return this.#channels.get(callId);
  }

  forget(callId: string): void {
    this.#channels.delete(callId);
  }
}
