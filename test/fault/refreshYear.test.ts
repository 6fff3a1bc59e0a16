import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/lib/kernel/time.ts';
import type { ProviderProfile } from '../../src/lib/oauth/rules/providerProfile.ts';
import { canLoseToken } from '../../src/lib/oauth/rules/rotation.ts';
import { storedTokenWorks } from '../fakes/refresh/refreshWorld.ts';
import {
  CLASSES,
  consentDaysOf,
  countdownCase,
  LIVES,
  lifeCase,
  PRESETS,
  presetCase,
  TROUBLES,
  troubleCase,
  YEAR_DAYS,
} from './year/yearCases.ts';
import { firstReported, longestUnusedDays, mostADay, unwell } from './year/yearFigures.ts';
import { liveYear, type Year } from './year/yearRun.ts';
import { withYearTable } from './year/yearTable.ts';
import type { YearCase, YearWorld } from './year/yearWorld.ts';

const years = new Map<string, Year>();
const live = async (given: YearCase): Promise<Year> => {
  const year = await liveYear(given);
  years.set(given.name, year);
  return year;
};

const exhaustive = (title: string, run: () => void | Promise<void>) =>
  it(title, { tags: ['exhaustive'] }, run);
/** One preset of each sort stands for the others of it, and the strictest class for the other classes. */
const sortOf = ({ rotation, absoluteFrom, absoluteDays }: ProviderProfile): string =>
  `${rotation.kind} ${absoluteDays === undefined ? 'for ever' : absoluteFrom}`;
const isFirst = (profile: ProviderProfile) =>
  PRESETS.find((other) => sortOf(other) === sortOf(profile)) === profile;

const FIRST_STRICT = PRESETS.find(({ rotation }) => rotation.kind === 'strict');

/** What holds for a grant in good health, whatever its provider is like. */
const expectHealthy = (year: Year): void => {
  expect([...year.outcomes.keys()].filter((kind) => !['refreshed', 'not_due'].includes(kind))).toEqual([]);
  expect(year.exceptions).toBe(0);
  expect(longestUnusedDays(year)).toBeLessThanOrEqual(30);
  expect(storedTokenWorks(year.world)).toBe(true);
};

describe('a year of every preset', () => {
  for (const profile of PRESETS) {
    const test = isFirst(profile) ? it : exhaustive;
    const consentDays = consentDaysOf(profile);
    const consentAgain = (presetCase(profile, 'healthy').events ?? []).map(({ atDays }) => atDays);
    const endsInTime = consentDays !== undefined && consentDays < YEAR_DAYS;

    test(`${profile.id}: in good health it is valid, except in the last month of a consent`, async () => {
      for (const world of ['healthy', 'record lost'] as const) {
        const year = await live(presetCase(profile, world));
        expectHealthy(year);
        expect(unwell(year, consentDays, consentAgain)).toEqual([]);
        const refreshes = year.requestsMs.length;
        const consents = world === 'healthy' || endsInTime ? consentAgain.length : 0;
        expect(year.versionsMs.length).toBeLessThanOrEqual(2 * refreshes + consents);
        expect(mostADay(year)).toBeLessThanOrEqual(8);
      }
    });

    test(`${profile.id}: that a person must consent again is reported 30 and 10 days before, and nothing else`, async () => {
      const year = await live(presetCase(profile, 'nobody consents'));
      const told = ([30, 10] as const).map((days) => firstReported(year, `consent ends in ${days} days`));
      if (!endsInTime) return void expect(told).toEqual([undefined, undefined]);
      const [first = Number.NaN, second = Number.NaN] = told;
      expect(consentDays - first).toBeCloseTo(Math.min(30, consentDays), 1);
      expect(consentDays - second).toBeCloseTo(10, 1);
      expect(firstReported(year, 'expired')).toBeCloseTo(consentDays, 1);
      expect(year.outcomes.get('dead')).toBeGreaterThanOrEqual(consentDays * DAY_MS);
      expect(year.outcomes.get('dead')).toBeLessThan((consentDays + 1.1) * DAY_MS);
    });

    const inTrouble = profile === FIRST_STRICT ? it : exhaustive;
    inTrouble(
      `${profile.id}: a refused client and a silent provider are reported long before the end, and not hammered`,
      async () => {
        for (const world of ['client refused', 'no answers'] as const) {
          const year = await live(presetCase(profile, world));
          const failedMs = Math.min(
            ...['misconfigured', 'ambiguous', 'transient_failure'].map(
              (kind) => year.outcomes.get(kind) ?? Number.POSITIVE_INFINITY,
            ),
          );
          const deadline = firstReported(year, 'expired');
          const near = firstReported(year, 'warning', 'no_expiry') ?? Number.NaN;
          expect(near).toBeGreaterThan(failedMs / DAY_MS);
          if (deadline !== undefined) {
            const usedMs = year.requestsMs.filter((atMs) => atMs < failedMs - 60_000).at(-1) ?? 0;
            const [left, atSuccess] = [failedMs, usedMs].map((atMs) => deadline - atMs / DAY_MS);
            expect(left).toBeGreaterThanOrEqual((atSuccess ?? Number.NaN) / 2 - 0.1);
            expect(mostADay(year, deadline * DAY_MS)).toBe(1);
          }
          const failing = year.versionsMs.filter((atMs) => atMs >= failedMs);
          expect(failing.length).toBeLessThanOrEqual(canLoseToken(profile.rotation) ? 1 : 0);
        }
      },
    );
  }
});

describe('a life that a server states', () => {
  for (const className of Object.keys(CLASSES)) {
    for (const [life, days = YEAR_DAYS] of Object.entries(LIVES)) {
      const test = className === 'strict' && days >= 2 ? it : exhaustive;
      test(`is kept in good health: ${life} (${className})`, async () => {
        const year = await live(lifeCase(className, life));
        expectHealthy(year);
        expect(year.told.map(({ what }) => what)).toEqual(['valid']);
        expect(year.versionsMs.length).toBeLessThanOrEqual(2 * year.requestsMs.length);
      });
    }
  }
});

/** Key Vault cannot back up a secret with more than 500 versions: twice a day would be too many. */
const COPIES_A_YEAR = 400;

describe('a token that is handed out', () => {
  const yearOf = (className: string, life: string, days: number) =>
    liveYear({ ...lifeCase(className, life), days, isHandedOut: true });

  for (const className of Object.keys(CLASSES)) {
    exhaustive(
      `makes one version a day of its secret, though it lives for half an hour, and is valid throughout (${className})`,
      async () => {
        const year = await yearOf(className, '30 minutes', 10);
        expectHealthy(year);
        expect(year.requestsMs.length).toBeGreaterThan(400);
        expect(year.versionsMs.length).toBeGreaterThanOrEqual(className === 'static' ? 0 : 10);
        expect(year.versionsMs.length).toBeLessThanOrEqual(className === 'static' ? 0 : 11);
        expect(year.told.map(({ what }) => what)).toEqual(['valid']);
      },
    );
  }

  exhaustive(
    'makes no more in a year than can be backed up, though it is refreshed twice a day',
    async () => {
      const year = await yearOf('strict', '12 hours', 365);
      expectHealthy(year);
      expect(year.requestsMs.length).toBeGreaterThan(2 * COPIES_A_YEAR);
      expect(year.versionsMs.length).toBeLessThanOrEqual(COPIES_A_YEAR);
    },
  );
});

describe('what goes wrong in a year', () => {
  for (const className of Object.keys(CLASSES)) {
    const test = className === 'strict' ? it : exhaustive;
    for (const trouble of Object.keys(TROUBLES)) {
      test(`costs no grant and alarms nobody for long: ${trouble} (${className})`, async () => {
        const year = await live(troubleCase(className, trouble));
        expectHealthy(year);
        // Of a limit that is not the provider's people hear once, until it is over and refuted.
        const wrongLimit = trouble.startsWith('its limit');
        expect(unwell(year, wrongLimit ? 32 : undefined, [])).toEqual([]);
        expect(year.told.at(-1)?.what).toBe('valid');
        expect(year.requestsMs.length).toBeLessThanOrEqual(wrongLimit ? 35 : 20);
      });
    }

    test(`an end that only the server knows is reported 30 and 10 days before (${className})`, async () => {
      const year = await live(countdownCase(className));
      expect(firstReported(year, 'consent ends in 30 days')).toBeCloseTo(335, 1);
      expect(firstReported(year, 'consent ends in 10 days')).toBeCloseTo(355, 1);
      expect(year.told.find(({ what }) => what !== 'valid')?.atMs).toBeGreaterThan(334 * DAY_MS);
    });
  }
});

describe('runs that are left out', () => {
  const [, , , strict = ''] = Object.keys(CLASSES);
  const profile = PRESETS.find(({ id }) => id === 'okta');
  const newToken = 'a person writes a new token on day 100';
  const cases: readonly YearCase[] = [
    { ...lifeCase(strict, '3 days'), days: 6 },
    { ...lifeCase('static', '12 hours'), days: 3 },
    ...['static', strict].map((className) => ({
      ...troubleCase(className, newToken),
      days: 9,
      events: [{ atDays: 5.3, happens: (world: YearWorld) => world.consentAgain() }],
    })),
    ...(profile === undefined
      ? []
      : (['client refused', 'no answers'] as const).map((world) => ({
          ...presetCase({ ...profile, absoluteDays: 5 }, world),
          days: 7,
        }))),
  ];
  const expectSame = (few: Year, every: Year): void => {
    const minutes = (ms: number) => Math.round(ms / 60_000);
    const told = ({ told }: Year) => told.map(({ atMs, what }) => [minutes(atMs), what]);
    expect(told(few)).toEqual(told(every));
    expect(few.requestsMs.map(minutes)).toEqual(every.requestsMs.map(minutes));
    expect(few.versionsMs.map(minutes)).toEqual(every.versionsMs.map(minutes));
    expect([...few.outcomes.keys()]).toEqual([...every.outcomes.keys()]);
  };
  it.each(cases.map((given) => [given.name, given] as const))(
    'change nothing: %s',
    { tags: ['exhaustive'] },
    async (_name, given) => {
      const [every, few] = [await liveYear(given, true), await liveYear(given)];
      expectSame(few, every);
      expect(few.world.attempts.length).toBeLessThanOrEqual(every.world.attempts.length);
    },
  );

  const repeating: readonly YearCase[] = [
    ...Object.keys(CLASSES).map((name) => ({ ...lifeCase(name, '12 hours'), days: 30, isHandedOut: true })),
    { ...lifeCase(strict, '2 hours'), days: 10 },
    // Nobody else lives so many days of failures, one of them without an end of the token.
    ...PRESETS.filter(({ id }) => id === 'auth0' || id === 'slack').flatMap((profile) =>
      (['client refused', 'no answers'] as const).map((world) => presetCase(profile, world)),
    ),
  ];
  it.each(repeating.map((given) => [given.name, given] as const))(
    'change nothing where all begins again: %s',
    { tags: ['exhaustive'] },
    async (_name, given) => {
      const [every, few] = [await liveYear({ ...given, isSteady: false }), await liveYear(given)];
      expectSame(few, every);
      expect(few.endMs).toBe(every.endMs);
      expect(few.world.requestsMs.length).toBeLessThan(every.world.requestsMs.length);
    },
  );
});

exhaustive('docs/refresh-protocol.md has the table of these years', () => {
  const path = join(import.meta.dirname, '../../docs/refresh-protocol.md');
  const page = readFileSync(path, 'utf8');
  const expected = withYearTable(page, years);
  // Written by `npm run docs:year-table`.
  if (process.env['WRITE_YEAR_TABLE'] === '1') writeFileSync(path, expected);
  else expect(page).toBe(expected);
});
