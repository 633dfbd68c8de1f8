import { z } from 'zod';
import { TalkpathError } from '../base/errors.js';
import { mostWaiting } from '../call/announcements.js';
import { unknownNames } from '../config/known-names.js';
import type { AdminOptions } from './admin.js';
import type { App } from './app.js';
import { callView, registrationBody } from './call-schemas.js';
import { failure, failures } from './failure.js';
import { registrationFromForm } from './registration-form.js';

const uuid = z.object({
  uuid: z.string().regex(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, 'a UUID such as 40325ec2-5efd-4bd3-805f-53576e581d13'),
});
const limit = 'integer between 1 and 1000';
const tags = ['calls'];
const mistake = failure.describe('A field cannot have its value');
const unknown = failure.describe('No such call');
const asText = <T extends z.ZodType>(schema: T, description: string) => ({ description, content: { 'text/plain': { schema } } });

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
      response: {
        201: z.object({ callId: z.string() }),
        400: mistake,
        409: failure.describe('There is or was such a call'),
        503: failure.describe('No call is taken any more'),
        429: failure.describe('As many announced calls have not come yet as may wait'),
        ...failures,
      },
    },
    handler: async (request, reply) => {
      const callId = request.params.uuid.toLowerCase();
      const { provider, profile, context, caller, variables } = request.body ?? registrationBody.parse({});
      const [wrong] = unknownNames(settings, { provider, profile, context });
      if (wrong) {
        const names = wrong.known.join(', ') || 'none, as the configuration has none';
        throw new TalkpathError('TP_ERR_ADMIN_REQUEST', `Expected one of ${names} for ${wrong.field} but received "${wrong.name}"`);
      }
      switch (await announce(callId, { provider, profile, context, caller, variables })) {
        case 'announced':
          return reply.code(201).send({ callId });
        case 'call-exists':
          throw new TalkpathError('TP_ERR_CALL_EXISTS', `There is or was a call ${callId}`);
        case 'shutting-down':
          throw new TalkpathError('TP_ERR_SHUTTING_DOWN', 'talkpath is being stopped and takes no more calls');
        case 'too-many':
          throw new TalkpathError('TP_ERR_CALLS_WAITING', `Expected at most ${mostWaiting} announced calls that have not come yet`);
      }
    },
  });

  app.get(
    '/v1/calls',
    {
      schema: {
        summary: 'Calls at hand and the last that ended, newest first',
        tags,
        querystring: z.object({ limit: z.coerce.number(limit).int(limit).min(1, limit).max(1000, limit).default(100) }),
        response: { 200: z.object({ calls: z.array(callView) }), 400: mistake, ...failures },
      },
    },
    (request) => ({ calls: registry.views(request.query.limit) as z.input<typeof callView>[] }),
  );

  app.get(
    '/v1/calls/:uuid',
    {
      schema: {
        summary: 'One call: state, transcript, turns, audio',
        tags,
        params: uuid,
        response: { 200: callView, 400: mistake, 404: unknown, ...failures },
      },
    },
    async (request, reply) => {
      const view = registry.view(request.params.uuid.toLowerCase());
      if (!view) throw new TalkpathError('TP_ERR_CALL_UNKNOWN', `No call ${request.params.uuid} is known`);
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
        response: {
          200: asText(z.enum(['live', 'completed', 'transfer', 'failed']), 'What to do'),
          404: asText(z.literal('unknown'), 'No such call, said as plain text too'),
          400: mistake,
          ...failures,
        },
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
        response: { 202: z.object({ callId: z.string() }), 400: mistake, 404: unknown, ...failures },
      },
    },
    async (request, reply) => {
      const callId = request.params.uuid.toLowerCase();
      if (!registry.isAtHand(callId)) throw new TalkpathError('TP_ERR_CALL_UNKNOWN', `No call ${callId} is at hand`);
      hangUp(callId);
      return reply.code(202).send({ callId });
    },
  );
}
