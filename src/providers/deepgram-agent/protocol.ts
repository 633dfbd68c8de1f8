import type { Deepgram } from '@deepgram/sdk';
import { parseArguments, parseMessage, textOf } from '../network/json-message.js';
import { ProviderError, type ProviderErrorCode } from '../network/provider-error.js';

/** The service as messages name it. */
export const who = 'deepgram-agent';

/** What the service says. EndOfTurn is on the wire but in no published type. */
type ServerMessage =
  | Deepgram.agent.AgentV1Welcome
  | Deepgram.agent.AgentV1SettingsApplied
  | Deepgram.agent.AgentV1ConversationText
  | Deepgram.agent.AgentV1UserStartedSpeaking
  | { readonly type: 'EndOfTurn' }
  | Deepgram.agent.AgentV1AgentThinking
  | Deepgram.agent.AgentV1AgentStartedSpeaking
  | Deepgram.agent.AgentV1AgentAudioDone
  | Deepgram.agent.AgentV1LatencyReport
  | Deepgram.agent.AgentV1FunctionCallRequest
  | Deepgram.agent.AgentV1FunctionCallCancelled
  | Deepgram.agent.AgentV1InjectionRefused
  | Deepgram.agent.AgentV1Warning
  | Deepgram.agent.AgentV1Error;

/** What is said to the service after Settings. */
export type ClientMessage =
  | Deepgram.agent.AgentV1InjectAgentMessage
  | Deepgram.agent.AgentV1InjectUserMessage
  | Deepgram.agent.AgentV1SendFunctionCallResponse
  | Deepgram.agent.AgentV1ForceEndTurn
  | Deepgram.agent.AgentV1KeepAlive;

export type Stage = 'stt' | 'llm' | 'tts';
/** Milliseconds by stage. */
export type StageTimes = Partial<Record<Stage, number>>;

export interface FunctionCall {
  readonly id: string;
  readonly name: string;
  /** Undefined when the model wrote no JSON object. */
  readonly arguments: Readonly<Record<string, unknown>> | undefined;
}

/** A message of the service, checked and in talkpath's words. */
export type ServiceEvent =
  | { readonly type: 'welcome' }
  | { readonly type: 'settings-applied' }
  | { readonly type: 'caller-started' }
  | { readonly type: 'caller-ended' }
  | { readonly type: 'thinking' }
  | { readonly type: 'words'; readonly who: 'caller' | 'agent'; readonly text: string }
  | { readonly type: 'agent-started'; readonly took: StageTimes }
  | { readonly type: 'audio-done' }
  | { readonly type: 'took'; readonly took: StageTimes }
  | { readonly type: 'function-calls'; readonly calls: readonly FunctionCall[] }
  | { readonly type: 'calls-cancelled'; readonly ids: readonly string[] }
  | { readonly type: 'injection-refused' }
  | { readonly type: 'error'; readonly code: string };

/** Undefined for what changes nothing here, or is not known. Throws TP_ERR_PROVIDER_PROTOCOL for a message that is not as published. */
export function eventOf(text: string): ServiceEvent | undefined {
  const message = parseMessage<ServerMessage>(who, text);
  switch (message.type) {
    case 'Welcome':
      return { type: 'welcome' };
    case 'SettingsApplied':
      return { type: 'settings-applied' };
    case 'UserStartedSpeaking':
      return { type: 'caller-started' };
    case 'EndOfTurn':
      return { type: 'caller-ended' };
    case 'AgentThinking':
      return { type: 'thinking' };
    case 'ConversationText':
      return { type: 'words', who: speakerOf(message.role), text: textOf(who, 'content', message.content) };
    case 'AgentStartedSpeaking':
      return { type: 'agent-started', took: timesOf({ llm: message.ttt_latency, tts: message.tts_latency }) };
    case 'AgentAudioDone':
      return { type: 'audio-done' };
    case 'LatencyReport':
      return { type: 'took', took: timesOf({ stt: message.stt_latency, llm: message.ttt_text_latency, tts: message.tts_latency }) };
    case 'FunctionCallRequest':
      return { type: 'function-calls', calls: listOf('functions', message.functions).flatMap(callOf) };
    case 'FunctionCallCancelled':
      return { type: 'calls-cancelled', ids: listOf('functions', message.functions).map(({ id }) => textOf(who, 'functions.id', id)) };
    case 'InjectionRefused':
      return { type: 'injection-refused' };
    case 'Warning':
      return /^INJECT_AGENT_MESSAGE_DURING_/.test(String(message.code)) ? { type: 'injection-refused' } : undefined;
    case 'Error':
      return { type: 'error', code: textOf(who, 'code', message.code) };
    default:
      textOf(who, 'type', (message as { type?: unknown }).type);
      return undefined;
  }
}

/** The words that refuse a key or an account, in a code that is not published. */
const refusedCode = /AUTH|CREDENTIAL|PERMISSION|FORBIDDEN|CREDIT|BALANCE/;
const wrongSettings: ReadonlySet<string> = new Set([
  'INVALID_SETTINGS',
  'UNPARSABLE_CLIENT_MESSAGE',
  'NON_SETTINGS_MESSAGE_BEFORE_SETTINGS',
  'SETTINGS_ALREADY_APPLIED',
  'USER_AUDIO_FORMAT',
  'AGENT_ID_NOT_SUPPORTED',
  'INVALID_AGENT_ID',
]);

/** What an Error of the service means; of its description, which may repeat what was said, nothing is told. */
export function errorOfCode(code: string, otherwise: Extract<ProviderErrorCode, 'TP_ERR_PROVIDER_CONNECT' | 'TP_ERR_PROVIDER_LOST'>): ProviderError {
  const shown = /^[A-Z][A-Z0-9_]{0,63}$/.test(code) ? code : 'an unknown code';
  const said = `${who} ended the conversation with ${shown}`;
  if (wrongSettings.has(code)) return new ProviderError('TP_ERR_PROVIDER_REQUEST', said);
  return new ProviderError(refusedCode.test(code) ? 'TP_ERR_PROVIDER_REFUSED' : otherwise, said);
}

function speakerOf(role: unknown): 'caller' | 'agent' {
  if (role === 'user') return 'caller';
  if (role === 'assistant') return 'agent';
  throw new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} sent words of somebody who is neither user nor assistant`);
}

function listOf<T extends object>(field: string, value: readonly T[]): readonly T[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null)) return value;
  throw new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} sent a message whose ${field} is not a list of objects`);
}

/** What the service does by itself is no call of ours. */
function callOf(item: Deepgram.agent.AgentV1FunctionCallRequest.Functions.Item): FunctionCall[] {
  if (typeof item.client_side !== 'boolean')
    throw new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} sent a message whose functions.client_side is of type ${typeof item.client_side}`);
  if (!item.client_side) return [];
  const args = textOf(who, 'functions.arguments', item.arguments);
  return [{ id: textOf(who, 'functions.id', item.id), name: textOf(who, 'functions.name', item.name), arguments: parseArguments(args) }];
}

/** Milliseconds of what comes in seconds. A time is only for the record: one that is none is left out. */
function timesOf(seconds: Partial<Record<Stage, unknown>>): StageTimes {
  const times: StageTimes = {};
  for (const stage of ['stt', 'llm', 'tts'] as const) {
    const value = seconds[stage];
    if (typeof value === 'number' && value >= 0 && value < 3600) times[stage] = value * 1000;
  }
  return times;
}
