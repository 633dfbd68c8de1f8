import { z } from 'zod';
import type { AdminOptions } from './admin.js';
import type { App } from './app.js';
import { failures } from './failure.js';

export function healthRoutes(app: App, { ready, metrics }: AdminOptions): void {
  app.get(
    '/healthz',
    { schema: { summary: 'The process lives', tags: ['health'], response: { 200: z.object({ status: z.literal('ok') }) } } },
    () => ({ status: 'ok' as const }),
  );
  app.get(
    '/readyz',
    {
      schema: {
        summary: 'Calls are taken',
        tags: ['health'],
        response: { 200: z.object({ status: z.literal('ready') }), 503: z.object({ status: z.literal('not ready') }) },
      },
    },
    async (_request, reply) => (ready() ? reply.send({ status: 'ready' as const }) : reply.code(503).send({ status: 'not ready' as const })),
  );
  app.get(
    '/metrics',
    {
      schema: {
        summary: 'Metrics for Prometheus, as OpenMetrics',
        tags: ['health'],
        response: { 200: { description: 'All metrics', content: { 'application/openmetrics-text': { schema: z.string() } } }, ...failures },
      },
    },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.render()),
  );
}
