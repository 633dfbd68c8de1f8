import { availableParallelism } from 'node:os';
import type { z } from 'zod';
import { logLevels } from '../base/log.js';
import { type UsageUnit, usageUnits } from '../base/usage.js';
import { asterisk } from './asterisk.js';
import {
  anyText,
  exactly,
  flag,
  headerText,
  host,
  integer,
  language,
  listOf,
  mapOf,
  name,
  network,
  number,
  offOrInteger,
  oneOf,
  oneOfNumbers,
  port,
  section,
  spoken,
  spokenOrNothing,
  text,
} from './fields.js';
import { provider } from './providers.js';
import { journal, tools, transfer } from './tools.js';

/** Every setting, its range and its default. docs/configuration.md lists them; a test compares the two. */

export const configVersion = 4;

const audiosocket = section({
  host: host().default('127.0.0.1'),
  port: port().default(9092),
  allow: listOf(network()).default([]),
  require_registration: flag().default(false),
  max_calls: integer(1, 10_000).default(500),
  max_unidentified: integer(1, 100_000).default(512),
  max_unidentified_per_address: integer(1, 100_000).default(256),
});

const admin = section({
  host: host().default('127.0.0.1'),
  port: port().default(8080),
  token: headerText(512).optional(),
});

const engine = section({
  workers: integer(1, 64).default(() => Math.min(64, Math.max(1, availableParallelism() - 1))),
  realtime: flag().default(false),
});

export const noiseSuppressionLevels = ['off', 'low', 'moderate', 'high'] as const;

/** In the engine's order. */
export const echoCancellationModes = ['never', 'always', 'auto'] as const;

const profile = section({
  line_rate_hz: oneOfNumbers([8000, 16000, 24000]),
  high_pass_hz: number(20, 400).default(80),
  noise_suppression: oneOf(noiseSuppressionLevels).default('off'),
  echo_cancellation: oneOf(echoCancellationModes).default('auto'),
  echo_max_delay_ms: integer(100, 1200).default(1200),
  voice_mode: integer(0, 3).default(2),
  speech_onset_ms: integer(20, 400).default(60),
  speech_hangover_ms: integer(50, 2000).default(200),
  playout_start_ms: integer(20, 1000).default(80),
  comfort_noise_dbfs: offOrInteger(-70, -40).default('off'),
});

/** Every setting of the profiles that are always there; the file may change single ones. */
export const builtInProfiles = {
  telephony: { line_rate_hz: 8000 },
  wideband: { line_rate_hz: 16000 },
  hifi: { line_rate_hz: 24000 },
} as const;

const context = section({
  provider: name().optional(),
  fallback: listOf(name()).optional(),
  profile: name().optional(),
  greeting: spokenOrNothing().optional(),
  prompt: anyText(100_000).optional(),
  language: language().optional(),
  tools: listOf(name()).default(['hang_up', 'transfer']),
});

const turnTaking = section({
  silence_ms: integer(10, 60_000).default(400),
  barge_in: flag().default(true),
  barge_in_confirm_ms: integer(0, 5000).default(250),
  max_speech_ms: integer(1000, 600_000).default(30_000),
  reply_overdue_ms: integer(500, 60_000).default(4000),
  playout_stalled_ms: integer(200, 60_000).default(2000),
  no_input_ms: integer(1000, 600_000).default(8000),
  max_no_inputs: integer(0, 20).default(2),
  max_failures: integer(0, 20).default(2),
  fallback_line: spoken(500).default('Sorry, I did not get that. Could you say it again?'),
  farewell_line: spoken(500).default('Sorry, something is wrong on my side. Please call again later. Goodbye.'),
  bridge_after_ms: integer(300, 60_000).default(1200),
  bridge_lines: listOf(spoken(200)).default(['One moment, please.', 'I am still on it.', 'It takes a little longer.']),
});

const budgets = section({
  total_minutes: number(1, 10_000_000).optional(),
  caller_minutes: number(1, 100_000).optional(),
  per_hours: number(1, 8760).default(24),
});

/** Of a million tokens or characters, or of a minute, in the table's currency. */
const price = number(0, 1_000_000).optional();

const prices = section({
  currency: text(10).default('USD'),
  providers: mapOf(section(Object.fromEntries(usageUnits.map((unit) => [unit, price])) as Record<UsageUnit, typeof price>)).default({}),
});

const health = section({ probe_every_s: integer(0, 86_400).default(30) });

const logging = section({ level: oneOf(logLevels).default('info') });

export const settingsSchema = section({
  config_version: exactly(configVersion).default(configVersion),
  audiosocket: audiosocket.prefault({}),
  admin: admin.prefault({}),
  asterisk: asterisk.prefault({}),
  engine: engine.prefault({}),
  default_provider: name().default('local'),
  default_profile: name().default('telephony'),
  fallback: listOf(name()).default([]),
  providers: mapOf(provider).default({}),
  profiles: mapOf(profile).prefault({}),
  contexts: mapOf(context).default({}),
  tools: tools.default({}),
  transfer: transfer.prefault({}),
  journal: journal.prefault({}),
  turn_taking: turnTaking.prefault({}),
  budgets: budgets.prefault({}),
  prices: prices.prefault({}),
  health: health.prefault({}),
  logging: logging.prefault({}),
});

export type Settings = z.infer<typeof settingsSchema>;
export type ProfileSettings = Settings['profiles'][string];
export type ContextSettings = Settings['contexts'][string];
