import { levelDbfs } from '../audio-measure.js';
import { within } from '../deadline.js';
import type { PhoneCall } from '../sip/phone-call.js';
import type { HeardPacket } from '../sip/rtp-recording.js';

const audibleDbfs = -45;

/** When the agent is next heard, in milliseconds of this process. */
export async function agentSpeaks(call: PhoneCall, withinMs: number): Promise<number> {
  const packet = await within(
    withinMs,
    'the agent speaks',
    call.heard.next((_, samples) => levelDbfs(samples) > audibleDbfs),
  );
  return packet.arrivedMs;
}

/** When the agent was last heard, once it has been silent for `silentMs`. */
export async function agentStops(call: PhoneCall, silentMs: number, withinMs: number): Promise<number> {
  let lastHeardMs = Number.NaN;
  const silentEnough = (packet: HeardPacket, samples: Int16Array): boolean => {
    if (levelDbfs(samples) > audibleDbfs || Number.isNaN(lastHeardMs)) lastHeardMs = packet.arrivedMs;
    return packet.arrivedMs - lastHeardMs >= silentMs;
  };
  await within(withinMs, `the agent is silent for ${silentMs} ms`, call.heard.next(silentEnough));
  return lastHeardMs;
}
