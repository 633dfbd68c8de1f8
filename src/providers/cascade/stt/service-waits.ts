import { type Limits, standardLimits } from '../../../config/providers.js';

/** How long a speech-to-text service is waited for. */
export interface ServiceWaits {
  /** Until a session stands. */
  readonly connectMs: number;
  /** Until a request is answered, where the service is asked by requests. */
  readonly answerMs: number;
}

export const waitsOf = ({ connect_ms, first_audio_ms }: Limits): ServiceWaits => ({ connectMs: connect_ms, answerMs: first_audio_ms });

export const standardWaits = waitsOf(standardLimits);
