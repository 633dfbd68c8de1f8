import { resolveCall } from './call/plan.js';
import type { Settings } from './config/schema.js';
import type { MediaThreadData } from './media-messages.js';

/** What of the settings the media thread is started with. */
export function mediaThreadData(settings: Settings): MediaThreadData {
  const { audiosocket } = settings;
  return {
    audiosocket: {
      host: audiosocket.host,
      port: audiosocket.port,
      allow: audiosocket.allow,
      maxCalls: audiosocket.max_calls,
      maxUnidentified: audiosocket.max_unidentified,
      maxUnidentifiedPerAddress: audiosocket.max_unidentified_per_address,
    },
    defaultSession: audiosocket.require_registration ? undefined : resolveCall(settings, undefined).session,
  };
}
