import { z } from 'zod';
import { exactly, flag, headerText, integer, mapOf, oneOf, section, text, url } from './fields.js';
import { objectSchema } from './json-schema.js';

/** What the agent may do, as it is set. docs/tools.md tells what each means; a test compares docs/configuration.md. */

/** What every call can do by itself; no setting makes them. */
export const callToolNames = ['hang_up', 'transfer', 'send_digits'] as const;

/** What makes one run of a tool the same as another: that it is of one call, or its arguments too; a look-up is never the same. */
export const oncePer = ['arguments', 'call', 'none'] as const;

/** They are what a request is made of, and no setting's to say. */
const reservedHeaders = [
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'idempotency-key',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

const headerName = () => {
  const what = { error: () => `name of a header other than ${reservedHeaders.join(', ')}` };
  return z.string(what).refine((name) => /^[\w!#$%&'*+.^`|~-]{1,64}$/.test(name) && !reservedHeaders.includes(name.toLowerCase()), what);
};

const tool = section({
  type: exactly('webhook'),
  description: text(2000),
  url: url('http', 'https'),
  method: oneOf(['POST', 'GET', 'PUT']).default('POST'),
  headers: z.record(headerName(), headerText(), { error: () => 'mapping' }).default({}),
  parameters: objectSchema.prefault({ type: 'object' }),
  send_caller: flag().default(false),
  timeout_ms: integer(100, 60_000).default(5000),
  retries: integer(0, 10).default(2),
  retry_ms: integer(10, 60_000).default(300),
  safe_to_repeat: flag().default(false),
  once_per: oneOf(oncePer).default('arguments'),
}).superRefine(({ method, send_caller, safe_to_repeat, once_per }, { addIssue }) => {
  if (method === 'GET' && send_caller)
    addIssue({ code: 'custom', path: ['send_caller'], input: true, message: 'false, as a GET has no body to put it in,' });
  if (once_per === 'none' && !safe_to_repeat)
    addIssue({ code: 'custom', path: ['once_per'], input: once_per, message: 'arguments or call, as safe_to_repeat is false,' });
});

const toolName = () => {
  const what = { error: () => `name of 1 to 64 letters, digits, - or _, other than ${callToolNames.join(', ')}` };
  const names: readonly string[] = callToolNames;
  return z.string(what).refine((name) => /^[\w-]{1,64}$/.test(name) && !names.includes(name), what);
};

/** A name of Asterisk's dialplan, within Asterisk's own bounds. */
const dialplanContext = () => {
  const what = { error: () => 'text of 1 to 79 letters, digits and . _ -' };
  return z.string(what).regex(/^[\w.-]{1,79}$/, what);
};
const dialplanExtension = () => {
  const what = { error: () => 'text of 1 to 79 letters, digits and . _ * # + -' };
  return z.string(what).regex(/^[\w.*#+-]{1,79}$/, what);
};

const destination = section({
  description: text(500),
  context: dialplanContext().optional(),
  extension: dialplanExtension().optional(),
  priority: integer(1, 10_000).optional(),
}).superRefine(({ context, extension }, { addIssue }) => {
  // A place in the dialplan is both; with neither the dialplan decides.
  if (context === undefined && extension !== undefined)
    addIssue({ code: 'custom', path: ['context'], input: context, message: 'text of 1 to 79 letters, digits and . _ -, as there is an extension,' });
  if (extension === undefined && context !== undefined)
    addIssue({
      code: 'custom',
      path: ['extension'],
      input: extension,
      message: 'text of 1 to 79 letters, digits and . _ * # + -, as there is a context,',
    });
});

export const tools = z.record(toolName(), tool, { error: () => 'mapping' });
export const transfer = section({ destinations: mapOf(destination).default({}) });
export const journal = section({ folder: text(4000).optional() });

export type WebhookSettings = z.infer<typeof tool>;
export type TransferSettings = z.infer<typeof transfer>;
export type Destination = z.infer<typeof destination>;
