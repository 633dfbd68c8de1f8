import type { RealtimeAudioFormats, RealtimeAudioInputTurnDetection, RealtimeSessionCreateRequest } from 'openai/resources/realtime/realtime';
import type { AudioFormat } from '../../base/audio-format.js';
import type { SettingsOf } from '../../config/providers.js';
import type { ConnectOptions } from '../provider.js';
import { instructionsOfCall } from './instructions.js';

type Settings = SettingsOf<'openai-realtime'>;

/** What a session is to be like, from the settings and from the call. */
export function sessionRequestOf(settings: Settings, { input, output, call }: ConnectOptions): RealtimeSessionCreateRequest {
  const language = languageOfTranscription(call.language);
  return {
    type: 'realtime',
    output_modalities: ['audio'],
    instructions: instructionsOfCall(call),
    audio: {
      input: {
        format: wireFormatOf(input),
        transcription: { model: settings.transcription_model, ...(language !== undefined && { language }) },
        ...(settings.noise_reduction !== 'off' && { noise_reduction: { type: settings.noise_reduction } }),
        turn_detection: turnDetectionOf(settings),
      },
      output: { format: wireFormatOf(output), voice: settings.voice, speed: settings.speed },
    },
    tools: call.tools.map(({ name, description, parameters }) => ({ type: 'function', name, description, parameters })),
    tool_choice: 'auto',
  };
}

/** A format as the service names it. */
function wireFormatOf({ encoding }: AudioFormat): RealtimeAudioFormats {
  switch (encoding) {
    case 'mulaw':
      return { type: 'audio/pcmu' };
    case 'alaw':
      return { type: 'audio/pcma' };
    case 'pcm16':
      return { type: 'audio/pcm', rate: 24_000 };
  }
}

/** The service may say when the caller has finished, but never answers or falls silent on its own. */
function turnDetectionOf(settings: Settings): RealtimeAudioInputTurnDetection | null {
  const onlyTells = { create_response: false, interrupt_response: false };
  switch (settings.turn_detection) {
    case 'server':
      return {
        type: 'server_vad',
        threshold: settings.threshold,
        prefix_padding_ms: settings.prefix_ms,
        silence_duration_ms: settings.silence_ms,
        ...onlyTells,
      };
    case 'semantic':
      return { type: 'semantic_vad', eagerness: settings.eagerness, ...onlyTells };
    case 'ours':
      return null;
  }
}

/** ISO 639-1, which is all that recognition takes: of "de-CH" it is "de". */
function languageOfTranscription(language: string | undefined): string | undefined {
  const [primary = ''] = (language ?? '').toLowerCase().split('-');
  return /^[a-z]{2}$/.test(primary) ? primary : undefined;
}
