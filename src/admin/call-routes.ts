import { z } from 'zod';
import type { AdminOptions } from './admin.js';
import type { App } from './app.js';
import { callView, registrationBody } from './call-schemas.js';
import { registrationFromForm } from './registration-form.js';

const uuid = z.object({
  uuid: z.string().regex(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, 'Expected a UUID such as 40325ec2-5efd-4bd3-805f-53576e581d13'),
});
const failure = z.object({ error: z.string() });
const tags = ['calls'];

export function callRoutes(app: App, { settings, registry, announce, hangUp }: AdminOptions): void {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, registrationFromForm(body as string)),
  );

  // PUT for programs, POST for a dialplan's CURL(), which knows no PUT.
  app.route({
    method: ['PUT', 'POST'],
    url: '/v1/calls/:uuid',
    schema: {
      summary: 'Announce a call that will come within 30 s, and what it is to be set up with',
      tags,
      params: uuid,
      body: registrationBody.nullish(),
      response: { 201: z.object({ callId: z.string() }), 400: failure, 409: failure, 429: failure },
    },
    handler: async (request, reply) => {
      const callId = request.params.uuid.toLowerCase();
      const { provider, profile, context, caller, variables } = request.body ?? registrationBody.parse({});
      const named = {
        provider: [provider, settings.providers],
        profile: [profile, settings.profiles],
        context: [context, settings.contexts],
      } as const;
      for (const [field, [name, known]] of Object.entries(named)) {
        if (name === undefined || Object.hasOwn(known, name)) continue;
        const names = Object.keys(known).join(', ') || 'none, as the configuration has none';
        return reply.code(400).send({ error: `Expected one of ${names} for ${field} but received "${name}"` });
      }
      switch (await announce(callId, { provider, profile, context, caller, variables })) {
        case 'announced':
          return reply.code(201).send({ callId });
        case 'call-exists':
          return reply.code(409).send({ error: `There is or was a call ${callId}; use a fresh UUID for each call` });
        case 'too-many':
          return reply.code(429).send({ error: '1000 announced calls have not come yet; each waits 30 s. Announce a call just before it is placed' });
      }
    },
  });

  app.get(
    '/v1/calls',
    {
      schema: {
        summary: 'Calls at hand and the last that ended, newest first',
        tags,
        querystring: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(100) }),
        response: { 200: z.object({ calls: z.array(callView) }), 400: failure },
      },
    },
    (request) => ({ calls: registry.views(request.query.limit) as z.input<typeof callView>[] }),
  );

  app.get(
    '/v1/calls/:uuid',
    { schema: { summary: 'One call: state, transcript, turns, audio', tags, params: uuid, response: { 200: callView, 400: failure, 404: failure } } },
    async (request, reply) => {
      const view = registry.view(request.params.uuid.toLowerCase());
      if (!view) return reply.code(404).send({ error: `No call ${request.params.uuid} is known; GET /v1/calls lists those that are` });
      return reply.send(view as z.input<typeof callView>);
    },
  );

  app.get(
    '/v1/calls/:uuid/disposition',
    {
      schema: {
        summary: 'What the dialplan should do now: live, completed, transfer or failed, as plain text',
        tags,
        params: uuid,
      },
    },
    async (request, reply) => {
      const view = registry.view(request.params.uuid.toLowerCase());
      return reply
        .code(view ? 200 : 404)
        .type('text/plain')
        .send(view?.disposition ?? 'unknown');
    },
  );

  app.post(
    '/v1/calls/:uuid/hangup',
    {
      schema: {
        summary: 'Hang a call up; the dialplan goes on behind AudioSocket()',
        tags,
        params: uuid,
        response: { 202: z.object({ callId: z.string() }), 400: failure, 404: failure },
      },
    },
    async (request, reply) => {
      const callId = request.params.uuid.toLowerCase();
      if (!registry.isAtHand(callId)) return reply.code(404).send({ error: `No call ${callId} is at hand; GET /v1/calls lists those that are` });
      hangUp(callId);
      return reply.code(202).send({ callId });
    },
  );
}
