import {
  checkArguments,
  checkFunction,
  checkTemperature,
  checkToolChoice,
  type Fields,
  integerIn,
  listIn,
  objectIn,
  only,
  refuse,
  textIn,
} from './llm-request-check.js';
import type { AnswerDelta, LlmAnswer, LlmKind, StreamForm } from './openai-llm.js';

const known = ['model', 'messages', 'stream', 'stream_options', 'max_tokens', 'max_completion_tokens', 'temperature', 'tools', 'tool_choice'];

/** Throws a Refusal for a request that chat completions would not take. */
export function checkChatRequest(body: Fields, kind: LlmKind): void {
  only(body, known, '');
  if (body.stream !== true) refuse('stream', 'this emulator streams');
  const limit = kind === 'openai' ? 'max_completion_tokens' : 'max_tokens';
  const other = kind === 'openai' ? 'max_tokens' : 'max_completion_tokens';
  if (body[other] !== undefined) refuse(other, `unsupported parameter: ${other} is not known to this model, use ${limit}`, 'unsupported_parameter');
  if (body[limit] !== undefined) integerIn(body[limit], 1, limit);
  if (body.stream_options !== undefined)
    only(objectIn(body.stream_options, 'stream_options'), ['include_usage', 'include_obfuscation'], 'stream_options.');
  checkTemperature(body.temperature);
  const tools = body.tools === undefined ? undefined : listIn(body.tools, 'tools');
  if (tools?.length === 0) refuse('tools', 'tools is an empty list');
  tools?.forEach((value, i) => {
    const tool = objectIn(value, `tools[${i}]`);
    only(tool, ['type', 'function'], `tools[${i}].`);
    if (tool.type !== 'function') refuse(`tools[${i}].type`, 'tools are of type function');
    const called = objectIn(tool.function, `tools[${i}].function`);
    only(called, ['name', 'description', 'parameters', 'strict'], `tools[${i}].function.`);
    checkFunction(called, `tools[${i}].function`);
  });
  checkToolChoice(body.tool_choice, tools !== undefined);
  const messages = listIn(body.messages, 'messages').map((message, i) => objectIn(message, `messages[${i}]`));
  if (messages.length === 0) refuse('messages', 'messages is an empty list');
  messages.forEach((message, i) => {
    checkMessage(message, `messages[${i}]`);
  });
  checkToolOrder(messages);
  if (kind === 'compatible') checkAlternation(messages);
}

function checkMessage(message: Fields, where: string): void {
  switch (message.role) {
    case 'system':
    case 'developer':
    case 'user':
      only(message, ['role', 'content', 'name'], `${where}.`);
      textIn(message.content, `${where}.content`);
      return;
    case 'tool':
      only(message, ['role', 'content', 'tool_call_id'], `${where}.`);
      textIn(message.tool_call_id, `${where}.tool_call_id`);
      if (typeof message.content !== 'string') refuse(`${where}.content`, 'a tool has a text');
      return;
    case 'assistant':
      only(message, ['role', 'content', 'tool_calls'], `${where}.`);
      if (message.content !== null || message.tool_calls === undefined) textIn(message.content, `${where}.content`);
      if (message.tool_calls !== undefined) checkCalls(listIn(message.tool_calls, `${where}.tool_calls`), `${where}.tool_calls`);
      return;
    default:
      refuse(`${where}.role`, `no role is called ${String(message.role)}`);
  }
}

function checkCalls(calls: readonly unknown[], where: string): void {
  if (calls.length === 0) refuse(where, `${where} is an empty list`);
  calls.forEach((value, i) => {
    const call = objectIn(value, `${where}[${i}]`);
    only(call, ['id', 'type', 'function'], `${where}[${i}].`);
    textIn(call.id, `${where}[${i}].id`);
    if (call.type !== 'function') refuse(`${where}[${i}].type`, 'calls are of type function');
    const called = objectIn(call.function, `${where}[${i}].function`);
    if (!/^[\w-]{1,64}$/.test(textIn(called.name, `${where}[${i}].function.name`))) refuse(where, 'a name has letters, digits, _ and -');
    checkArguments(called.arguments, `${where}[${i}].function.arguments`);
  });
}

/** Each call is followed by its tool's message before anything else is said, and no such message stands alone. */
function checkToolOrder(messages: readonly Fields[]): void {
  let open: string[] = [];
  messages.forEach((message, i) => {
    if (message.role === 'tool') {
      const id = String(message.tool_call_id);
      if (!open.includes(id)) refuse(`messages[${i}].role`, 'messages with role tool must be a response to a preceding message with tool_calls');
      open = open.filter((other) => other !== id);
      return;
    }
    if (open.length > 0) refuse(`messages[${i}].role`, 'tool_calls must be followed by tool messages responding to each tool_call_id');
    const calls = (message.tool_calls ?? []) as readonly Fields[];
    open = calls.map(({ id }) => String(id));
    if (new Set(open).size < open.length) refuse(`messages[${i}].tool_calls`, 'two calls have one id');
  });
  if (open.length > 0) refuse('messages', 'tool_calls must be followed by tool messages responding to each tool_call_id');
}

/** As the templates of many an open model want it: instructions first, then caller and agent by turns. */
function checkAlternation(messages: readonly Fields[]): void {
  const roles = messages.map(({ role }) => String(role));
  roles.forEach((role, i) => {
    const before = roles[i - 1] ?? 'nothing';
    const allowed = {
      system: ['nothing'],
      user: ['nothing', 'system', 'assistant', 'tool'],
      assistant: ['user', 'tool'],
      tool: ['assistant', 'tool'],
    }[role];
    if (!allowed?.includes(before)) refuse(`messages[${i}].role`, `conversation roles must alternate: ${role} after ${before}`);
  });
}

/** The events of one answer, as chat completions write them. */
export function chatForm(body: Fields, { usage, finish }: LlmAnswer): StreamForm {
  const wantsUsage = (body.stream_options as Fields | undefined)?.include_usage === true;
  const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: body.model };
  const chunk = (delta: object, finish_reason: string | null = null): object => ({
    ...head,
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
    ...(wantsUsage && { usage: null }),
  });
  let calls = -1;
  const deltaOf = (delta: AnswerDelta): object => {
    if (delta.type === 'call') {
      calls += 1;
      return { tool_calls: [{ index: calls, id: delta.id, type: 'function', function: { name: delta.name, arguments: '' } }] };
    }
    return delta.type === 'text' ? { content: delta.text } : { tool_calls: [{ index: calls, function: { arguments: delta.text } }] };
  };
  return {
    begin: () => [chunk({ role: 'assistant', content: '', refusal: null })],
    delta: (delta) => [chunk(deltaOf(delta))],
    end: () => [
      chunk({}, finish ?? (calls >= 0 ? 'tool_calls' : 'stop')),
      ...(wantsUsage && usage
        ? [
            {
              ...head,
              choices: [],
              usage: {
                prompt_tokens: usage.input,
                completion_tokens: usage.output,
                total_tokens: usage.input + usage.output,
                prompt_tokens_details: { cached_tokens: usage.cached, audio_tokens: 0 },
              },
            },
          ]
        : []),
    ],
    failed: (code) => [{ error: { message: 'it said: something private', type: code, param: null, code } }],
    last: 'data: [DONE]\n\n',
    write: (event) => `data: ${JSON.stringify(event)}\n\n`,
  };
}
