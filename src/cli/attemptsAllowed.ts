import type { ConfiguredGrant } from '../lib/oauth/rules/grant.ts';
import { refreshUrlOf } from '../lib/oauth/rules/providerProfile.ts';
import type { RefreshOutcome } from '../lib/refresh/refreshOutcome.ts';

/** How many refreshes a run by hand may still make at each token endpoint. */
export interface AttemptsAllowed {
  readonly mayTry: (grantId: string) => boolean;
  /** Counts an attempt, if the outcome was one. */
  readonly note: (grantId: string, outcome: RefreshOutcome | undefined) => void;
}

/** Outcomes without a request to the token endpoint. */
const NOT_TRIED: ReadonlySet<RefreshOutcome['kind']> = new Set(['not_due', 'busy', 'waiting', 'quarantined']);

/**
 * A run over all due grants keeps the rate that the timer keeps (`maxRefreshPer10Minutes`, the lowest of the
 * providers of one endpoint): what is more is left to the timer.
 */
export const attemptsAllowed = (grants: readonly ConfiguredGrant[]): AttemptsAllowed => {
  const endpoints = new Map(grants.map(({ grant, profile }) => [grant.id, refreshUrlOf(profile)]));
  const left = new Map<string, number>();
  for (const { profile } of grants) {
    const endpoint = refreshUrlOf(profile);
    const rate = profile.maxRefreshPer10Minutes ?? Number.POSITIVE_INFINITY;
    left.set(endpoint, Math.min(left.get(endpoint) ?? rate, rate));
  }
  const leftFor = (grantId: string): number => left.get(endpoints.get(grantId) ?? '') ?? 0;
  return {
    mayTry: (grantId) => leftFor(grantId) > 0,
    note(grantId, outcome) {
      if (outcome === undefined || NOT_TRIED.has(outcome.kind)) return;
      left.set(endpoints.get(grantId) ?? '', leftFor(grantId) - 1);
    },
  };
};
