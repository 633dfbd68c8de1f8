import type { Clock } from '../../base/clock.js';
import { type ErrorCode, TalkpathError } from '../../base/errors.js';
import type { Limits } from '../../config/providers.js';
import { ProviderError } from '../network/provider-error.js';
import type { ConnectOptions, Provider, ProviderAbilities, ProviderEvent, ProviderSession } from '../provider.js';
import { type BudgetName, type Budgets, sliceSeconds } from './budgets.js';
import { Circuit, type CircuitName, type Trial } from './circuit.js';
import { WatchedSession } from './watched-session.js';

export interface GuardOptions {
  /** Undefined for what runs on this machine: it has limits of its own. */
  readonly limits: Limits | undefined;
  readonly clock: Clock;
  /** What calls with this provider may spend; undefined when it costs nothing. */
  readonly budgets: Budgets | undefined;
  /** Switched off by the operator: no call is given to it any more; those that are with it stay. */
  readonly isOff: () => boolean;
}

/** What is known of a provider without asking it. */
export interface GuardState {
  readonly sessions: number;
  readonly circuit: CircuitName;
  /** What it last failed with, and when (of the monotonic clock). */
  readonly lastFailure: { readonly code: ErrorCode; readonly atMs: number } | undefined;
}

/** Times that no reply takes which is still of use. */
const unlimited: Limits = { connect_ms: 60_000, first_audio_ms: 60_000, idle_ms: 60_000, max_calls: 10_000, failures_to_open: 100, open_s: 1 };

/** A session that has not been asked for anything for so long has shown that it can be had. */
const provenAfterMs = 5000;

/**
 * A provider that is not asked for more than it can give: so many sessions, none while it keeps failing, each within
 * its time, none without a budget. Whatever it refuses it refuses at once. One a provider, for all calls.
 */
export class GuardedProvider implements Provider {
  readonly name: string;
  readonly abilities: ProviderAbilities;
  readonly #provider: Provider;
  readonly #options: GuardOptions & { readonly limits: Limits };
  readonly #circuit: Circuit;
  #sessions = 0;
  /** The service has asked to be left alone, or knows us and refuses: with what, and until when. */
  #refusal: { readonly error: ProviderError; readonly untilMs: number } | undefined;
  #lastFailure: GuardState['lastFailure'];

  constructor(provider: Provider, options: GuardOptions) {
    this.name = provider.name;
    this.abilities = provider.abilities;
    this.#provider = provider;
    this.#options = { ...options, limits: options.limits ?? unlimited };
    this.#circuit = new Circuit({
      clock: options.clock,
      failures: this.#options.limits.failures_to_open,
      openMs: this.#options.limits.open_s * 1000,
    });
  }

  get state(): GuardState {
    return { sessions: this.#sessions, circuit: this.#circuit.state, lastFailure: this.#lastFailure };
  }

  /** Whether a call would be taken now, as far as is known without trying. */
  get admits(): boolean {
    return this.#refusalNow() === undefined && this.#circuit.admits;
  }

  /** Whether it has limits, and takes from the budgets, as services do. */
  get isLimited(): boolean {
    return this.#options.limits !== unlimited;
  }

  get canProbe(): boolean {
    return this.#provider.probe !== undefined;
  }

  /**
   * Asks the service, whatever the guard thinks of it. A refusal that is over is forgotten, but for the time that it
   * has asked for itself: what a probe asks may be let through all the same. A circuit is left as it is.
   */
  async probe(signal: AbortSignal): Promise<void> {
    try {
      await this.#provider.probe?.(signal);
      if (this.#refusal?.error.retryAfterMs === undefined) this.#refusal = undefined;
    } catch (error) {
      if (!signal.aborted) this.#note(error);
      throw error;
    }
  }

  async connect(options: ConnectOptions): Promise<ProviderSession> {
    const refused = this.#refusalNow();
    if (refused) throw refused;
    const { budgets } = this.#options;
    const lacking = budgets?.lacks(options.call.caller.number);
    if (lacking) throw spentError(this.name, lacking);
    options.signal.throwIfAborted();
    const trial = this.#circuit.begin();
    if (!trial) throw new ProviderError('TP_ERR_PROVIDER_BUSY', `${this.name} keeps failing and is left alone for a while`);
    this.#sessions += 1;
    return this.#open(options, trial);
  }

  async #open(options: ConnectOptions, trial: Trial): Promise<ProviderSession> {
    const { limits, clock } = this.#options;
    const abort = new AbortController();
    let pending: Trial | undefined = trial;
    const shown = (works: boolean): void => {
      const latest = pending ?? this.#circuit.begin();
      pending = undefined;
      if (works) latest?.succeeded();
      else latest?.failed();
    };
    let isOver = false;
    let lost: TalkpathError | undefined;
    const over = (): void => {
      if (isOver) return;
      isOver = true;
      this.#sessions -= 1;
      stopSlices();
      stopWaiting();
      options.signal.removeEventListener('abort', over);
    };
    const watched: WatchedSession = new WatchedSession({
      name: this.name,
      limits,
      clock,
      on: options.on,
      onProven: () => shown(true),
      onFailed: (event) => {
        this.#failed(event);
        shown(event.code === 'TP_ERR_BUDGET_SPENT' || event.expired === true);
        if (event.turn !== undefined) return;
        lost = new TalkpathError(event.code, event.message);
        over();
      },
    });
    let stopWaiting = clock.after(limits.connect_ms, () => {
      abort.abort(new ProviderError('TP_ERR_PROVIDER_TIMEOUT', `${this.name} gave no session within ${limits.connect_ms} ms`));
    });
    let stopSlices = (): void => {};
    options.signal.addEventListener('abort', over);
    try {
      watched.attach(await this.#connectWithin(options, watched, abort.signal));
    } catch (error) {
      over();
      if (options.signal.aborted) trial.abandoned();
      else {
        this.#note(error);
        shown(false);
      }
      throw error;
    }
    if (isOver) {
      pending?.abandoned();
      watched.close();
      throw lost ?? options.signal.reason;
    }
    // What was refused costs nothing.
    stopSlices = this.#takeSlices(options, watched);
    stopWaiting();
    stopWaiting = clock.after(provenAfterMs, () => pending && shown(true));
    return {
      sendAudio: (audio, speaking) => watched.sendAudio(audio, speaking),
      requestReply: (turn, cause, last) => watched.requestReply(turn, cause, last),
      cancelReply: (turn, heard) => watched.cancelReply(turn, heard),
      answerTool: (id, answer) => watched.answerTool(id, answer),
      close: () => {
        pending?.abandoned();
        pending = undefined;
        over();
        watched.close();
      },
    };
  }

  /** Rejects when the time is up, whatever the provider does; a session that comes later is closed. */
  #connectWithin(options: ConnectOptions, watched: WatchedSession, timeUp: AbortSignal): Promise<ProviderSession> {
    const signal = AbortSignal.any([options.signal, timeUp]);
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(options.signal.reason);
      signal.addEventListener('abort', () => reject(timeUp.aborted ? timeUp.reason : options.signal.reason), { once: true });
      const connect = async (): Promise<ProviderSession> => this.#provider.connect({ ...options, signal, on: (event) => watched.take(event) });
      connect().then((session) => {
        if (signal.aborted) session.close();
        else resolve(session);
      }, reject);
    });
  }

  /** Takes from the budgets as the session lasts; ends it when there is nothing left. */
  #takeSlices({ call }: ConnectOptions, watched: WatchedSession): () => void {
    const { budgets, clock } = this.#options;
    if (!budgets) return () => {};
    let cancel: () => void = () => {};
    const next = (): void => {
      const spent = budgets.takeSlice(call.caller.number);
      if (spent) {
        const { code, message } = spentError(this.name, spent);
        watched.take({ type: 'failed', code, message, retryable: false });
      } else cancel = clock.after(sliceSeconds * 1000, next);
    };
    next();
    return () => cancel();
  }

  #refusalNow(): TalkpathError | undefined {
    const { limits, clock, isOff } = this.#options;
    if (isOff()) return new TalkpathError('TP_ERR_PROVIDER_OFF', `${this.name} is switched off`);
    if (this.#refusal && clock.nowMs() < this.#refusal.untilMs) return this.#refusal.error;
    if (this.#sessions >= limits.max_calls)
      return new ProviderError('TP_ERR_PROVIDER_BUSY', `${this.name} has ${this.#sessions} calls, as many as its limits.max_calls allows`);
    return undefined;
  }

  /** Of a session's life. A reply that the service will not give is that call's affair, unless it knows us no more. */
  #failed({ turn, code, message, retryAfterMs, expired }: Extract<ProviderEvent, { type: 'failed' }>): void {
    if (code === 'TP_ERR_BUDGET_SPENT' || expired) return;
    const isOfAllCalls =
      code === 'TP_ERR_PROVIDER_REFUSED' || code === 'TP_ERR_PROVIDER_BUSY' || (turn === undefined && code === 'TP_ERR_PROVIDER_REQUEST');
    this.#note(isOfAllCalls ? new ProviderError(code, message, { retryAfterMs }) : new TalkpathError(code, message));
  }

  /** What a failure means for the next calls. */
  #note(error: unknown): void {
    const { limits, clock } = this.#options;
    const code = error instanceof TalkpathError ? error.code : 'TP_ERR_PROVIDER_CONNECT';
    this.#lastFailure = { code, atMs: clock.nowMs() };
    if (!(error instanceof ProviderError)) return;
    const waitMs = error.retryAfterMs ?? (error.isRetryable ? 0 : limits.open_s * 1000);
    const untilMs = clock.nowMs() + waitMs;
    // A time that the service has named stands, whatever it says before that is over.
    const isNamed = this.#refusal?.error.retryAfterMs !== undefined && this.#refusal.untilMs >= untilMs;
    if (waitMs > 0 && !isNamed) this.#refusal = { error, untilMs };
  }
}

const spentError = (name: string, budget: BudgetName): TalkpathError =>
  new TalkpathError('TP_ERR_BUDGET_SPENT', `${name} is not used any more: budgets.${budget}_minutes is spent for now`);
