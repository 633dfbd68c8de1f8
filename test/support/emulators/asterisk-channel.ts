/** A channel of an emulated Asterisk. */
export interface EmulatedChannel {
  readonly id: string;
  readonly name: string;
  readonly number?: string;
  readonly callerName?: string;
  readonly application: string;
  readonly data: string;
  readonly variables: Map<string, string>;
  /** Whether ARI may do something to it. */
  readonly inStasis?: boolean;
}

/** One whose caller runs AudioSocket() with this UUID. */
export function audioSocketChannel(callId: string, rest: Partial<EmulatedChannel> = {}): EmulatedChannel {
  return {
    id: '1795951044.7',
    name: 'PJSIP/phone-00000007',
    number: '+41791234567',
    callerName: 'An Na',
    application: 'AudioSocket',
    data: `${callId},127.0.0.1:9092`,
    variables: new Map(),
    ...rest,
  };
}

/** One that has nothing to do with talkpath. */
export function otherChannel(id: string): EmulatedChannel {
  return { id, name: `PJSIP/other-${id}`, number: '100', callerName: '', application: 'Milliwatt', data: '', variables: new Map() };
}
