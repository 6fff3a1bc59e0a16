/**
 * When the timers fire unless a setting says otherwise. Apart from the other settings because they are registered
 * before anything else is loaded: what this file imports, every cold start waits for.
 */
export const DEFAULT_SCHEDULES = {
  KEYWATCH_SCAN_SCHEDULE: '0 7 * * * *',
  KEYWATCH_REFRESH_SCHEDULE: '30 3,13,23,33,43,53 * * * *',
  KEYWATCH_PROOF_SCHEDULE: '45 8,38 * * * *',
} as const;

const FIELD_LIMITS = [
  [0, 59],
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
] as const;

/** What {@link readSchedule} takes, for people. */
export const ALLOWED_SCHEDULE =
  'six fields of numbers, lists, ranges, * and */n, the first (the seconds) one number, so that it fires once a minute at most, on days that there are';

/**
 * An NCRONTAB expression of six fields, in the part of the language that every reader of it agrees on:
 * numbers, lists, ranges, `*` and `*` with a step. Once a minute at most: of a timer that fires more often
 * the host keeps no record, so that its silence could not be reported, and its runs would pile up.
 */
export const readSchedule = (text: string): string | undefined => {
  const fields = text.trim().split(/\s+/);
  const [seconds = ''] = fields;
  if (fields.length !== FIELD_LIMITS.length || !/^\d{1,2}$/.test(seconds)) return undefined;
  const valid = fields.every((field, index) => {
    const [minimum, maximum] = FIELD_LIMITS[index] ?? [0, 0];
    return field.split(',').every((part) => isSchedulePart(part, minimum, maximum));
  });
  return valid && isEver(fields) ? fields.join(' ') : undefined;
};

const DAYS_OF_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The 30th of February never comes: a timer that waits for it is silent without anybody having noticed. */
const isEver = ([, , , day = '*', month = '*']: readonly string[]): boolean => {
  const first = Math.min(
    ...day.split(',').map((part) => (part.startsWith('*') ? 1 : Number.parseInt(part, 10))),
  );
  return DAYS_OF_MONTHS.some((days, index) => first <= days && holds(month, index + 1));
};

const holds = (field: string, month: number): boolean =>
  field.split(',').some((part) => {
    if (part.startsWith('*')) return (month - 1) % Number(part.slice(2) || 1) === 0;
    const [from = part, to = from] = part.split('-');
    return month >= Number(from) && month <= Number(to);
  });

const isSchedulePart = (part: string, minimum: number, maximum: number): boolean => {
  const match = /^(?:\*(?:\/(\d{1,2}))?|(\d{1,2})(?:-(\d{1,2}))?)$/.exec(part);
  if (match === null) return false;
  const [, step, from, to] = match;
  if (from === undefined) return step === undefined || (Number(step) >= 1 && Number(step) <= maximum);
  const last = Number(to ?? from);
  return Number(from) >= minimum && last <= maximum && Number(from) <= last;
};
