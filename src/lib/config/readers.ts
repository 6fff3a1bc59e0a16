import { isLoopback } from '../kernel/vaultUrl.ts';

/** Readers of settings: text in, value out, `undefined` for text that is not allowed. */
type Reader<T> = (text: string) => T | undefined;

const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

export const readText: Reader<string> = (text) => (text.trim() === '' ? undefined : text.trim());

export const readGuid: Reader<string> = (text) =>
  GUID.test(text.trim()) ? text.trim().toLowerCase() : undefined;

export const readBoolean: Reader<boolean> = (text) => {
  const word = text.trim().toLowerCase();
  return word === 'true' || word === 'false' ? word === 'true' : undefined;
};

/** A whole number within bounds, both allowed. */
export const readCount =
  (minimum: number, maximum: number): Reader<number> =>
  (text) => {
    if (!/^\s*\d{1,9}\s*$/.test(text)) return undefined;
    const number = Number(text);
    return number >= minimum && number <= maximum ? number : undefined;
  };

/**
 * Items separated by commas, semicolons or white space; empty ones are passed over, repeated ones kept once.
 * A list of nothing but separators is not allowed: it reads like a list, and nothing would be watched.
 */
export const readList =
  <T>(readItem: Reader<T>): Reader<readonly T[]> =>
  (text) => {
    const items = text.split(/[\s,;]+/).filter((item) => item !== '');
    const values = items.map(readItem);
    return values.length === 0 || values.includes(undefined) ? undefined : [...new Set(values as T[])];
  };

/** An https address without a query, or http on this machine (whether local mode allows that is decided where it is used). */
export const readOrigin: Reader<string> = (text) => {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!isEncryptedOrLocal(url) || hasExtras(url)) return undefined;
  return url.href.replace(/\/$/, '');
};

const isEncryptedOrLocal = (url: URL): boolean =>
  url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.href));

const hasExtras = ({ username, password, search, hash }: URL): boolean =>
  [username, password, search, hash].some((part) => part !== '');

/** `https://HOST/keys/NAME`, never with a version: the newest seals, and each envelope names the one that opens it. */
export const readKeyId: Reader<string> = (text) => {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!isEncryptedOrLocal(url) || hasExtras(url)) return undefined;
  return /^\/keys\/[0-9A-Za-z-]{1,127}$/.test(url.pathname) ? url.href : undefined;
};

const FIELD_LIMITS = [
  [0, 59],
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
] as const;

/**
 * An NCRONTAB expression of six fields, in the part of the language that every reader of it agrees on:
 * numbers, lists, ranges, `*` and `*` with a step. Once a minute at most: of a timer that fires more often
 * the host keeps no record, so that its silence could not be reported, and its runs would pile up.
 */
export const readSchedule: Reader<string> = (text) => {
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

/** Whether a month is one of a field that was read. */
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
