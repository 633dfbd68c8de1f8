/** What an operator said of a call before it came. */
export interface Registration {
  readonly provider?: string | undefined;
  readonly profile?: string | undefined;
  readonly context?: string | undefined;
  readonly caller: { readonly number?: string | undefined; readonly name?: string | undefined };
  readonly variables: Readonly<Record<string, string>>;
}

/** What became of an announcement: there is or was a call of that id, as many wait as may, or no call is taken any more. */
export type Announced = 'announced' | 'call-exists' | 'too-many' | 'shutting-down';

/** The longest texts of a registration, in characters. */
export const longest = { number: 64, name: 256, variableName: 64, variable: 4096 } as const;

export const announcementLifeMs = 30_000;
export const mostWaiting = 1000;

/**
 * What was said of calls that have not come yet, by the number of the announcement. The media thread alone decides
 * whether a call uses one up or it expires, so that both threads always agree. Thread: control.
 */
export class Announcements {
  readonly #waiting = new Map<number, Registration>();
  #last = 0;

  /** Returns the number, or undefined when there are as many as may wait. */
  add(registration: Registration): number | undefined {
    if (this.#waiting.size >= mostWaiting) return undefined;
    this.#last += 1;
    this.#waiting.set(this.#last, registration);
    return this.#last;
  }

  /** It is used up by its call, has expired, or was replaced by a later one. */
  take(announcement: number): Registration | undefined {
    const registration = this.#waiting.get(announcement);
    this.#waiting.delete(announcement);
    return registration;
  }
}
