import { randomUUID } from 'node:crypto';
import type { Announced, Registration } from '../../call/announcements.js';
import { unknownNames } from '../../config/known-names.js';
import type { Settings } from '../../config/schema.js';
import { callIdOf } from '../call-id.js';
import { askedVariables, isWithinBounds, registrationOf } from '../registration.js';
import type { AgiSession } from './session.js';

/** What stands in TALKPATH_STATUS: "refused:unknown-context". */
export type DialplanStatus = 'announced' | `refused:${DialplanRefusal}`;

export const dialplanRefusals = [
  'unknown-provider',
  'unknown-profile',
  'unknown-context',
  'bad-uuid',
  'too-long',
  'call-exists',
  'too-many',
  'shutting-down',
  'unknown-script',
] as const;

export type DialplanRefusal = (typeof dialplanRefusals)[number];

export interface DialplanAnswerOptions {
  readonly settings: Settings;
  readonly announce: (callId: string, registration: Registration) => Promise<Announced>;
  /** The channel of a call became known. */
  readonly onChannel: (callId: string, channelId: string) => void;
}

/**
 * Announces the call of a dialplan that runs AGI(agi://…/call) or AGI(agi://…/call,UUID), and sets TALKPATH_UUID and
 * TALKPATH_STATUS on its channel. A mistake of the dialplan is a status, and the UUID is good for AudioSocket() all the
 * same: the caller is not to pay for it. Rejects with the session's AgiFault.
 */
export async function answerDialplan(session: AgiSession, options: DialplanAnswerOptions): Promise<DialplanStatus> {
  const environment = await session.environment();
  const given = environment.get('agi_arg_1') ?? '';
  const wanted = given === '' ? randomUUID() : callIdOf(given);
  const callId = wanted ?? randomUUID();
  const registration = await registrationOfChannel(session, environment, options.settings.asterisk.variables);
  const refusal = scriptRefusal(environment) ?? (wanted === undefined ? 'bad-uuid' : refusalOf(registration, options.settings));
  const announced = refusal ?? (await options.announce(callId, registration));
  const status = announced === 'announced' ? announced : (`refused:${announced}` as const);
  // A channel that names the UUID of another's call is not that call.
  if (announced !== 'call-exists') options.onChannel(callId, environment.get('agi_uniqueid') ?? '');
  await session.set('TALKPATH_UUID', callId);
  await session.set('TALKPATH_STATUS', status);
  session.end();
  return status;
}

async function registrationOfChannel(
  session: AgiSession,
  environment: ReadonlyMap<string, string>,
  variables: readonly string[],
): Promise<Registration> {
  const values = new Map<string, string>();
  for (const name of askedVariables(variables)) {
    const value = await session.get(name);
    if (value !== undefined) values.set(name, value);
  }
  return registrationOf(values, variables, callerOf(environment));
}

/** Asterisk says "unknown" of what it does not know. A caller who withholds the number is not to hear it from an agent. */
function callerOf(environment: ReadonlyMap<string, string>): Registration['caller'] {
  const presentation = Number(environment.get('agi_callingpres') ?? 0);
  if ((presentation & presentationMask) === presentationRestricted) return {};
  const known = (text = ''): string | undefined => (text === '' || text === 'unknown' ? undefined : text);
  return { number: known(environment.get('agi_callerid')), name: known(environment.get('agi_calleridname')) };
}

/** Source: Asterisk 22, callerid.h. */
const presentationMask = 0x60;
const presentationRestricted = 0x20;

function scriptRefusal(environment: ReadonlyMap<string, string>): DialplanRefusal | undefined {
  return environment.get('agi_network_script') === 'call' ? undefined : 'unknown-script';
}

function refusalOf(registration: Registration, settings: Settings): DialplanRefusal | undefined {
  const [unknown] = unknownNames(settings, registration);
  if (unknown) return `unknown-${unknown.field}`;
  return isWithinBounds(registration) ? undefined : 'too-long';
}
