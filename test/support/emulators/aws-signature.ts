import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

export interface AwsKeys {
  readonly id: string;
  readonly secret: string;
  readonly region: string;
  readonly service: string;
}

/** What is wrong with a request's Signature Version 4, by the name that AWS gives it; undefined when it is right. */
export function faultOfSignature({ method, url = '/', headers }: IncomingMessage, body: string, keys: AwsKeys): string | undefined {
  const pattern =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/;
  const [, id, date, region, service, names, signature] = pattern.exec(headers.authorization ?? '') ?? [];
  if (!id || !date || !names) return 'MissingAuthenticationTokenException';
  if (id !== keys.id) return 'UnrecognizedClientException';
  const time = String(headers['x-amz-date']);
  if (region !== keys.region || service !== keys.service || !time.startsWith(date) || !names.split(';').includes('host'))
    return 'InvalidSignatureException';
  const signed = names
    .split(';')
    .map((name) => `${name}:${String(headers[name]).trim()}\n`)
    .join('');
  const [path = '/', query = ''] = url.split('?');
  const request = [method, path, query, signed, names, sha256(body)].join('\n');
  const text = ['AWS4-HMAC-SHA256', time, `${date}/${region}/${service}/aws4_request`, sha256(request)].join('\n');
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${keys.secret}`);
  return hmac(key, text).toString('hex') === signature ? undefined : 'InvalidSignatureException';
}
