/**
 * Who may import what, by folder or file below src/. A target names a file or a folder with all below it; what is
 * not listed here may not be imported across folders. docs/architecture.md tells the same in words.
 */
export interface ImportRule {
  readonly who: string;
  readonly mayImport: readonly string[];
}

const transportInterface = 'transports/transport';
const providerInterface = 'providers/provider';

export const importRules: readonly ImportRule[] = [
  { who: 'base', mayImport: [] },
  { who: 'conversation', mayImport: [] },
  { who: 'config', mayImport: ['base'] },
  { who: 'native', mayImport: ['base'] },
  { who: 'models', mayImport: ['base'] },
  { who: 'inference', mayImport: ['base', 'models'] },
  { who: 'transports', mayImport: ['base'] },
  { who: 'transports/audiosocket', mayImport: ['base', transportInterface] },
  { who: 'providers', mayImport: ['base'] },
  { who: 'providers/echo', mayImport: ['base', providerInterface] },
  {
    who: 'providers/cascade',
    mayImport: ['base', 'config/providers', providerInterface, 'providers/call-facts', 'providers/network', 'models', 'inference'],
  },
  { who: 'providers/person', mayImport: ['base', providerInterface] },
  // What all services need, and what is around every provider.
  { who: 'providers/call-facts', mayImport: ['base', providerInterface] },
  { who: 'providers/network', mayImport: ['base'] },
  { who: 'providers/guard', mayImport: ['base', 'config', providerInterface, 'providers/network'] },
  { who: 'providers/provider-board', mayImport: ['base', 'providers/guard'] },
  { who: 'providers/openai-realtime', mayImport: ['base', 'config/providers', providerInterface, 'providers/call-facts', 'providers/network'] },
  { who: 'providers/deepgram-agent', mayImport: ['base', 'config/providers', providerInterface, 'providers/call-facts', 'providers/network'] },
  // Makes every provider from its settings: the composition root of the AI side.
  {
    who: 'providers/registry',
    mayImport: [
      'base',
      'config',
      providerInterface,
      'providers/cascade',
      'providers/echo',
      'providers/openai-realtime',
      'providers/deepgram-agent',
      'providers/person',
      'providers/guard',
      'providers/local-parts',
    ],
  },
  { who: 'providers/local-parts', mayImport: ['base', 'providers/cascade', 'inference', 'models/catalogue'] },
  { who: 'tools', mayImport: ['base', 'config', providerInterface] },
  // The library half: the engine's stages, and nothing of calls.
  { who: 'dsp', mayImport: ['base', 'native'] },
  { who: 'call', mayImport: ['base', 'config', 'conversation', 'native', transportInterface, providerInterface] },
  // A call's registration is what it hears of Asterisk, and what it announces.
  { who: 'asterisk', mayImport: ['base', 'config', 'call/announcements'] },
  { who: 'metrics', mayImport: ['base', 'call', 'native'] },
  { who: 'admin', mayImport: ['base', 'call', 'config', 'metrics', 'native', 'providers/provider-board', transportInterface] },
  { who: 'caller', mayImport: ['base', 'native', 'conversation/transcript', 'transports/audiosocket/frame'] },
  { who: 'media-messages', mayImport: ['native', 'transports/audiosocket', transportInterface] },
  { who: 'media-settings', mayImport: ['config', 'call/plan', 'media-messages'] },
  { who: 'media-link', mayImport: ['base', 'media-messages', transportInterface] },
  { who: 'call-setup', mayImport: ['*'] },
  { who: 'server', mayImport: ['*'] },
  { who: 'media-thread', mayImport: ['*'] },
  { who: 'cli', mayImport: ['*'] },
  { who: 'index', mayImport: ['base', 'config', providerInterface, 'server'] },
];

/** Composition roots, which only the others of them import. */
export const roots = ['server', 'call-setup', 'media-thread', 'cli', 'index'];

/** Modules and packages that stay in these folders or files. */
export const keptIn: Readonly<Record<string, readonly string[]>> = {
  'node:net': ['transports', 'caller', 'asterisk'],
  'node-gyp-build': ['native/addon'],
  'onnxruntime-node': ['inference'],
  'prom-client': ['metrics'],
  fastify: ['admin'],
  ws: ['providers/network'],
  cockatiel: ['providers/guard/circuit'],
  pino: ['base/log'],
  commander: ['cli'],
};

/** Of `node:net`, what only looks at addresses and opens no socket. */
export const pureOfNet = ['isIP', 'isIPv4', 'isIPv6', 'BlockList'];

/** Include rules of native/ and bindings/: the folders whose headers each may include. */
export const includeRules: Readonly<Record<string, readonly string[]>> = {
  'native/base': ['base'],
  'native/queue': ['base', 'queue'],
  'native/dsp': ['base', 'queue', 'dsp'],
  'native/playout': ['base', 'queue', 'playout'],
  'native/session': ['base', 'queue', 'dsp', 'playout', 'session'],
  'native/engine': ['base', 'queue', 'dsp', 'playout', 'session', 'engine'],
  bindings: ['base', 'dsp', 'session', 'engine', 'bindings'],
};
