import type { Clock } from '../../../../base/clock.js';
import { type LlmSettings, standardLimits } from '../../../../config/providers.js';
import { SentenceCutter } from '../../sentence-cutter.js';
import { voiceText } from '../../voice-text.js';
import type { LanguageModel } from '../llm.js';
import { ModelClient, type ModelLimits } from './model-client.js';
import { OpenAiSession } from './session.js';

export interface OpenAiModelOptions {
  /** How long is waited for a model's list, its first words, and its next. */
  readonly limits?: ModelLimits;
  /** What calls may bring to be said first. */
  readonly greetings?: readonly string[];
}

/** What the agent says comes from a model behind OpenAI's API: OpenAI's own, or that of any compatible server. */
export function createOpenAiModel(
  settings: LlmSettings<'openai'>,
  clock: Clock,
  { limits = standardLimits, greetings = [] }: OpenAiModelOptions = {},
): LanguageModel {
  const client = new ModelClient(settings, clock, limits);
  return {
    open: (call, history) => new OpenAiSession(client, call, history),
    knownSentences: [...new Set(greetings.flatMap(spokenSentences))],
    probe: (signal) => client.probe(signal),
    close: async () => client.close(),
  };
}

function spokenSentences(text: string): string[] {
  const cutter = new SentenceCutter();
  return [...cutter.push(text), ...cutter.end()].map((sentence) => voiceText(sentence, undefined)).filter((sentence) => sentence !== '');
}
