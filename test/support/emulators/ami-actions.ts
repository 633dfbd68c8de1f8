import type { AmiServer } from './ami-server.js';
import type { EmulatedChannel } from './asterisk-channel.js';

/** The fields of an action, by lower-case name. */
export type Fields = ReadonlyMap<string, string>;

/** What an action is answered with, and the events of its list. */
export interface Answer {
  readonly response: 'Success' | 'Goodbye';
  readonly lines: readonly string[];
  readonly events?: readonly (readonly string[])[];
}

/** What an action is refused with. */
export class ActionRefused extends Error {
  /** @param isViolation whether a right client would not have asked */
  constructor(
    message: string,
    readonly isViolation = true,
  ) {
    super(message);
  }
}

/** Actions: of which rights one is needed, which fields there must be, and which there may be. */
export const actions: Readonly<
  Record<string, { readonly rights: readonly string[]; readonly must: readonly string[]; readonly may: readonly string[] }>
> = {
  challenge: { rights: [], must: ['authtype'], may: [] },
  login: { rights: [], must: ['username'], may: ['secret', 'authtype', 'key', 'events'] },
  logoff: { rights: [], must: [], may: [] },
  ping: { rights: [], must: [], may: [] },
  status: { rights: ['system', 'call', 'reporting'], must: [], may: ['channel', 'variables', 'allvariables'] },
  getvar: { rights: ['call', 'reporting'], must: ['variable'], may: ['channel'] },
  setvar: { rights: ['call'], must: ['variable', 'value'], may: ['channel'] },
  redirect: { rights: ['call'], must: ['channel', 'exten', 'context', 'priority'], may: [] },
  playdtmf: { rights: ['call'], must: ['channel', 'digit'], may: ['duration', 'receive'] },
};

/** Runs an action on the server's channels, those of the log-in left out. Throws ActionRefused. */
export async function run(server: AmiServer, name: string, fields: Fields): Promise<Answer> {
  const field = (which: string): string => fields.get(which) ?? '';
  const channelOr = (message: string): EmulatedChannel => {
    const channel = server.channels.find(({ id, name: own }) => [id, own].includes(field('channel')));
    if (!channel) throw new ActionRefused(message, false);
    return channel;
  };
  switch (name) {
    case 'ping':
      return { response: 'Success', lines: ['Ping: Pong', 'Timestamp: 1795951849.727892'] };
    case 'logoff':
      return { response: 'Goodbye', lines: ['Message: Thanks for all the fish.'] };
    case 'status':
      return status(fields.has('channel') ? [channelOr('No such channel')] : server.channels, fields);
    case 'getvar': {
      const channel = channelOr('No such channel');
      const exists = /^DIALPLAN_EXISTS\((.*)\)$/.exec(field('variable'))?.[1];
      const value =
        exists === undefined ? channel.variables.get(field('variable')) : server.dialplan && String(Number(server.dialplan.includes(exists)));
      return { response: 'Success', lines: [`Variable: ${field('variable')}`, `Value: ${value ?? ''}`] };
    }
    case 'setvar': {
      if (!fields.has('channel')) throw new ActionRefused('setvar without a channel sets a global variable');
      const channel = channelOr('No such channel');
      channel.variables.set(field('variable'), field('value'));
      server.done.push(`setvar ${channel.id} ${field('variable')}=${field('value')}`);
      return { response: 'Success', lines: ['Message: Variable Set'] };
    }
    case 'redirect':
      server.done.push(
        `redirect ${channelOr(`Channel does not exist: ${field('channel')}`).id} ${field('context')},${field('exten')},${field('priority')}`,
      );
      return { response: 'Success', lines: ['Message: Redirect successful'] };
    default: {
      const channel = channelOr('Channel not found');
      const durationMs = Number(field('duration') || 100);
      if (!/^[0-9A-D*#]$/.test(field('digit'))) server.violations.push(`playdtmf of ${field('digit')}`);
      if (!(durationMs >= 80 && durationMs <= 1000)) server.violations.push(`playdtmf for ${field('duration')} ms`);
      await server.wait(durationMs);
      server.done.push(`digit ${channel.id} ${field('digit')}`);
      return { response: 'Success', lines: ['Message: DTMF successfully queued'] };
    }
  }
}

function status(channels: readonly EmulatedChannel[], fields: Fields): Answer {
  const asked = (fields.get('variables') ?? '').split(',').filter(Boolean);
  const events = channels.map((channel) => [
    'Event: Status',
    'Privilege: Call',
    ...headersOf(channel),
    'Type: PJSIP',
    `Application: ${channel.application}`,
    `Data: ${channel.data}`,
    ...asked.map((name) => `Variable: ${name}=${channel.variables.get(name) ?? '(null)'}`),
  ]);
  const complete = ['Event: StatusComplete', 'EventList: Complete', `ListItems: ${channels.length}`, `Items: ${channels.length}`];
  return { response: 'Success', lines: ['EventList: start', 'Message: Channel status will follow'], events: [...events, complete] };
}

/** What every event says of its channel. */
export function headersOf({ id, name, number, callerName, variables }: EmulatedChannel): string[] {
  return [
    `Channel: ${name}`,
    'ChannelState: 6',
    'ChannelStateDesc: Up',
    `CallerIDNum: ${number ?? '<unknown>'}`,
    `CallerIDName: ${callerName ?? '<unknown>'}`,
    'ConnectedLineNum: <unknown>',
    'ConnectedLineName: <unknown>',
    'Language: en',
    'AccountCode: ',
    'Context: phones',
    'Exten: 100',
    'Priority: 2',
    `Uniqueid: ${id}`,
    `Linkedid: ${id}`,
    ...[...variables].map(([variable, value]) => `ChanVariable: ${variable}=${value}`),
  ];
}
