import { activeIntervals } from '../audio-measure.js';
import { eventually } from '../deadline.js';
import type { PhoneCall } from '../sip/phone-call.js';
import { silence } from '../sound.js';
import { strongestHz } from '../spectrum.js';

/** The frequency that the dialplan plays once it has the call back. */
export async function dialplanHz(call: PhoneCall): Promise<number> {
  return eventually(4000, 'a tone of the dialplan', async () => {
    const { fromMs, toMs } = await call.play(silence(400, call.rateHz));
    const { samples, rateHz } = call.heard.sound(fromMs, toMs);
    const [interval] = activeIntervals(samples, rateHz);
    return interval !== undefined && interval.toMs - interval.fromMs > 350 && strongestHz(samples, rateHz);
  });
}
