import { z } from 'zod';
import { TalkpathError } from '../base/errors.js';
import { flag, name, section } from '../config/fields.js';
import type { AdminOptions } from './admin.js';
import type { App } from './app.js';
import { failure, failures } from './failure.js';

const tags = ['providers'];
const mistake = failure.describe('A field cannot have its value');
const unknown = failure.describe('No such provider');

const providerView = z.object({
  name: z.string(),
  type: z.string(),
  condition: z.enum(['works', 'fails', 'off', 'missing']),
  sessions: z.number(),
  circuit: z.enum(['closed', 'open', 'half-open']),
  lastFailure: z.object({ code: z.string(), agoMs: z.number() }).optional(),
  probe: z.object({ works: z.boolean(), agoMs: z.number(), tookMs: z.number(), code: z.string().optional() }).optional(),
});

const ladderView = z.object({
  chain: z.array(z.string()).meta({ description: 'default_provider and fallback, the best first' }),
  from: z.string().nullable().meta({ description: 'The provider from which calls begin; null is the top' }),
  level: z.number().meta({ description: 'The first of the chain that works and from which calls begin; its length when none does' }),
});

/** What an operator sees of the providers, and does with them. */
export function providerRoutes(app: App, { settings, board, switchProvider, ladder }: AdminOptions): void {
  app.get(
    '/v1/providers',
    {
      schema: {
        summary: 'Every provider: whether it works, its sessions, its last failure',
        tags,
        response: { 200: z.object({ providers: z.array(providerView) }), 400: mistake, ...failures },
      },
    },
    () => ({ providers: [...board.statuses] }),
  );

  app.put(
    '/v1/providers/:name',
    {
      schema: {
        summary: 'Switch a provider off for new calls, or on again',
        tags,
        params: z.object({ name: name() }),
        body: section({ off: flag() }),
        response: { 200: providerView, 400: mistake, 404: unknown, ...failures },
      },
    },
    (request) => {
      const { name: provider } = request.params;
      if (!Object.hasOwn(settings.providers, provider)) {
        const names = Object.keys(settings.providers).join(', ');
        throw new TalkpathError('TP_ERR_PROVIDER_UNKNOWN', `No provider is named "${provider}"; there are ${names}`);
      }
      switchProvider(provider, request.body.off);
      return board.statusOf(provider);
    },
  );

  app.get('/v1/ladder', { schema: { summary: 'From where calls begin', tags, response: { 200: ladderView, 400: mistake, ...failures } } }, () =>
    ladder.view(),
  );

  app.put(
    '/v1/ladder',
    {
      schema: {
        summary: 'Have calls begin further down their chain, or at the top again (null)',
        tags,
        body: section({ from: name().nullable() }),
        response: { 200: ladderView, 400: mistake, ...failures },
      },
    },
    (request) => {
      const { from } = request.body;
      if (from !== null && !ladder.steps.includes(from)) {
        throw new TalkpathError('TP_ERR_ADMIN_REQUEST', `Expected null or one of ${ladder.steps.join(', ')} for from but received "${from}"`);
      }
      ladder.set(from ?? undefined);
      return ladder.view();
    },
  );
}
