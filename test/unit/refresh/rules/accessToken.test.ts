import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../../src/lib/kernel/time.ts';
import {
  type AccessTokenDecision,
  decideAccessToken,
  keptForMs,
  LONGEST_KEPT_MS,
  NONE_CAME_PAUSE_MS,
  noneCameAtEpochMs,
  UNKNOWN_LIFE_MS,
} from '../../../../src/lib/refresh/rules/accessToken.ts';
import { type KeptAccessToken, NO_FAILURES } from '../../../../src/lib/refresh/rules/controlRecord.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const DIGEST = '0123456789abcdef';
const TOKEN: KeptAccessToken = {
  envelope: 'sealed',
  digest: DIGEST,
  seq: 7,
  obtainedAtEpochMs: NOW,
  expiresAtEpochMs: NOW + HOUR_MS,
  refusals: 0,
};
const RECORD: Parameters<typeof decideAccessToken>[0] = { accessToken: TOKEN, failures: NO_FAILURES };

const decide = (
  afterMs: number,
  wish: { minimumSeconds?: number; refused?: string } = {},
  record: Partial<typeof RECORD> = {},
): AccessTokenDecision =>
  decideAccessToken({ ...RECORD, ...record }, { minimumSeconds: 300, ...wish }, NOW + afterMs);

describe('a token on record', () => {
  const MORE = { minimumSeconds: 3600 };
  it.each([
    ['fresh', 0, {}, 'serves'],
    ['with just enough left', HOUR_MS - 300_000, {}, 'serves'],
    ['with less left than is wanted', HOUR_MS - 299_999, {}, 'refresh'],
    ['past its half, for somebody who wants more than that', HOUR_MS / 2 + 1, MORE, 'refresh'],
    ['before its half, for somebody who wants more than that', HOUR_MS / 2, MORE, 'serves'],
    ['in its last second, for somebody who wants none', HOUR_MS - 1_000, { minimumSeconds: 0 }, 'serves'],
    ['at its end, for somebody who wants none', HOUR_MS, { minimumSeconds: 0 }, 'refresh'],
    ['that was refused', 0, { refused: DIGEST }, 'refresh'],
    ['that was refused in the second in which it came', -900, { refused: DIGEST }, 'refresh'],
    ['while another one was refused', 0, { refused: 'fedcba9876543210' }, 'serves'],
  ] as const)('%s', (_state, afterMs, wish, kind) => {
    expect(decide(afterMs, wish).kind).toBe(kind);
  });

  it('counts for nothing when a clock that was ahead wrote it', () => {
    const ahead = { ...TOKEN, obtainedAtEpochMs: NOW + HOUR_MS, expiresAtEpochMs: NOW + 2 * HOUR_MS };
    expect(decide(0, {}, { accessToken: ahead }).kind).toBe('refresh');
  });
});

describe('a new token that is wanted', () => {
  it('waits for the end of a cool-down', () => {
    const failures = { ...NO_FAILURES, consecutive: 1, notBeforeEpochMs: NOW + 60_000 };
    const wish = { refused: DIGEST };
    expect(decide(0, wish, { failures })).toMatchObject({ kind: 'later', untilEpochMs: NOW + 60_000 });
    expect(decide(60_000, wish, { failures }).kind).toBe('refresh');
  });

  it('waits for less than the schedule where the failure says so', () => {
    const failures = { ...NO_FAILURES, notBeforeEpochMs: NOW + HOUR_MS, waitedForFromEpochMs: NOW + 60_000 };
    expect(decide(60_000, { refused: DIGEST }, { failures }).kind).toBe('refresh');
  });

  it('waits some minutes after a refresh that brought none', () => {
    const without = { accessToken: undefined, noAccessTokenAtEpochMs: NOW };
    expect(decide(0, {}, without)).toMatchObject({ kind: 'later', untilEpochMs: NOW + NONE_CAME_PAUSE_MS });
    expect(decide(NONE_CAME_PAUSE_MS, {}, without).kind).toBe('refresh');
    // Of a refresh that has not come to writing it, or was ended before.
    expect(decide(0, {}, { accessToken: undefined }).kind).toBe('refresh');
  });

  it.each([
    ['to its end, where the same one came', NOW + 25_000, 25_000],
    ['a moment, where the same one came that has ended here', NOW - 5_000, 10_000],
    ['no longer than if none had come', NOW + HOUR_MS, NONE_CAME_PAUSE_MS],
  ])('waits %s', (_how, sameEndsEpochMs, waitMs) => {
    const noAccessTokenAtEpochMs = noneCameAtEpochMs(NOW, sameEndsEpochMs);
    const record = { accessToken: undefined, noAccessTokenAtEpochMs };
    expect(decide(waitMs - 1, {}, record).kind).toBe('later');
    expect(decide(waitMs, {}, record).kind).toBe('refresh');
  });

  it('waits longer and longer while each one is refused, and an hour at most', () => {
    const waits = [0, 1, 2, 3, 7, 30].map((refusals) => {
      const decision = decide(0, { refused: DIGEST }, { accessToken: { ...TOKEN, refusals } });
      return decision.kind === 'refused_again' ? (decision.untilEpochMs - NOW) / 60_000 : decision.kind;
    });
    expect(waits).toEqual(['refresh', 1, 2, 4, 60, 60]);
  });
});

describe('whatever is asked of a token of whatever life', () => {
  const anyCase = fc.record({
    lifeSeconds: fc.integer({ min: 1, max: 86_400 }),
    afterMs: fc.nat(100_000_000),
    minimumSeconds: fc.integer({ min: 0, max: 3600 }),
    refused: fc.option(fc.constantFrom(DIGEST, 'fedcba9876543210'), { nil: undefined }),
    refusals: fc.nat(40),
  });
  type Case = typeof anyCase extends fc.Arbitrary<infer C> ? C : never;
  const decideCase = (given: Case) => {
    const accessToken = {
      ...TOKEN,
      refusals: given.refusals,
      expiresAtEpochMs: NOW + given.lifeSeconds * 1000,
    };
    const { minimumSeconds, refused } = given;
    return decideAccessToken({ ...RECORD, accessToken }, { minimumSeconds, refused }, NOW + given.afterMs);
  };

  it('a token that has ended, or that is reported refused, never serves', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const mustNot = given.afterMs >= given.lifeSeconds * 1000 || given.refused === DIGEST;
        return !mustNot || decideCase(given).kind !== 'serves';
      }),
    );
  });

  it('one in the first half of its life serves all who do not report it: nobody can have it replaced for ever', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const isYoung = given.afterMs <= given.lifeSeconds * 500 && given.refused !== DIGEST;
        return !isYoung || decideCase(given).kind === 'serves';
      }),
    );
  });

  it('the token that replaces it serves the same wish', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        if (decideCase(given).kind !== 'refresh') return true;
        const now = NOW + given.afterMs;
        const accessToken = {
          ...TOKEN,
          digest: 'of the next token',
          obtainedAtEpochMs: now,
          expiresAtEpochMs: now + given.lifeSeconds * 1000,
        };
        return decideAccessToken({ ...RECORD, accessToken }, given, now).kind === 'serves';
      }),
    );
  });
});

describe('how long an access token is kept', () => {
  const answer = { accessToken: 'token', tokenType: 'Bearer', accessTokenExpiresInSeconds: 3600 };
  it.each([
    ['as long as its answer says', {}, HOUR_MS],
    ['a day at most', { accessTokenExpiresInSeconds: 90 * 86_400 }, LONGEST_KEPT_MS],
    ['a day at most, where it never ends', { accessTokenExpiresInSeconds: 2 ** 31 - 1 }, LONGEST_KEPT_MS],
    ['until an instant', { accessTokenExpiresInSeconds: (NOW + HOUR_MS) / 1000 }, HOUR_MS],
    ['until an instant in milliseconds', { accessTokenExpiresInSeconds: NOW + HOUR_MS }, HOUR_MS],
    ['not at all behind an instant', { accessTokenExpiresInSeconds: (NOW - HOUR_MS) / 1000 }, undefined],
    ['some minutes where nobody knows', { accessTokenExpiresInSeconds: undefined }, UNKNOWN_LIFE_MS],
    ['some minutes where the answer says 0', { accessTokenExpiresInSeconds: 0 }, UNKNOWN_LIFE_MS],
    ['also where its type is not said', { tokenType: undefined }, HOUR_MS],
    ['also as Slack calls it', { tokenType: 'bot' }, HOUR_MS],
    ['also as eBay calls it', { tokenType: 'User Access Token' }, HOUR_MS],
    ['also as Apigee calls it', { tokenType: 'BearerToken' }, HOUR_MS],
    ['not at all where it is bound to us', { tokenType: 'DPoP' }, undefined],
    ['not at all where it is none for an API', { tokenType: 'N_A' }, undefined],
    ['not at all where there is none', { accessToken: undefined }, undefined],
    ['not at all where it breaks a header', { accessToken: 'token\r\nx-role: admin' }, undefined],
    ['not at all where it is a word for none', { accessToken: 'null' }, undefined],
    ['not at all where no header holds it', { accessToken: 'x'.repeat(25_601) }, undefined],
    ['not at all where seconds were told in milliseconds', { accessTokenExpiresInSeconds: 3 }, undefined],
  ])('%s', (_rule, change, ms) => {
    expect(keptForMs({ ...answer, ...change }, NOW)).toBe(ms);
  });
});
