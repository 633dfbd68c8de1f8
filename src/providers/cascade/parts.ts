import type { Clock } from '../../base/clock.js';
import type { Limits, SettingsOf } from '../../config/providers.js';
import type { LanguageModel } from './llm/llm.js';
import { loadScript } from './llm/scripted/load.js';
import { createScriptedModel } from './llm/scripted/model.js';
import { createDeepgramStt } from './stt/deepgram.js';
import { createDeepgramFluxStt } from './stt/deepgram-flux.js';
import { waitsOf } from './stt/service-waits.js';
import type { SpeechToText } from './stt/stt.js';
import { createDeepgramTts } from './tts/deepgram.js';
import { createElevenLabsTts } from './tts/elevenlabs.js';
import type { TextToSpeech } from './tts/tts.js';

type Cascade = SettingsOf<'cascade'>;

/** Limits are those of services: what runs on this machine has none. */
export type CascadePartSettings = Pick<Cascade, 'stt' | 'llm' | 'tts'> & Partial<Pick<Cascade, 'early_reply' | 'limits'>>;

// Parts with a package of their own are loaded when they are named: that takes a while, and few installations have them all.

export async function serviceRecogniser(
  settings: Exclude<Cascade['stt'], { type: 'local' }>,
  clock: Clock,
  limits: Limits | undefined,
): Promise<SpeechToText> {
  const waits = limits && waitsOf(limits);
  switch (settings.type) {
    case 'deepgram':
      return createDeepgramStt(settings, clock, waits);
    case 'deepgram-flux':
      return createDeepgramFluxStt(settings, clock, waits);
    case 'openai':
    case 'groq':
      return (await import('./stt/transcription.js')).createTranscriptionStt(settings, clock, waits);
    case 'riva':
      return (await import('./stt/riva.js')).createRivaStt(settings, clock, waits);
  }
}

/** @param greetings what calls may bring to be said first */
export async function languageModel(
  settings: Cascade['llm'],
  clock: Clock,
  limits: Limits | undefined,
  greetings: readonly string[],
): Promise<LanguageModel> {
  switch (settings.type) {
    case 'scripted':
      return createScriptedModel(loadScript(settings.script), greetings);
    case 'openai':
      return (await import('./llm/openai/model.js')).createOpenAiModel(settings, clock, { greetings, ...(limits && { limits }) });
  }
}

export async function serviceVoice(
  settings: Exclude<Cascade['tts'], { type: 'local' }>,
  clock: Clock,
  limits: Limits | undefined,
): Promise<TextToSpeech> {
  switch (settings.type) {
    case 'elevenlabs':
      return createElevenLabsTts(settings, clock, limits);
    case 'deepgram':
      return createDeepgramTts(settings, clock, limits);
    case 'openai':
      return (await import('./tts/openai.js')).createOpenAiTts(settings, clock, limits);
    case 'polly':
      return (await import('./tts/polly.js')).createPollyTts(settings, clock, limits);
    case 'riva':
      return (await import('./tts/riva.js')).createRivaTts(settings, clock, limits);
  }
}
