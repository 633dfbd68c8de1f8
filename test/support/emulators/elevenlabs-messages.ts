/** The messages of a client, as the published description has them. */
export type ElevenLabsMessage =
  | { readonly type: 'close-socket' }
  | { readonly type: 'close' | 'keep-alive' | 'flush'; readonly context: string }
  | { readonly type: 'text'; readonly context: string; readonly text: string; readonly settings: object | undefined; readonly flush: boolean };

const keys = ['text', 'context_id', 'voice_settings', 'generation_config', 'flush', 'close_context', 'close_socket'];

const ranges: Readonly<Record<string, readonly [number, number]>> = { stability: [0, 1], similarity_boost: [0, 1], style: [0, 1], speed: [0.7, 1.2] };

/** What a message says, or (as text) what is wrong with it. */
export function readMessage(data: string): ElevenLabsMessage | string {
  let message: Record<string, unknown>;
  try {
    message = JSON.parse(data);
  } catch {
    return 'a message that is no JSON';
  }
  const { text, context_id: context, voice_settings: settings, flush, close_context, close_socket } = message;
  const strange = Object.keys(message).find((key) => !keys.includes(key));
  if (strange) return `a message with the field ${strange}`;
  for (const [name, value] of Object.entries({ flush, close_context, close_socket }))
    if (value !== undefined && typeof value !== 'boolean') return `a message whose ${name} is of type ${typeof value}`;
  if (close_socket === true) return Object.keys(message).length === 1 ? { type: 'close-socket' } : 'a farewell with more in it';
  if (typeof context !== 'string' || context === '') return 'a message without context_id';
  if (close_context === true) return text === undefined ? { type: 'close', context } : 'text for a context that is to be closed';
  if (text === undefined) return flush === true ? { type: 'flush', context } : 'a message that says nothing';
  if (typeof text !== 'string') return `a message whose text is of type ${typeof text}`;
  if (text === '') return Object.keys(message).length === 2 ? { type: 'keep-alive', context } : 'an empty text with more in it';
  if (!text.endsWith(' ')) return 'a text that does not end with a space';
  const fault = settings === undefined ? undefined : faultOfSettings(settings);
  return fault ?? { type: 'text', context, text, settings: settings as object | undefined, flush: flush === true };
}

function faultOfSettings(settings: unknown): string | undefined {
  if (typeof settings !== 'object' || settings === null) return 'voice_settings that are no object';
  for (const [name, value] of Object.entries(settings)) {
    if (name === 'use_speaker_boost' && typeof value === 'boolean') continue;
    const [low, high] = ranges[name] ?? [];
    if (low === undefined || high === undefined) return `voice_settings with ${name}`;
    if (typeof value !== 'number' || value < low || value > high) return `voice_settings whose ${name} is ${value}`;
  }
  return undefined;
}
