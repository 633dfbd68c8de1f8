import type { FastifyError, FastifyReply, FastifyServerOptions } from 'fastify';
import { z } from 'zod';
import { type ErrorCode, TalkpathError } from '../base/errors.js';

/** What every request that fails is answered with, whoever refused it. */
export const failure = z.object({
  error: z.string().meta({ description: 'What is wrong: the field, what was expected and what was found' }),
  code: z.string().meta({ description: 'One of the codes of docs/errors.md', examples: ['TP_ERR_CALL_UNKNOWN'] }),
  next: z.string().meta({ description: 'What to do next' }),
});

/** Of any route, for its schema. */
export const failures = {
  '4xx': failure.describe('The request is refused'),
  '5xx': failure.describe('A fault of talkpath itself'),
} as const;

export const longestBodyBytes = 64 * 1024;

const statuses: Partial<Record<ErrorCode, number>> = {
  TP_ERR_ADMIN_REQUEST: 400,
  TP_ERR_ADMIN_TOKEN: 401,
  TP_ERR_ADMIN_ROUTE: 404,
  TP_ERR_CALL_UNKNOWN: 404,
  TP_ERR_PROVIDER_UNKNOWN: 404,
  TP_ERR_PROVIDER_CONNECT: 409,
  TP_ERR_CALL_EXISTS: 409,
  TP_ERR_CALLS_WAITING: 429,
  TP_ERR_SHUTTING_DOWN: 503,
};

/** What Fastify itself refuses, in our words where they say more. */
const refusals: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: `Expected a body of at most ${longestBodyBytes} bytes`,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'Expected application/json or application/x-www-form-urlencoded for the header content-type',
  FST_ERR_BAD_URL: 'Expected a path whose escapes are UTF-8, such as %20',
  FST_ERR_MAX_PARAM_LENGTH: 'Expected a UUID in the path but received a longer text',
};

/** Answers with an error, whether thrown by a route, by Fastify, or by accident. */
export function answerFailure(thrown: FastifyError | TalkpathError, reply: FastifyReply): FastifyReply {
  const status = thrown instanceof TalkpathError ? (statuses[thrown.code] ?? 500) : (thrown.statusCode ?? 500);
  return reply.code(status).send(bodyOf(named(thrown, status)));
}

/** What is no HTTP never becomes a request: it is answered on the socket. */
export const answerNoHttp: NonNullable<FastifyServerOptions['clientErrorHandler']> = (error, socket) => {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const [status, what] = noHttp[error.code ?? ''] ?? ['400 Bad Request', 'a request of HTTP 1.1'];
  const body = JSON.stringify(bodyOf(new TalkpathError('TP_ERR_ADMIN_REQUEST', `Expected ${what} but received something else`)));
  const head = `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close`;
  socket.end(`${head}\r\n\r\n${body}`);
};

const noHttp: Readonly<Record<string, readonly [status: string, what: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'headers of at most 16384 bytes'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'the whole request in time'],
};

function named(thrown: FastifyError | TalkpathError, status: number): TalkpathError {
  if (thrown instanceof TalkpathError && thrown.code in statuses) return thrown;
  if (status >= 500) return new TalkpathError('TP_ERR_INTERNAL', 'Internal error');
  return thrown instanceof TalkpathError ? thrown : new TalkpathError('TP_ERR_ADMIN_REQUEST', refusals[thrown.code] ?? thrown.message);
}

const bodyOf = ({ message, code, next }: TalkpathError): z.infer<typeof failure> => ({ error: message, code, next });
