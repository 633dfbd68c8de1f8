import { z } from 'zod';
import { longest } from '../call/announcements.js';
import { anyText, name, section } from '../config/fields.js';
import { gapCauses } from '../native/addon.js';

/** Body of PUT /v1/calls/{uuid}. */
export const registrationBody = section({
  provider: name().optional(),
  profile: name().optional(),
  context: name().optional(),
  caller: section({ number: anyText(longest.number).optional(), name: anyText(longest.name).optional() }).default({}),
  // A dialplan sends a variable that it has not set as an empty one.
  variables: z
    .record(anyText(longest.variableName), anyText(longest.variable), 'mapping')
    .default({})
    .transform((variables) => Object.fromEntries(Object.entries(variables).filter(([, value]) => value.trim() !== ''))),
});

const choiceSource = z.enum(['call', 'context', 'default']);
const gap = z.object({ episodes: z.number(), ms: z.number() });

/** What GET /v1/calls/{uuid} shows. */
export const callView = z.object({
  callId: z.string(),
  state: z.enum(['live', 'ended']),
  startedAt: z.string(),
  durationMs: z.number(),
  plan: z.object({
    provider: z.string(),
    profile: z.string(),
    context: z.string().optional(),
    lineRateHz: z.number(),
    input: z.string().optional(),
    output: z.string().optional(),
    chosenBy: z
      .object({ provider: choiceSource, profile: choiceSource, context: z.enum(['call', 'default']) })
      .meta({ description: 'Whether it was said of this call, by its context, or is the default' }),
  }),
  endReason: z.string().optional(),
  disposition: z.enum(['live', 'completed', 'transfer', 'failed']),
  transcript: z.array(
    z.object({ turn: z.number(), who: z.enum(['caller', 'agent']), text: z.string(), atMs: z.number(), cut: z.literal(true).optional() }),
  ),
  turns: z.array(
    z.object({
      turn: z.number(),
      cause: z.enum(['greeting', 'caller', 'no-input', 'fallback']),
      replyLatencyMs: z.number().optional(),
      bargeInStopMs: z.number().optional(),
      cutAfterMs: z.number().optional(),
      failure: z.string().optional(),
      stagesMs: z.record(z.string(), z.number()),
    }),
  ),
  digits: z.array(z.object({ digit: z.string(), atMs: z.number() })),
  notices: z.array(z.string()),
  actions: z.array(z.object({ name: z.string(), atMs: z.number() })),
  line: z.object({ framesIn: z.number(), framesOut: z.number(), framesDropped: z.number(), lastRateHz: z.number() }).optional(),
  audio: z
    .object({
      lineSamplesIn: z.number(),
      lineSamplesDropped: z.number(),
      lineMsMissing: z.number(),
      lineMsSurplus: z.number(),
      agentSamplesDropped: z.number(),
      eventsLost: z.number(),
      framesOut: z.number(),
      framesAudible: z.number(),
      playoutDepthMs: z.number(),
      playoutStartMs: z.number(),
      concealedMs: z.number(),
      concealmentEvents: z.number(),
      trimmedMs: z.number(),
      stretchedMs: z.number(),
      gaps: z.object(Object.fromEntries(gapCauses.map((cause) => [cause, gap]))),
    })
    .optional(),
  providers: z.array(z.object({ provider: z.string(), level: z.number(), fromMs: z.number(), input: z.string(), output: z.string() })),
  providerFailures: z.array(z.object({ provider: z.string(), code: z.string(), atMs: z.number(), wasTalking: z.boolean() })),
  bridgeLines: z.number(),
  usage: z.record(z.string(), z.record(z.string(), z.number())),
  cost: z.object({ currency: z.string(), total: z.number(), byProvider: z.record(z.string(), z.number()), unpriced: z.array(z.string()) }).optional(),
  replyAudioDropped: z.object({ lateMs: z.number(), noRoomMs: z.number() }),
});
