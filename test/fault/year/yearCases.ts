import type { TokenAnswer } from '../../../src/lib/oauth/ports.ts';
import { PROVIDER_PRESETS } from '../../../src/lib/oauth/presets/providerPreset.ts';
import type { ProviderProfile, RotationClass } from '../../../src/lib/oauth/rules/providerProfile.ts';
import type { ProviderTruth, YearCase, YearEvent } from './yearWorld.ts';

export const YEAR_DAYS = 400;
/** From this day on the provider refuses, or is silent; earlier where a consent is shorter. */
export const FAILS_FROM_DAY = 41;
/** A person who was asked consents again so many days before the end. */
const CONSENTS_BEFORE_DAYS = 2;

export const CLASSES: Readonly<Record<string, RotationClass>> = {
  static: { kind: 'static' },
  keeps_old: { kind: 'keeps_old' },
  'grace 10 min': { kind: 'grace', graceSeconds: 600 },
  strict: { kind: 'strict' },
};

export const INVALID_CLIENT: TokenAnswer = {
  kind: 'refused',
  oauthError: 'invalid_client',
  httpStatus: 401,
  class: 'client',
  retryAfterSeconds: undefined,
};
export const SILENCE: TokenAnswer = { kind: 'ambiguous', reason: 'no complete answer within the timeout' };

/** The end of a consent, where a profile has one. */
export const consentDaysOf = ({ absoluteDays, absoluteFrom }: ProviderProfile): number | undefined =>
  absoluteFrom === 'first_consent' ? absoluteDays : undefined;

/** A provider that does what its profile says. */
const asItSays = (profile: ProviderProfile): ProviderTruth => ({
  idleDays: profile.idleDays,
  consentDays: consentDaysOf(profile),
  tokenDays: profile.absoluteFrom === 'issue' ? profile.absoluteDays : undefined,
});

/** Somebody consents again before each end, as asked. */
const consents = (consentDays: number | undefined): YearEvent[] => {
  const everyDays = (consentDays ?? Number.POSITIVE_INFINITY) - CONSENTS_BEFORE_DAYS;
  const times = Math.floor(YEAR_DAYS / everyDays);
  return Array.from({ length: times }, (_, index) => ({
    atDays: (index + 1) * everyDays,
    happens: (world) => world.consentAgain(),
  }));
};

const answering = (answer: TokenAnswer, { absoluteDays = 400 }: ProviderProfile): YearEvent => ({
  atDays: Math.min(FAILS_FROM_DAY, absoluteDays * 0.4),
  happens: (world) => {
    world.answer = answer;
  },
});

const loseRecord = (atDays: number): YearEvent => ({
  atDays,
  happens: (world) => {
    world.control.body = undefined;
  },
});

export const PRESETS: readonly ProviderProfile[] = [...PROVIDER_PRESETS.values()];

/** What may befall a grant at any provider. */
export const WORLDS = {
  healthy: (profile) => consents(consentDaysOf(profile)),
  'nobody consents': () => [],
  'client refused': (profile) => [answering(INVALID_CLIENT, profile)],
  'no answers': (profile) => [answering(SILENCE, profile)],
  'record lost': (profile) => [
    ...consents(consentDaysOf(profile)),
    loseRecord(Math.min(300, (consentDaysOf(profile) ?? 400) * 0.7)),
  ],
} as const satisfies Readonly<Record<string, (profile: ProviderProfile) => YearEvent[]>>;

export type WorldName = keyof typeof WORLDS;

export const presetCase = (profile: ProviderProfile, world: WorldName): YearCase => ({
  name: `${profile.id} / ${world}`,
  days: YEAR_DAYS,
  profile,
  truth: asItSays(profile),
  events: WORLDS[world](profile),
  // In the end one day of failures is like the other.
  isSteady: world === 'client refused' || world === 'no answers',
});

const MINUTE_DAYS = 1 / 1440;
/** Lives that a server states, in days; `undefined`: it states none. */
export const LIVES: Readonly<Record<string, number | undefined>> = {
  '30 minutes': 30 * MINUTE_DAYS,
  '2 hours': 120 * MINUTE_DAYS,
  '12 hours': 0.5,
  '1 day': 1,
  '3 days': 3,
  '7 days': 7,
  '30 days': 30,
  '90 days': 90,
  '1 year': 365,
  '5 years': 5 * 365,
  none: undefined,
};

const customProfile = (rotation: RotationClass, more: Partial<ProviderProfile> = {}) => ({
  id: 'custom',
  rotation,
  absoluteFrom: 'first_consent' as const,
  ...more,
});

/** A server that states a life and keeps its word. Short lives are lived for two hundred of them, and for a month. */
export const lifeCase = (className: string, life: string): YearCase => {
  const days = LIVES[life];
  return {
    name: `${className} / ${life}`,
    days: Math.min(YEAR_DAYS, Math.max(30, (days ?? YEAR_DAYS) * 200)),
    profile: customProfile(CLASSES[className] ?? { kind: 'strict' }),
    truth: { idleDays: days, states: days === undefined ? undefined : () => Math.floor(days * 86_400) },
    isSteady: true,
  };
};

const INT_MAX = 2 ** 31 - 1;

/** What a server says that is not so, and what else goes wrong in a year; each for one class of rotation. */
export const TROUBLES: Readonly<
  Record<string, (rotation: RotationClass) => Omit<YearCase, 'name' | 'days'>>
> = {
  'it states 68 years, and the token dies after 60 idle days': (rotation) => ({
    profile: customProfile(rotation),
    truth: { idleDays: 60, states: () => INT_MAX },
  }),
  'it states milliseconds for seconds': (rotation) => ({
    profile: customProfile(rotation),
    truth: { idleDays: 60, states: () => 60 * 86_400_000 },
  }),
  'it states an instant for a length': (rotation) => ({
    profile: customProfile(rotation),
    truth: { idleDays: 60, states: (days) => 1_795_000_000 + Math.floor(days * 86_400) },
  }),
  'its limit is longer than the 30 days of the profile': (rotation) => ({
    profile: customProfile(rotation, { absoluteDays: 30 }),
    truth: {},
  }),
  'a person writes a new token on day 100': (rotation) => ({
    profile: customProfile(rotation, { idleDays: 60 }),
    truth: { idleDays: 60 },
    events: [{ atDays: 100, happens: (world) => world.consentAgain() }],
  }),
  'a clock 400 days ahead noted a failure on day 20': (rotation) => ({
    profile: customProfile(rotation, { idleDays: 60 }),
    truth: { idleDays: 60 },
    events: [{ atDays: 20, happens: (world) => world.noteWithClockAhead(400) }],
  }),
};

export const troubleCase = (className: string, trouble: string): YearCase => ({
  name: `${className} / ${trouble}`,
  days: YEAR_DAYS,
  ...(TROUBLES[trouble]?.(CLASSES[className] ?? { kind: 'strict' }) ?? {
    profile: customProfile({ kind: 'strict' }),
    truth: {},
  }),
});

/** A server that says how much is left of a consent of a year, and nobody consents again. */
export const countdownCase = (className: string): YearCase => ({
  name: `${className} / countdown`,
  days: YEAR_DAYS,
  profile: customProfile(CLASSES[className] ?? { kind: 'strict' }),
  truth: { consentDays: 365, states: (days) => Math.floor((365 - days) * 86_400) },
});
