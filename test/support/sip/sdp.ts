import { type Codec, digitPayloadType } from './codec.js';

/** What the far side said about its audio. */
export interface RemoteMedia {
  readonly host: string;
  readonly port: number;
  readonly payloadTypes: readonly number[];
}

/** An offer of one codec and RFC 4733 digits. */
export function sdpOffer(host: string, port: number, codec: Codec, ptimeMs: number): string {
  return [
    'v=0',
    `o=phone 1 1 IN IP4 ${host}`,
    's=phone',
    `c=IN IP4 ${host}`,
    't=0 0',
    `m=audio ${port} RTP/AVP ${codec.payloadType} ${digitPayloadType}`,
    `a=rtpmap:${codec.payloadType} ${codec.name}/${codec.rateHz}`,
    `a=rtpmap:${digitPayloadType} telephone-event/${codec.rateHz}`,
    `a=fmtp:${digitPayloadType} 0-15`,
    `a=ptime:${ptimeMs}`,
    'a=sendrecv',
    '',
  ].join('\r\n');
}

/** Throws when there is no audio in the answer. */
export function parseSdp(body: string): RemoteMedia {
  const host = /^c=IN IP4 (\S+)/m.exec(body)?.[1];
  const media = /^m=audio (\d+) RTP\/AVP ([\d ]+)/m.exec(body);
  if (!host || !media) throw new Error(`no audio in the answer: ${JSON.stringify(body)}`);
  return { host, port: Number(media[1]), payloadTypes: (media[2] ?? '').trim().split(' ').map(Number) };
}
