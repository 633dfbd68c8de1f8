/** A SIP request or response. After: RFC 3261, as far as one phone on a loopback needs it. */
export interface SipMessage {
  /** Of a request. */
  readonly method?: string;
  readonly uri?: string;
  /** Of a response. */
  readonly status?: number;
  readonly reason?: string;
  /** In order; names as they came. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** Undefined for what is no SIP message. */
export function parseSipMessage(datagram: Buffer): SipMessage | undefined {
  const text = datagram.toString('utf8');
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [start = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const;
  });
  const body = text.slice(end + 4);
  const response = /^SIP\/2\.0 (\d{3}) (.*)$/.exec(start);
  if (response) return { status: Number(response[1]), reason: response[2] ?? '', headers, body };
  const request = /^(\S+) (\S+) SIP\/2\.0$/.exec(start);
  if (request) return { method: request[1] as string, uri: request[2] as string, headers, body };
  return undefined;
}

export function formatSipMessage(message: SipMessage): Buffer {
  const start = message.method ? `${message.method} ${message.uri} SIP/2.0` : `SIP/2.0 ${message.status} ${message.reason}`;
  const headers = [...message.headers, ['Content-Length', String(Buffer.byteLength(message.body))]];
  return Buffer.from(`${[start, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n${message.body}`);
}

/** All values of a header, in order. */
export function headerValues(message: SipMessage, name: string): string[] {
  return message.headers.filter(([key]) => key.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
}

export const header = (message: SipMessage, name: string): string => headerValues(message, name)[0] ?? '';

/** The answer to a request, with the headers that it must repeat. */
export function responseTo(request: SipMessage, status: number, reason: string, localTag: string): SipMessage {
  const repeated = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].flatMap((name) =>
    headerValues(request, name).map((value) => [name, name === 'To' && !value.includes(';tag=') ? `${value};tag=${localTag}` : value] as const),
  );
  return { status, reason, headers: repeated, body: '' };
}
