import { AsteriskError } from '../asterisk-error.js';
import { callIdOfChannel } from '../call-id.js';

/** A channel as ARI tells of it, as far as it matters here. Source: Asterisk 22, rest-api/api-docs/channels.json. */
export interface AriChannel {
  readonly id: string;
  readonly name: string;
  readonly number: string;
  readonly callerName: string;
  readonly application: string;
  readonly data: string;
  readonly variables: ReadonlyMap<string, string>;
}

/** The channels of GET /channels. Throws TP_ERR_ASTERISK_PROTOCOL for anything else. */
export function channelsOf(body: unknown): AriChannel[] {
  if (Array.isArray(body)) return body.map(channelOf);
  throw new AsteriskError('TP_ERR_ASTERISK_PROTOCOL', 'ARI sent no list of channels');
}

export function callIdOfAriChannel({ name, application, data, variables }: AriChannel): string | undefined {
  return callIdOfChannel({ name, application, data, values: variables.values() });
}

function channelOf(value: unknown): AriChannel {
  const { id, name, caller, dialplan, channelvars } = objectOf(value);
  if (typeof id !== 'string' || typeof name !== 'string')
    throw new AsteriskError('TP_ERR_ASTERISK_PROTOCOL', 'ARI sent a channel without id or name');
  const texts = Object.entries(objectOf(channelvars)).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return {
    id,
    name,
    number: textOf(objectOf(caller).number),
    callerName: textOf(objectOf(caller).name),
    application: textOf(objectOf(dialplan).app_name),
    data: textOf(objectOf(dialplan).app_data),
    variables: new Map(texts),
  };
}

const objectOf = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {});
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
