import { DAY_MS } from '../../../src/lib/kernel/time.ts';
import type { TokenAnswer } from '../../../src/lib/oauth/ports.ts';
import type { ProviderProfile } from '../../../src/lib/oauth/rules/providerProfile.ts';
import { NO_FAILURES } from '../../../src/lib/refresh/rules/controlRecord.ts';
import { readControlRecord, writeControlRecord } from '../../../src/lib/refresh/rules/controlRecordText.ts';
import { digestOf } from '../../../src/lib/stores/digestOf.ts';
import { newSealedSecretState } from '../../fakes/refresh/fakeSealedSecretStore.ts';
import { addVersion } from '../../fakes/refresh/fakeTokenStore.ts';
import { type RefreshWorld, refreshWorld, worldNow } from '../../fakes/refresh/refreshWorld.ts';

/** What a provider really does, whatever the profile says of it. */
export interface ProviderTruth {
  /** Unused for longer, a token is dead. */
  readonly idleDays?: number | undefined;
  /** So long after the consent everything is dead. */
  readonly consentDays?: number | undefined;
  /** So long after its issue a token is dead. */
  readonly tokenDays?: number | undefined;
  /** What its answers state of the token's life, in seconds. */
  readonly states?: ((sinceConsentDays: number) => number) | undefined;
}

export interface YearEvent {
  readonly atDays: number;
  readonly happens: (world: YearWorld) => void;
}

/** One grant at one provider, and what happens to it. */
export interface YearCase {
  readonly name: string;
  readonly days: number;
  readonly profile: Partial<ProviderProfile> & Pick<ProviderProfile, 'rotation'>;
  readonly truth: ProviderTruth;
  /** Its access tokens are handed out. */
  readonly isHandedOut?: boolean | undefined;
  readonly events?: readonly YearEvent[] | undefined;
  /** Nothing in it depends on how long ago the consent was, nor the issue of the token. */
  readonly isSteady?: boolean | undefined;
}

export interface YearWorld extends RefreshWorld {
  readonly attempts: { readonly atMs: number; readonly outcome: string }[];
  readonly requestsMs: number[];
  readonly consentReported: Set<string>;
  /** Every request is answered so from now on; absent: as the provider does. */
  answer: TokenAnswer | undefined;
  /** The grant is dead, and nobody is going to consent again. */
  readonly isOver: () => boolean;
  /** A person consents again and writes the new token. */
  readonly consentAgain: () => void;
  /** What a failed attempt of a machine whose clock is so many days ahead would have left in the record. */
  readonly noteWithClockAhead: (days: number) => void;
}

const DEAD: TokenAnswer = {
  kind: 'refused',
  oauthError: 'invalid_grant',
  httpStatus: 400,
  class: 'dead',
  retryAfterSeconds: undefined,
};

export const yearWorld = ({ name, profile, truth, isHandedOut, events = [] }: YearCase): YearWorld => {
  const base = { ...refreshWorld(profile.rotation), sealed: newSealedSecretState() };
  const { idleDays: _idle, ...plain } = base.profile;
  let consentedMs = 0;
  let usedMs = 0;
  let issuedMs = 0;
  const requestsMs: number[] = [];
  const world: YearWorld = {
    ...base,
    profile: { ...plain, ...profile, tokenEndpoint: plain.tokenEndpoint, refreshUrl: undefined },
    grant: {
      ...base.grant,
      id: name.replace(/[^a-z0-9]+/g, '-'),
      provider: profile.id ?? plain.id,
      accessTokens: isHandedOut ? { callers: [] } : undefined,
    },
    attempts: [],
    requestsMs,
    consentReported: new Set(),
    answer: undefined,
    isOver: () =>
      /"state": "dead"/.test(world.control.body ?? '') &&
      events.every(({ atDays }) => atDays * DAY_MS < world.elapsedMs - 2 * DAY_MS),
    consentAgain: () => {
      const value = world.server.consent();
      const version = { value, tags: {}, expiresOnEpochMs: undefined, contentType: undefined };
      addVersion(world.vault, version, worldNow(world));
      consentedMs = usedMs = issuedMs = world.elapsedMs;
    },
    noteWithClockAhead: (days) => {
      const reading = readControlRecord(world.control.body, world.grant.id, digestOf);
      if (reading.kind !== 'record') throw new Error('there is no record yet');
      const aheadEpochMs = worldNow(world) + days * DAY_MS;
      const failures = { ...NO_FAILURES, consecutive: 1, days: 1, notBeforeEpochMs: aheadEpochMs };
      const noted = { ...reading.record, failures, reconciledAtEpochMs: aheadEpochMs };
      world.control.body = writeControlRecord(noted, digestOf);
    },
  };
  world.sabotage = (ports) => ({
    ...ports,
    server: {
      refresh: async (call) => {
        const nowMs = world.elapsedMs;
        requestsMs.push(nowMs);
        if (world.answer !== undefined) return world.answer;
        const over = (sinceMs: number, days: number | undefined) =>
          days !== undefined && nowMs - sinceMs > days * DAY_MS;
        const isDead =
          over(usedMs, truth.idleDays) ||
          over(consentedMs, truth.consentDays) ||
          over(issuedMs, truth.tokenDays);
        if (isDead) return DEAD;
        const answer = await ports.server.refresh(call);
        if (answer.kind !== 'tokens') return answer;
        usedMs = nowMs;
        if (answer.refreshToken !== undefined) issuedMs = nowMs;
        const refreshTokenExpiresInSeconds = truth.states?.((nowMs - consentedMs) / DAY_MS);
        return { ...answer, refreshTokenExpiresInSeconds };
      },
    },
  });
  return world;
};
