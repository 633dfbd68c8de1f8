import { TalkpathError } from '../base/errors.js';
import type { Tier } from '../models/catalogue.js';

/** The voices of each tier, its default first: of flite's the one that recognisers understand best, of Kokoro's the one its makers grade best. */
export const voices = {
  light: ['rms', 'slt', 'awb', 'kal16'],
  neural: ['heart', 'bella', 'michael', 'fenrir', 'puck'],
} as const satisfies Record<Tier, readonly string[]>;

/** The tier that has the voice, if one has. */
export function tierOfVoice(voice: string): Tier | undefined {
  return (['light', 'neural'] as const).find((tier) => (voices[tier] as readonly string[]).includes(voice));
}

/** The voice to use in a tier. Throws TP_ERR_USAGE for one that the tier does not have. */
export function voiceFor(tier: Tier, voice: string | undefined): string {
  if (voice === undefined) return voices[tier][0];
  if (tierOfVoice(voice) === tier) return voice;
  throw new TalkpathError('TP_ERR_USAGE', `Expected one of ${voices[tier].join(', ')} for the voice of tier ${tier} but received "${voice}"`);
}
