/** What the Realtime API takes: its published schema, of the messages that a client may send. */

/** What is wrong with a value, and where. */
export interface Wrong {
  readonly code: 'invalid_type' | 'invalid_value' | 'unknown_parameter' | 'missing_required_parameter';
  readonly param: string;
}

type Check = (value: unknown, param: string) => Wrong | undefined;

const when =
  (isRight: (value: unknown) => boolean, code: Wrong['code']): Check =>
  (value, param) =>
    isRight(value) ? undefined : { code, param };

const anything: Check = () => undefined;
const text = when((value) => typeof value === 'string', 'invalid_type');
const number = (from: number, to: number): Check => when((value) => typeof value === 'number' && value >= from && value <= to, 'invalid_value');
const integer = (from: number, to = Number.MAX_SAFE_INTEGER): Check =>
  when((value) => Number.isInteger(value) && (value as number) >= from && (value as number) <= to, 'invalid_value');
const oneOf = (...values: readonly unknown[]): Check => when((value) => values.includes(value), 'invalid_value');
const matching = (form: RegExp): Check => when((value) => typeof value === 'string' && form.test(value), 'invalid_value');
const base64 = matching(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/);
const nullOr =
  (check: Check): Check =>
  (value, param) =>
    value === null ? undefined : check(value, param);

const listOf =
  (check: Check): Check =>
  (value, param) =>
    Array.isArray(value) ? firstOf(value.map((each, i) => check(each, `${param}[${i}]`))) : { code: 'invalid_type', param };

const firstOf = (wrongs: readonly (Wrong | undefined)[]): Wrong | undefined => wrongs.find((wrong) => wrong !== undefined);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object with these fields and no others; those that end with "?" may be absent. */
const object =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value, param) => {
    if (!isObject(value)) return { code: 'invalid_type', param };
    const within = (name: string): string => (param === '' ? name : `${param}.${name}`);
    const unknown = Object.keys(value).find((name) => !(name in fields) && !(`${name}?` in fields));
    if (unknown !== undefined) return { code: 'unknown_parameter', param: within(unknown) };
    const checks = Object.entries(fields).map(([field, check]): Wrong | undefined => {
      const name = field.replace(/\?$/, '');
      if (value[name] !== undefined) return check(value[name], within(name));
      return field.endsWith('?') ? undefined : { code: 'missing_required_parameter', param: within(name) };
    });
    return firstOf(checks);
  };

/** One of several objects, told apart by a field. */
const byField =
  (field: string, kinds: Readonly<Record<string, Check>>): Check =>
  (value, param) => {
    if (!isObject(value)) return { code: 'invalid_type', param };
    const check = kinds[String(value[field])];
    return check ? check(value, param) : { code: 'invalid_value', param: `${param}.${field}` };
  };

const format = byField('type', {
  'audio/pcm': object({ type: text, rate: oneOf(24_000) }),
  'audio/pcmu': object({ type: text }),
  'audio/pcma': object({ type: text }),
});
const turnDetection = byField('type', {
  server_vad: object({
    type: text,
    'threshold?': number(0, 1),
    'prefix_padding_ms?': integer(0),
    'silence_duration_ms?': integer(0),
    'create_response?': oneOf(true, false),
    'interrupt_response?': oneOf(true, false),
    'idle_timeout_ms?': nullOr(integer(5000, 30_000)),
  }),
  semantic_vad: object({
    type: text,
    'eagerness?': oneOf('low', 'medium', 'high', 'auto'),
    'create_response?': oneOf(true, false),
    'interrupt_response?': oneOf(true, false),
  }),
});
const tool = object({
  type: oneOf('function'),
  name: matching(/^[a-zA-Z0-9_-]{1,64}$/),
  'description?': text,
  'parameters?': when(isObject, 'invalid_type'),
});
const modalities = listOf(oneOf('audio', 'text'));
const outputTokens = when((value) => value === 'inf' || (Number.isInteger(value) && (value as number) >= 1), 'invalid_value');

const session = object({
  type: oneOf('realtime'),
  'output_modalities?': modalities,
  'instructions?': text,
  'audio?': object({
    'input?': object({
      'format?': format,
      'transcription?': nullOr(object({ 'model?': text, 'language?': matching(/^[a-z]{2}$/), 'prompt?': text })),
      'noise_reduction?': nullOr(object({ type: oneOf('near_field', 'far_field') })),
      'turn_detection?': nullOr(turnDetection),
    }),
    'output?': object({ 'format?': format, 'voice?': text, 'speed?': number(0.25, 1.5) }),
  }),
  'tools?': listOf(tool),
  'tool_choice?': oneOf('auto', 'none', 'required'),
  'max_output_tokens?': outputTokens,
  'truncation?': anything,
  'include?': anything,
});

const content = (...types: readonly string[]): Check => listOf(object({ type: oneOf(...types), text }));
const item = byField('type', {
  message: byField('role', {
    user: object({ 'id?': text, type: text, role: text, content: content('input_text') }),
    assistant: object({ 'id?': text, type: text, role: text, content: content('output_text') }),
    system: object({ 'id?': text, type: text, role: text, content: content('input_text') }),
  }),
  function_call_output: object({ 'id?': text, type: text, call_id: text, output: text }),
});

/** Sixteen pairs at most, of limited length. */
const metadata: Check = (value, param) => {
  if (!isObject(value) || Object.keys(value).length > 16) return { code: 'invalid_value', param };
  const isRight = Object.entries(value).every(([name, text]) => name.length <= 64 && typeof text === 'string' && text.length <= 512);
  return isRight ? undefined : { code: 'invalid_value', param };
};

const response = object({
  'instructions?': text,
  'metadata?': nullOr(metadata),
  'output_modalities?': modalities,
  'tools?': listOf(tool),
  'tool_choice?': oneOf('auto', 'none', 'required'),
  'max_output_tokens?': outputTokens,
});

const event = (fields: Readonly<Record<string, Check>>): Check => object({ type: text, 'event_id?': matching(/^.{1,512}$/), ...fields });

const events: Readonly<Record<string, Check>> = {
  'session.update': event({ session }),
  'input_audio_buffer.append': event({ audio: base64 }),
  'input_audio_buffer.commit': event({}),
  'input_audio_buffer.clear': event({}),
  'conversation.item.create': event({ item, 'previous_item_id?': nullOr(text) }),
  'conversation.item.truncate': event({ item_id: text, content_index: oneOf(0), audio_end_ms: integer(0) }),
  'conversation.item.delete': event({ item_id: text }),
  'response.create': event({ 'response?': response }),
  'response.cancel': event({ 'response_id?': text }),
};

/** What is wrong with a client's message; undefined if nothing is. */
export function wrongWith(message: unknown): Wrong | undefined {
  return byField('type', events)(message, '');
}
