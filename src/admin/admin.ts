import swagger from '@fastify/swagger';
import Fastify, { type FastifyError } from 'fastify';
import { jsonSchemaTransform, serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { messageOf, TalkpathError } from '../base/errors.js';
import type { Announced, Registration } from '../call/announcements.js';
import type { CallRegistry } from '../call/call-registry.js';
import type { Settings } from '../config/schema.js';
import type { MetricsExporter } from '../metrics/exporter.js';
import type { ProviderBoard } from '../providers/provider-board.js';
import type { Address } from '../transports/transport.js';
import { tokenGuard } from './auth.js';
import { callRoutes } from './call-routes.js';
import { answerFailure, answerNoHttp, longestBodyBytes } from './failure.js';
import { healthRoutes } from './health-routes.js';
import { providerRoutes } from './provider-routes.js';
import { requestCheck } from './request-check.js';

const mostConnections = 100;
/** Whoever takes longer to say what they want keeps a connection from others. */
const requestMs = 5000;

export interface AdminOptions {
  readonly settings: Settings;
  readonly registry: CallRegistry;
  readonly metrics: MetricsExporter;
  readonly ready: () => boolean;
  readonly announce: (callId: string, registration: Registration) => Promise<Announced>;
  readonly hangUp: (callId: string) => void;
  readonly board: ProviderBoard;
  /** Throws TP_ERR_PROVIDER_CONNECT for one that is not there. */
  readonly switchProvider: (name: string, off: boolean) => void;
  readonly ladder: LadderControl;
  /** A request that is right could not be answered. */
  readonly onFault: (error: Error) => void;
}

/** From where calls begin in their chains. */
export interface LadderControl {
  /** Providers that stand in a chain. */
  readonly steps: readonly string[];
  view(): { readonly chain: string[]; readonly from: string | null; readonly level: number };
  set(from: string | undefined): void;
}

export interface Admin {
  /** Rejects with TP_ERR_LISTEN. */
  listen(): Promise<Address>;
  close(): Promise<void>;
}

/** The admin API: what the dialplan, the operator and Prometheus ask. Thread: control. */
export async function createAdmin(options: AdminOptions): Promise<Admin> {
  const { host, port, token } = options.settings.admin;
  const fastify = Fastify({
    logger: false,
    bodyLimit: longestBodyBytes,
    forceCloseConnections: true,
    requestTimeout: requestMs,
    http: { headersTimeout: requestMs, connectionsCheckingInterval: 1000 },
    frameworkErrors: (error, _request, reply) => void answerFailure(error, reply),
    clientErrorHandler: answerNoHttp,
  });
  const app = fastify.withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(requestCheck);
  app.setSerializerCompiler(serializerCompiler);
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'talkpath', description: 'Calls, health and metrics of a talkpath server', version: '1' } },
    transform: jsonSchemaTransform,
  });
  if (token !== undefined) app.addHook('onRequest', tokenGuard(token));
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const answered = answerFailure(error, reply);
    if (reply.statusCode >= 500) options.onFault(error);
    return answered;
  });
  app.setNotFoundHandler((request) => {
    throw new TalkpathError('TP_ERR_ADMIN_ROUTE', `No route ${request.method} ${request.url.split('?')[0]}`);
  });
  healthRoutes(app, options);
  callRoutes(app, options);
  providerRoutes(app, options);
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());

  return {
    async listen() {
      try {
        // Whoever holds connections here must not take the calls' descriptors.
        app.server.maxConnections = mostConnections;
        await app.listen({ host, port });
      } catch (error) {
        throw new TalkpathError('TP_ERR_LISTEN', `admin cannot listen on ${host}:${port}: ${messageOf(error)}`, { cause: error });
      }
      const address = app.server.address();
      return typeof address === 'object' && address ? { host: address.address, port: address.port } : { host, port };
    },
    close: () => app.close(),
  };
}
