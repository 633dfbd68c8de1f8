/** talkpath as a library: settings in, a running server out. */

export { type ErrorCode, TalkpathError } from './base/errors.js';
export { createLog, type Log, silentLog } from './base/log.js';
export { loadSettings, parseSettings } from './config/load.js';
export type { Settings } from './config/schema.js';
export type { Provider, ProviderEvent, ProviderSession } from './providers/provider.js';
export { type RunningServer, startServer } from './server.js';
