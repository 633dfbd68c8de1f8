import type { Clock } from '../base/clock.js';
import type { ErrorCode } from '../base/errors.js';
import type { GuardedProvider } from './guard/guarded-provider.js';
import type { HealthWatch } from './guard/health-watch.js';

/** `off`: switched off. `missing`: it could not be made ready, or nobody has asked for it yet. */
export type ProviderCondition = 'works' | 'fails' | 'off' | 'missing';

/** What an operator sees of a provider. */
export interface ProviderStatus {
  readonly name: string;
  readonly type: string;
  readonly condition: ProviderCondition;
  readonly sessions: number;
  readonly circuit: 'closed' | 'open' | 'half-open';
  readonly lastFailure: { readonly code: ErrorCode; readonly agoMs: number } | undefined;
  readonly probe: { readonly works: boolean; readonly agoMs: number; readonly tookMs: number; readonly code?: ErrorCode | undefined } | undefined;
}

interface BoardSources {
  /** Every provider of the settings, with its type. */
  readonly types: Readonly<Record<string, string>>;
  readonly guardOf: (name: string) => GuardedProvider | undefined;
  readonly isOff: (name: string) => boolean;
  readonly health: Pick<HealthWatch, 'resultOf'>;
  readonly clock: Clock;
}

/** How every provider is, from its guard and its probes. Thread: control. */
export class ProviderBoard {
  readonly #sources: BoardSources;

  constructor(sources: BoardSources) {
    this.#sources = sources;
  }

  get statuses(): readonly ProviderStatus[] {
    return Object.keys(this.#sources.types).map((name) => this.statusOf(name));
  }

  statusOf(name: string): ProviderStatus {
    const { types, guardOf, health, clock } = this.#sources;
    const guard = guardOf(name);
    const state = guard?.state;
    const probe = health.resultOf(name);
    const nowMs = clock.nowMs();
    return {
      name,
      type: types[name] ?? '',
      condition: this.conditionOf(name),
      sessions: state?.sessions ?? 0,
      circuit: state?.circuit ?? 'closed',
      lastFailure: state?.lastFailure && { code: state.lastFailure.code, agoMs: Math.round(nowMs - state.lastFailure.atMs) },
      probe: probe && { works: probe.works, agoMs: Math.round(nowMs - probe.atMs), tookMs: Math.round(probe.tookMs), code: probe.code },
    };
  }

  conditionOf(name: string): ProviderCondition {
    if (this.#sources.isOff(name)) return 'off';
    const guard = this.#sources.guardOf(name);
    if (!guard) return 'missing';
    const probe = this.#sources.health.resultOf(name);
    return guard.admits && probe?.works !== false ? 'works' : 'fails';
  }

  /** The first level of a chain that works; as many as it has levels when none does. */
  levelOf(chain: readonly string[]): number {
    const level = chain.findIndex((name) => this.conditionOf(name) === 'works');
    return level < 0 ? chain.length : level;
  }
}
