import type { Clock } from '../../base/clock.js';
import type { Limits } from '../../config/providers.js';
import type { EventIds, Send } from './client-event.js';
import { labelKey } from './protocol.js';
import type { Reply } from './reply.js';
import { Response } from './response.js';

export interface ResponseLineOptions {
  readonly send: Send;
  readonly ids: EventIds;
  readonly clock: Clock;
  readonly limits: Pick<Limits, 'first_audio_ms' | 'idle_ms'>;
  /** A response that we do not want does not end, and another waits for it. */
  readonly onStuck: () => void;
}

interface Wanted {
  readonly reply: Reply;
  readonly instructions: string | undefined;
  readonly isRetry: boolean;
}

/** A response of the service that nobody here has asked for, or asks for any more; with its id when that is known. */
interface Stray {
  readonly id: string | undefined;
}

/**
 * The service makes one response at a time, and refuses another until that one is done: what is wanted next waits here
 * until what was cancelled has ended.
 */
export class ResponseLine {
  readonly #options: ResponseLineOptions;
  #active: Response | undefined;
  #stray: Stray | undefined;
  #next: Wanted | undefined;
  #stopWaiting: () => void = () => {};

  constructor(options: ResponseLineOptions) {
    this.#options = options;
  }

  /** Wants a response for a reply, in place of any other. */
  ask(reply: Reply, instructions: string | undefined): void {
    this.cancel();
    this.#next = { reply, instructions, isRetry: false };
    this.advance();
  }

  /** Wants no response any more. */
  cancel(): void {
    this.#next = undefined;
    this.#stopWaiting();
    const active = this.#active;
    if (!active || active.isCancelled) return;
    active.isCancelled = true;
    // One that has not begun cannot be cancelled: the service would say so, and begin it.
    if (active.id !== undefined) this.#sendCancel(active.id);
  }

  /** A response has begun. */
  created(id: string, label: string | undefined): void {
    const active = this.#active;
    if (active && active.id === undefined && label === active.label) {
      active.id = id;
      if (active.isCancelled) this.#sendCancel(id);
    } else {
      this.#stray = { id };
      this.#sendCancel(id);
    }
    this.advance();
  }

  /** The response with this id, cancelled or not. */
  of(id: string): Response | undefined {
    return this.#active?.id === id ? this.#active : undefined;
  }

  /** A response has ended, and what is wanted next is asked for. */
  done(id: string): void {
    if (this.#active?.id === id) {
      this.#active = undefined;
      this.#stopWaiting();
    } else if (this.#stray && (this.#stray.id === undefined || this.#stray.id === id)) {
      this.#stray = undefined;
    }
    this.advance();
  }

  /** An error may be the answer to the last request. Returns the response that it refuses. */
  refused(eventId: string | undefined): Response | undefined {
    const active = this.#active;
    if (!active || active.id !== undefined || (eventId !== undefined && eventId !== active.label)) return undefined;
    this.#active = undefined;
    this.#stopWaiting();
    return active;
  }

  /** The request was refused because of a response that we did not know of: that one has to end first. */
  askAgain({ reply, instructions, isCancelled }: Response): void {
    if (!this.#stray) {
      this.#stray = { id: undefined };
      this.#sendCancel(undefined);
    }
    if (!isCancelled) this.#next = { reply, instructions, isRetry: true };
    this.advance();
  }

  /** The service has nothing to cancel: no response is in the way. */
  nothingToCancel(): void {
    if (this.#stray?.id !== undefined) return;
    this.#stray = undefined;
    this.advance();
  }

  /** Nothing is waited for any more. */
  close(): void {
    this.#active = undefined;
    this.#next = undefined;
    this.#stopWaiting();
  }

  /** Asks for what is wanted next, if nothing is in the way. */
  advance(): void {
    const { send, ids, clock, limits, onStuck } = this.#options;
    const next = this.#next;
    if (!next) return;
    this.#stopWaiting();
    if (this.#active || this.#stray) {
      const isToBegin = this.#active && this.#active.id === undefined;
      this.#stopWaiting = clock.after(isToBegin ? limits.first_audio_ms : limits.idle_ms, onStuck);
      return;
    }
    this.#next = undefined;
    const response = new Response({ ...next, label: ids.next('create'), askedMs: clock.nowMs() });
    this.#active = response;
    const { label, instructions, reply } = response;
    send({
      type: 'response.create',
      event_id: label,
      response: {
        metadata: { [labelKey]: label },
        ...(instructions !== undefined && { instructions }),
        ...(reply.isLastRound && { tool_choice: 'none' }),
      },
    });
  }

  #sendCancel(id: string | undefined): void {
    this.#options.send({ type: 'response.cancel', event_id: this.#options.ids.next('cancel'), ...(id !== undefined && { response_id: id }) });
  }
}
