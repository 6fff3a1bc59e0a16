import { describe, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS } from '../../../../src/lib/kernel/time.ts';
import type { ProviderProfile } from '../../../../src/lib/oauth/rules/providerProfile.ts';
import { runTimer } from '../../../fakes/refresh/healthyRuns.ts';
import {
  type RefreshWorld,
  refreshWorld,
  START_EPOCH_MS,
  worldNow,
} from '../../../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../../../fakes/refresh/soloWorker.ts';
import { consentByHand, latestVersion, recordOf } from '../../../fakes/refresh/worldEvents.ts';

const dayOf = (epochMs: number | undefined) =>
  Math.round(((epochMs ?? Number.NaN) - START_EPOCH_MS) / DAY_MS);

/** A grant that must be consented to again after a year, with whatever a test changes. */
const yearly = (
  kind: 'strict' | 'keeps_old' | 'static',
  changes: { profile?: Partial<ProviderProfile>; consentedAtEpochMs?: number } = {},
): RefreshWorld => {
  const world = refreshWorld({ kind });
  const limits = { idleDays: 90, absoluteDays: 365, absoluteFrom: 'first_consent' as const };
  const { profile, consentedAtEpochMs } = changes;
  return {
    ...world,
    profile: { ...world.profile, ...limits, ...profile },
    grant: { ...world.grant, consentedAtEpochMs },
  };
};

const liveUntil = async (world: RefreshWorld, day: number): Promise<void> => {
  while (world.elapsedMs < day * DAY_MS) {
    world.elapsedMs += 6 * 3_600_000 + MINUTE_MS;
    await runTimer(world);
  }
};

describe('the day of a consent', () => {
  it.each(['strict', 'keeps_old', 'static'] as const)(
    'is on every version, and outlives the control record (%s)',
    async (kind) => {
      const world = yearly(kind);
      await liveUntil(world, 300);
      expect(latestVersion(world).tags).toMatchObject({
        'keywatch-consented-at': '2026-11-22T12:10:00Z',
        'keywatch-consent-ends-at': '2027-11-22T12:10:00Z',
      });
      world.control.body = undefined;
      await liveUntil(world, 302);
      expect([
        dayOf(recordOf(world).consentedAtEpochMs),
        dayOf(recordOf(world).consentEndsAtEpochMs),
      ]).toEqual([0, 365]);
      await liveUntil(world, 340);
      expect(dayOf(recordOf(world).deadlineEpochMs)).toBe(365);
    },
  );

  it('is that of the new token, whatever older one the config names', async () => {
    const world = yearly('strict', { consentedAtEpochMs: START_EPOCH_MS - 355 * DAY_MS });
    await liveUntil(world, 1);
    expect(dayOf(recordOf(world).deadlineEpochMs)).toBe(10);
    await liveUntil(world, 9);
    consentByHand(world);
    const before = world.vault.versions.length;
    await liveUntil(world, 39);
    expect(dayOf(recordOf(world).consentEndsAtEpochMs)).toBe(374);
    expect(world.vault.versions.length - before).toBeLessThanOrEqual(2 * 2);
  });

  it.each([
    [100, 265, 'is that of the config while the first token is looked after, as it may have been moved here'],
    [400, 365, 'is not that of the config when that consent was over before the token was written'],
  ])('%d days ago, so that it ends on day %d, %s', async (daysAgo, endsOnDay) => {
    const world = yearly('static', { consentedAtEpochMs: START_EPOCH_MS - daysAgo * DAY_MS });
    await liveUntil(world, 1);
    expect(dayOf(recordOf(world).consentEndsAtEpochMs)).toBe(endsOnDay);
  });

  it('is the later one of the config when somebody consents again without a new token', async () => {
    const world = yearly('static');
    await liveUntil(world, 200);
    const again = { ...world, grant: { ...world.grant, consentedAtEpochMs: worldNow(world) } };
    await liveUntil(again, 202);
    expect(dayOf(recordOf(again).consentEndsAtEpochMs)).toBe(565);
  });

  it('is not taken from tags that a person copied to a new token', async () => {
    const world = yearly('strict');
    await liveUntil(world, 100);
    consentByHand(world, { tags: latestVersion(world).tags });
    await liveUntil(world, 102);
    expect(dayOf(recordOf(world).consentedAtEpochMs)).toBe(100);
  });
});

describe('a day of consent that the config puts ahead', () => {
  it.each([1, 9, 3650, 248_000 * 365])(
    'is not believed, and the end is reported all the same (%d years)',
    async (years) => {
      const consentedAtEpochMs = START_EPOCH_MS + years * 365 * DAY_MS;
      const world = yearly('strict', { consentedAtEpochMs: Math.min(consentedAtEpochMs, 8.64e15) });
      await liveUntil(world, 3);
      expect(dayOf(recordOf(world).consentEndsAtEpochMs)).toBe(365);
    },
  );

  it('is believed where it is today in another zone', async () => {
    const world = yearly('strict', { consentedAtEpochMs: START_EPOCH_MS + 1.5 * DAY_MS });
    await runSolo(world);
    expect(dayOf(recordOf(world).consentEndsAtEpochMs)).toBe(367);
  });
});

describe('the end of a consent', () => {
  it('is reported by every attempt and every run of the timer', async () => {
    const world = yearly('strict');
    await runSolo(world);
    world.elapsedMs += 52 * MINUTE_MS;
    await runTimer(world);
    const names = ['keywatch.grant.refreshed', 'keywatch.grant.observed'] as const;
    for (const name of names) {
      expect(dayOf(world.telemetry.eventsNamed(name).at(-1)?.consentEndsAt)).toBe(365);
    }
  });
});
