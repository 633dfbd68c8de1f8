const uuid = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/i;

/** The first UUID of a text, in lower case, as calls are known by. */
export function callIdIn(text: string): string | undefined {
  return uuid.exec(text)?.[0].toLowerCase();
}

/** The same for a text that is a UUID and nothing else. */
export function callIdOf(text: string): string | undefined {
  const found = callIdIn(text);
  return found?.length === text.length ? found : undefined;
}

/** What a channel is, as far as it tells which call it belongs to. */
export interface ChannelFacts {
  /** Its name, such as "PJSIP/phone-00000001". */
  readonly name: string;
  /** The dialplan's step that it is in, and what that was given. */
  readonly application: string;
  readonly data: string;
  /** Values of its variables. */
  readonly values: Iterable<string>;
}

/**
 * The call that a caller's channel belongs to: it runs AudioSocket(), by itself or by way of Dial() or TryExec(), with
 * the call's UUID, or has that as the value of a variable. The channel that Dial(AudioSocket/…) makes is no caller's.
 */
export function callIdOfChannel({ name, application, data, values }: ChannelFacts): string | undefined {
  if (/^AudioSocket\//i.test(name)) return undefined;
  if (/AudioSocket/i.test(application) || /AudioSocket/i.test(data)) return callIdIn(data);
  for (const value of values) {
    const callId = callIdOf(value.trim());
    if (callId !== undefined) return callId;
  }
  return undefined;
}
