import { createHash, timingSafeEqual } from 'node:crypto';
import type { onRequestHookHandler } from 'fastify';

const open = new Set(['/healthz', '/readyz']);

/** Asks for `Authorization: Bearer <token>` on everything but the health checks. */
export function tokenGuard(token: string): onRequestHookHandler {
  const expected = digest(`Bearer ${token}`);
  return (request, reply, done) => {
    const path = request.url.split('?')[0] ?? '';
    if (open.has(path) || timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) return done();
    void reply.code(401).header('www-authenticate', 'Bearer').send({ error: 'Expected Authorization: Bearer with the token of admin.token' });
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
