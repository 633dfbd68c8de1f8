import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime';

/** What a message to the service is about; it stands in the message's id, which comes back with an error about it. */
export type Subject = 'session' | 'item' | 'commit' | 'create' | 'cancel' | 'cut';

export type Send = (event: RealtimeClientEvent) => void;

/** Ids of our messages, each used once. */
export class EventIds {
  #last = 0;

  next(subject: Subject): string {
    this.#last += 1;
    return `${subject}-${this.#last}`;
  }
}

/** Whether an error came of a message about one of these. */
export const isAbout = (eventId: string | undefined, ...subjects: readonly Subject[]): boolean =>
  subjects.some((subject) => eventId?.startsWith(`${subject}-`));
