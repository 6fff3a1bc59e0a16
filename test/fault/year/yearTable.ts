import { DAY_MS } from '../../../src/lib/kernel/time.ts';
import type { ProviderProfile } from '../../../src/lib/oauth/rules/providerProfile.ts';
import { CLASSES, consentDaysOf, LIVES, PRESETS } from './yearCases.ts';
import { firstReported, longestUnusedDays, mostADay, perYear } from './yearFigures.ts';
import type { Year } from './yearRun.ts';

const BEGIN = '<!-- year table: written by npm run docs:year-table -->';
const END = '<!-- end of the year table -->';

/** The page with its table of years replaced by the one that was just measured. */
export const withYearTable = (page: string, years: ReadonlyMap<string, Year>): string => {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin)
    throw new Error('docs/refresh-protocol.md has lost the marks of its year table');
  const yearOf = (name: string): Year => {
    const year = years.get(name);
    if (year === undefined) throw new Error(`the year of ${name} was not lived`);
    return year;
  };
  const text = ['', ...presetTable(yearOf), '', ...lifeTable(yearOf), ''].join('\n');
  return `${page.slice(0, begin)}${BEGIN}\n${text}\n${page.slice(end)}`;
};

const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

const presetTable = (yearOf: (name: string) => Year): string[] => [
  row([
    'preset',
    'limits (days)',
    'refreshes a year',
    'versions a year',
    'longest unused (days)',
    'consent: told before its end (days)',
    'client refused: told before the deadline (days)',
    'attempts a day after it',
    'new versions meanwhile',
  ]),
  `| --- | --- |${' ---: |'.repeat(7)}`,
  ...PRESETS.map((profile) => presetRow(profile, yearOf)),
];

const presetRow = (profile: ProviderProfile, yearOf: (name: string) => Year): string => {
  const healthy = yearOf(`${profile.id} / healthy`);
  const alone = yearOf(`${profile.id} / nobody consents`);
  const failing = yearOf(`${profile.id} / client refused`);
  const deadline = firstReported(failing, 'expired');
  const failedAt = (failing.outcomes.get('misconfigured') ?? Number.NaN) / DAY_MS;
  return row([
    profile.id,
    limits(profile),
    perYear(healthy.requestsMs.length, healthy),
    perYear(healthy.versionsMs.length, healthy),
    Math.round(longestUnusedDays(healthy)),
    reportedOfConsent(alone, consentDaysOf(profile)),
    deadline === undefined ? 'no deadline' : Math.round(deadline - failedAt),
    deadline === undefined
      ? mostADay(failing, (failedAt + 10) * DAY_MS)
      : mostADay(failing, deadline * DAY_MS),
    failing.versionsMs.filter((atMs) => atMs / DAY_MS >= failedAt).length,
  ]);
};

const limits = ({ idleDays, absoluteDays, absoluteFrom }: ProviderProfile): string =>
  [
    idleDays === undefined ? undefined : `idle ${idleDays}`,
    absoluteDays === undefined
      ? undefined
      : `${absoluteFrom === 'issue' ? 'token' : 'consent'} ${absoluteDays}`,
  ]
    .filter((limit) => limit !== undefined)
    .join(', ') || 'none known';

const reportedOfConsent = (year: Year, consentDays: number | undefined): string => {
  if (consentDays === undefined) return '';
  const told = ([30, 10] as const).map((days) => firstReported(year, `consent ends in ${days} days`));
  if (told.includes(undefined)) return consentDays > 400 ? 'after these 400 days' : 'never';
  return told.map((day) => Math.round(consentDays - (day ?? 0))).join(' and ');
};

const lifeTable = (yearOf: (name: string) => Year): string[] => {
  const classes = Object.keys(CLASSES);
  return [
    row(['refreshes (versions) a year, by the life that a server states', ...classes]),
    `| --- |${' ---: |'.repeat(classes.length)}`,
    ...Object.keys(LIVES).map((life) =>
      row([
        life,
        ...classes.map((name) => {
          const year = yearOf(`${name} / ${life}`);
          return `${perYear(year.requestsMs.length, year)} (${perYear(year.versionsMs.length, year)})`;
        }),
      ]),
    ),
  ];
};
