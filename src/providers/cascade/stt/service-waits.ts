/** How long a speech-to-text service is waited for. */
export interface ServiceWaits {
  /** Until a session stands. */
  readonly connectMs: number;
}

export const standardWaits: ServiceWaits = { connectMs: 3000 };
