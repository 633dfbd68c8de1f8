import { type AudioEncoding, type AudioFormat, pcm16 } from '../base/audio-format.js';
import { mostToolRounds } from '../base/tool-bounds.js';
import type { ContextSettings, ProfileSettings, Settings } from '../config/schema.js';
import { echoCancellationModes, noiseSuppressionLevels } from '../config/schema.js';
import type { TurnTaking } from '../conversation/machine.js';
import type { SessionOptions } from '../native/addon.js';
import type { Registration } from './announcements.js';
import type { CallPlan, ChoiceSource, ChosenBy } from './call-record.js';

/** What of it the record shows, before the provider is there. */
export function planOf({ provider, profile, context, session, chosenBy }: ResolvedCall): CallPlan {
  return { provider, profile, context, lineRateHz: session.lineRateHz, input: undefined, output: undefined, chosenBy };
}

/** What a call is set up with. Precedence: what was said of this call, its context, the default. */
export interface ResolvedCall {
  readonly provider: string;
  /** Providers to try when that one cannot be had, in order. */
  readonly fallback: readonly string[];
  readonly profile: string;
  readonly context: string | undefined;
  readonly contextSettings: ContextSettings | undefined;
  readonly session: SessionOptions;
  readonly turnTaking: TurnTaking;
  /** Audio of a reply that is queued before it starts, until the provider has shown its jitter. */
  readonly playoutStartMs: number;
  readonly chosenBy: ChosenBy;
}

/** `registration` names things that exist: the admin API has checked it. */
export function resolveCall(settings: Settings, registration: Registration | undefined): ResolvedCall {
  const context = registration?.context ?? ('default' in settings.contexts ? 'default' : undefined);
  const contextSettings = context === undefined ? undefined : settings.contexts[context];
  const provider = registration?.provider ?? contextSettings?.provider ?? settings.default_provider;
  const profile = registration?.profile ?? contextSettings?.profile ?? settings.default_profile;
  const profileSettings = settings.profiles[profile] as ProfileSettings;
  const session = sessionOptions(profileSettings, settings.providers[provider]?.type === 'echo');
  const fallback = contextSettings?.fallback ?? settings.fallback;
  return {
    provider,
    fallback,
    profile,
    context,
    contextSettings,
    session,
    turnTaking: turnTaking(settings, session),
    playoutStartMs: profileSettings.playout_start_ms,
    chosenBy: {
      provider: sourceOf(registration?.provider, contextSettings?.provider),
      profile: sourceOf(registration?.profile, contextSettings?.profile),
      context: registration?.context === undefined ? 'default' : 'call',
    },
  };
}

function sourceOf(ofCall: string | undefined, ofContext: string | undefined): ChoiceSource {
  if (ofCall !== undefined) return 'call';
  return ofContext === undefined ? 'default' : 'context';
}

/** `saysBack`: what such an agent says cannot be told from the line's echo of it, so none is looked for. */
function sessionOptions(profile: ProfileSettings, saysBack: boolean): SessionOptions {
  const echoCancellation = saysBack && profile.echo_cancellation === 'auto' ? 'never' : profile.echo_cancellation;
  return {
    lineRateHz: profile.line_rate_hz,
    highPassHz: profile.high_pass_hz,
    noiseSuppression: noiseSuppressionLevels.indexOf(profile.noise_suppression),
    echoCancellation: echoCancellationModes.indexOf(echoCancellation),
    echoMaxDelayMs: profile.echo_max_delay_ms,
    voiceMode: profile.voice_mode,
    speechOnsetMs: profile.speech_onset_ms,
    speechHangoverMs: profile.speech_hangover_ms,
    comfortNoiseDbfs: profile.comfort_noise_dbfs === 'off' ? 0 : profile.comfort_noise_dbfs,
  };
}

const encodings: readonly AudioEncoding[] = ['pcm16', 'mulaw', 'alaw'];

/**
 * The format with the least conversion: the line's own rate, else the next higher one, else the highest; of one rate
 * linear samples before G.711, which loses a little.
 */
export function pickFormat(lineRateHz: number, offered: readonly AudioFormat[]): AudioFormat {
  const rates = offered.map(({ rateHz }) => rateHz).sort((a, b) => a - b);
  const rateHz = rates.find((rate) => rate >= lineRateHz) ?? rates.at(-1);
  const encoding = encodings.find((one) => offered.some((format) => format.rateHz === rateHz && format.encoding === one));
  return rateHz === undefined || encoding === undefined ? pcm16(lineRateHz) : { encoding, rateHz };
}

/** The end of speech is told when the hang-over has passed in the caller's stream, which is a frame behind the caller. */
const endNoticedLateMs = 20;

/** What the conversation machine needs of the settings. The end of speech is known a hang-over late, its start an onset. */
function turnTaking({ turn_taking: settings }: Settings, { speechHangoverMs, speechOnsetMs }: SessionOptions): TurnTaking {
  return {
    silenceMs: Math.max(1, settings.silence_ms - endNoticedLateMs),
    bargeIn: settings.barge_in,
    bargeInConfirmMs: Math.max(1, settings.barge_in_confirm_ms + speechHangoverMs - speechOnsetMs),
    maxSpeechMs: settings.max_speech_ms,
    replyOverdueMs: settings.reply_overdue_ms,
    playoutStalledMs: settings.playout_stalled_ms,
    noInputMs: settings.no_input_ms,
    maxNoInputs: settings.max_no_inputs,
    maxFailures: settings.max_failures,
    maxToolRounds: mostToolRounds,
  };
}
