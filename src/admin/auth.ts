import { createHash, timingSafeEqual } from 'node:crypto';
import type { onRequestHookHandler } from 'fastify';
import { TalkpathError } from '../base/errors.js';

const open = new Set(['/healthz', '/readyz']);

/** Asks for `Authorization: Bearer <token>` on everything but the health checks. */
export function tokenGuard(token: string): onRequestHookHandler {
  const expected = digest(token);
  return (request, reply, done) => {
    const path = request.url.split('?')[0] ?? '';
    if (open.has(path) || timingSafeEqual(digest(given(request.headers.authorization)), expected)) return done();
    // Of what follows nothing is read.
    reply.header('www-authenticate', 'Bearer').header('connection', 'close');
    done(new TalkpathError('TP_ERR_ADMIN_TOKEN', 'Expected Authorization: Bearer with the token of admin.token'));
  };
}

const given = (authorization = ''): string => /^bearer +(.+)$/i.exec(authorization)?.[1] ?? '';
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
