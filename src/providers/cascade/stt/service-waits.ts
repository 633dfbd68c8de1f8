/** How long a speech-to-text service is waited for. */
export interface ServiceWaits {
  /** Until a session stands. */
  readonly connectMs: number;
  /** Until a request is answered, where the service is asked by requests. */
  readonly answerMs: number;
}

export const standardWaits: ServiceWaits = { connectMs: 3000, answerMs: 3000 };
