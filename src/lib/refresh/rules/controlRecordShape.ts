import { isInstant } from '../../kernel/instant.ts';
import type { ControlRecord } from './controlRecord.ts';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const count: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const instant: Check = (value) => typeof value === 'number' && isInstant(value);
const flag: Check = (value) => typeof value === 'boolean';
const texts: Check = (value) => Array.isArray(value) && value.every(text);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const one =
  (...allowed: string[]): Check =>
  (value) =>
    typeof value === 'string' && allowed.includes(value);
const shape =
  (members: Readonly<Record<string, Check>>): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(members).every(([name, check]) => check((value as Record<string, unknown>)[name]));

const failures = shape({
  consecutive: count,
  days: count,
  lastDay: optional(text),
  lastCode: optional(text),
  lastPermanence: optional(one('permanent', 'transient')),
  notBeforeEpochMs: instant,
});

const dead = shape({
  sinceEpochMs: instant,
  reason: one('refused', 'answer_lost'),
  oauthError: optional(text),
  fingerprint: text,
  triedEpochMs: optional(instant),
  isAsked: optional(flag),
  reported: flag,
});

const phases: Readonly<Record<string, Check>> = {
  idle: () => true,
  intent: shape({
    attemptId: text,
    startedAtEpochMs: instant,
    retryFromEpochMs: instant,
    graceUntilEpochMs: optional(instant),
    lastResortFromEpochMs: instant,
    nextSeq: count,
    baseFingerprint: optional(text),
    baseVersions: texts,
    graceAnchorEpochMs: instant,
    isRetry: flag,
    reported: flag,
    refusal: optional(shape({ oauthError: optional(text), httpStatus: count })),
    again: optional(dead),
  }),
  sealed: shape({
    attemptId: text,
    envelope: text,
    seq: count,
    fingerprint: text,
    baseFingerprint: optional(text),
    baseVersions: texts,
    refreshedAtEpochMs: instant,
    deadlineEpochMs: optional(instant),
  }),
  dead,
};

const phase: Check = (value) => {
  if (typeof value !== 'object' || value === null) return false;
  const { state } = value as { state?: unknown };
  const check = typeof state === 'string' && Object.hasOwn(phases, state) ? phases[state] : undefined;
  return check?.(value) ?? false;
};

const record = shape({
  schema: (value) => value === 1,
  grantId: text,
  versionsBeforeClaim: optional(texts),
  deployment: optional(text),
  salt: text,
  seq: count,
  reservedSeq: count,
  version: optional(text),
  fingerprint: optional(text),
  previousFingerprint: optional(text),
  observedRotation: optional(shape({ configured: text, sinceEpochMs: instant })),
  isPreviousUnspent: optional(flag),
  spentFingerprints: optional(texts),
  previousVersions: texts,
  consentedAtEpochMs: optional(instant),
  consentEndsAtEpochMs: optional(instant),
  issuedAtEpochMs: optional(instant),
  refreshedAtEpochMs: optional(instant),
  deadlineEpochMs: optional(instant),
  reconciledAtEpochMs: optional(instant),
  reportedFaults: optional(
    (value) => typeof value === 'object' && value !== null && Object.values(value).every(instant),
  ),
  failures,
  phase,
});

/** Whether a parsed value has every member of a control record, of the right type. */
export const isControlRecord = (value: unknown): value is ControlRecord => record(value);
