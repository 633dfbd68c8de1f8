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
import type { AnswerDelta, LlmAnswer, StreamForm } from './openai-llm.js';

const known = ['model', 'instructions', 'input', 'stream', 'store', 'max_output_tokens', 'temperature', 'tools', 'tool_choice'];

/** Throws a Refusal for a request that the Responses API would not take; and for one that it would store. */
export function checkResponsesRequest(body: Fields): void {
  only(body, known, '');
  if (body.stream !== true) refuse('stream', 'this emulator streams');
  if (body.store !== false) refuse('store', 'what was said would be stored');
  if (body.instructions !== undefined) textIn(body.instructions, 'instructions');
  if (body.max_output_tokens !== undefined) integerIn(body.max_output_tokens, 16, 'max_output_tokens');
  checkTemperature(body.temperature);
  const tools = body.tools === undefined ? undefined : listIn(body.tools, 'tools');
  if (tools?.length === 0) refuse('tools', 'tools is an empty list');
  tools?.forEach((value, i) => {
    const tool = objectIn(value, `tools[${i}]`);
    only(tool, ['type', 'name', 'description', 'parameters', 'strict'], `tools[${i}].`);
    if (tool.type !== 'function') refuse(`tools[${i}].type`, 'tools are of type function');
    checkFunction(tool, `tools[${i}]`);
    const { additionalProperties } = tool.parameters as Fields;
    if (tool.strict !== false && additionalProperties !== false)
      refuse(`tools[${i}].parameters`, 'a strict schema sets additionalProperties to false');
  });
  checkToolChoice(body.tool_choice, tools !== undefined);
  const items = listIn(body.input, 'input');
  if (items.length === 0) refuse('input', 'input is an empty list');
  checkItems(items.map((item, i) => objectIn(item, `input[${i}]`)));
}

/** Each call has its output after it, and each output its call before it. */
function checkItems(items: readonly Fields[]): void {
  const open = new Set<string>();
  items.forEach((item, i) => {
    const where = `input[${i}]`;
    switch (item.type ?? 'message') {
      case 'message':
        only(item, ['type', 'role', 'content'], `${where}.`);
        if (!['user', 'assistant', 'system', 'developer'].includes(String(item.role)))
          refuse(`${where}.role`, `no role is called ${String(item.role)}`);
        textIn(item.content, `${where}.content`);
        return;
      case 'function_call':
        only(item, ['type', 'call_id', 'name', 'arguments'], `${where}.`);
        textIn(item.name, `${where}.name`);
        checkArguments(item.arguments, `${where}.arguments`);
        open.add(textIn(item.call_id, `${where}.call_id`));
        return;
      case 'function_call_output':
        only(item, ['type', 'call_id', 'output'], `${where}.`);
        if (!open.delete(textIn(item.call_id, `${where}.call_id`))) refuse(where, 'no tool call found for function call output');
        if (typeof item.output !== 'string') refuse(`${where}.output`, 'an output is a text');
        return;
      default:
        refuse(`${where}.type`, `no item is of type ${String(item.type)}`);
    }
  });
  if (open.size > 0) refuse('input', 'no tool output found for function call');
}

/** The events of one answer, as the Responses API writes them. */
export function responsesForm(body: Fields, { usage, finish }: LlmAnswer): StreamForm {
  let sequence = 0;
  let items = -1;
  let open: { type: 'message' | 'function_call'; text: string; call: { id: string; name: string } | undefined } | undefined;
  const event = (type: string, fields: object): object => {
    sequence += 1;
    return { type, sequence_number: sequence - 1, ...fields };
  };
  const response = (status: string, more: object = {}): object => ({
    response: {
      id: 'resp_1',
      object: 'response',
      created_at: 1,
      status,
      model: body.model,
      error: null,
      incomplete_details: null,
      output: [],
      usage: null,
      ...more,
    },
  });
  const itemOf = (status: string): object => {
    const { type = 'message', text = '', call } = open ?? {};
    const content = status === 'completed' ? [{ type: 'output_text', text, annotations: [] }] : [];
    return type === 'message'
      ? { id: `msg_${items}`, type, status, role: 'assistant', content }
      : { id: `fc_${items}`, type, status, call_id: call?.id, name: call?.name, arguments: text };
  };
  const finishItem = (): object[] => {
    if (!open) return [];
    const { type, text } = open;
    const place = { item_id: `item_${items}`, output_index: items };
    const done =
      type === 'message'
        ? [
            event('response.output_text.done', { ...place, content_index: 0, text }),
            event('response.content_part.done', { ...place, content_index: 0, part: { type: 'output_text', text, annotations: [] } }),
          ]
        : [event('response.function_call_arguments.done', { ...place, arguments: text })];
    const events = [...done, event('response.output_item.done', { output_index: items, item: itemOf('completed') })];
    open = undefined;
    return events;
  };
  const beginItem = (type: 'message' | 'function_call', call?: { id: string; name: string }): object[] => {
    const before = finishItem();
    items += 1;
    open = { type, text: '', call };
    return [...before, event('response.output_item.added', { output_index: items, item: itemOf('in_progress') })];
  };
  const delta = (piece: AnswerDelta): object[] => {
    if (piece.type === 'call') return beginItem('function_call', piece);
    const begun = piece.type === 'text' && open?.type !== 'message' ? beginItem('message') : [];
    if (open) open.text += piece.text;
    const type = piece.type === 'text' ? 'response.output_text.delta' : 'response.function_call_arguments.delta';
    return [
      ...begun,
      event(type, {
        item_id: `item_${items}`,
        output_index: items,
        ...(piece.type === 'text' && { content_index: 0, logprobs: [] }),
        delta: piece.text,
      }),
    ];
  };
  const bill = usage && {
    input_tokens: usage.input,
    input_tokens_details: { cached_tokens: usage.cached },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: usage.input + usage.output,
  };
  return {
    begin: () => [event('response.created', response('in_progress')), event('response.in_progress', response('in_progress'))],
    delta,
    end: () => [
      ...finishItem(),
      finish
        ? event(
            'response.incomplete',
            response('incomplete', { incomplete_details: { reason: finish === 'length' ? 'max_output_tokens' : finish }, usage: bill ?? null }),
          )
        : event('response.completed', response('completed', { usage: bill ?? null })),
    ],
    failed: (code) => [event('response.failed', response('failed', { error: { code, message: 'it said: something private' } }))],
    last: '',
    write: (message) => `event: ${(message as { type: string }).type}\ndata: ${JSON.stringify(message)}\n\n`,
  };
}
