import type { Finding } from './credential.ts';
import { readInstant } from './instant.ts';
import { nearestName } from './nearestName.ts';
import { printable } from './printable.ts';
import { DAY_MS, readThreshold, type Threshold } from './threshold.ts';

/** The tags by which whoever owns a Key Vault object steers its alerts. */
export const TAGS = {
  owner: 'keywatch-owner',
  warnDays: 'keywatch-warn-days',
  pageDays: 'keywatch-page-days',
  runbook: 'keywatch-runbook',
  snoozeUntil: 'keywatch-snooze-until',
  ignore: 'keywatch-ignore',
} as const;

/** Tags that Keywatch itself writes on the secrets of grants. */
export const GRANT_TAGS = {
  seq: 'keywatch-seq',
  state: 'keywatch-state',
  refreshedAt: 'keywatch-refreshed-at',
  provider: 'keywatch-provider',
  stage: 'keywatch-stage',
} as const;

const PREFIX = 'keywatch-';
const KNOWN_TAGS: readonly string[] = [...Object.values(TAGS), ...Object.values(GRANT_TAGS)];

/** A snooze is for a planned renewal, not for good: whoever may set a tag cannot silence an alert for longer. */
export const MAXIMUM_SNOOZE_DAYS = 90;

/** What the tags of one object ask for. A malformed tag asks for nothing: it is a finding. */
export interface TagReading {
  readonly owner: string | undefined;
  readonly warn: Threshold | undefined;
  readonly page: Threshold | undefined;
  readonly runbook: string | undefined;
  readonly snoozeUntilEpochMs: number | undefined;
  readonly ignore: boolean;
  readonly findings: readonly Finding[];
}

/** Reads the `keywatch-…` tags of one object; other tags are none of our business. Never throws. */
export const readTags = (tags: Readonly<Record<string, string>>, nowEpochMs: number): TagReading => {
  const findings: Finding[] = [];
  const refuse = (tag: string, given: string, allowed: string): undefined => {
    const detail = `Tag ${printable(tag)} is "${printable(given)}"; allowed is ${allowed}. The default applies.`;
    findings.push({ code: 'malformed_tag', detail });
    return undefined;
  };
  const read = <T>(tag: string, parse: (text: string) => T | { allowed: string }): T | undefined => {
    const text = tags[tag];
    if (text === undefined) return undefined;
    const parsed = parse(text);
    return isRefusal(parsed) ? refuse(tag, text, parsed.allowed) : parsed;
  };
  const threshold = (text: string): Threshold | { allowed: string } => {
    const reading = readThreshold(text);
    return reading.ok ? reading.threshold : { allowed: reading.allowed };
  };

  for (const tag of Object.keys(tags)) {
    if (!tag.toLowerCase().startsWith(PREFIX) || KNOWN_TAGS.includes(tag)) continue;
    const near = nearestName(tag, KNOWN_TAGS);
    const hint =
      near === undefined ? `one of ${Object.values(TAGS).join(', ')}` : `${near}, if that was meant`;
    findings.push({
      code: 'malformed_tag',
      detail: `Tag ${printable(tag)} is not one that Keywatch knows; allowed is ${hint}.`,
    });
  }
  return {
    owner: read(TAGS.owner, readOwner),
    warn: read(TAGS.warnDays, threshold),
    page: read(TAGS.pageDays, threshold),
    runbook: read(TAGS.runbook, readRunbook),
    snoozeUntilEpochMs: read(TAGS.snoozeUntil, (text) => readSnooze(text, nowEpochMs)),
    ignore: read(TAGS.ignore, readIgnore) ?? false,
    findings,
  };
};

const isRefusal = (value: unknown): value is { allowed: string } =>
  typeof value === 'object' && value !== null && 'allowed' in value;

const readOwner = (text: string): string | { allowed: string } => {
  const owner = text.trim();
  return owner === '' || owner.length > 128 || printable(owner, 128) !== owner
    ? { allowed: 'a name or address of 1 to 128 printable characters' }
    : owner;
};

const readRunbook = (text: string): string | { allowed: string } => {
  const refusal = { allowed: 'an https:// address without credentials' };
  if (printable(text, 256) !== text || !URL.canParse(text)) return refusal;
  const url = new URL(text);
  return url.protocol === 'https:' && url.username === '' && url.password === '' ? url.href : refusal;
};

const readSnooze = (text: string, nowEpochMs: number): number | { allowed: string } => {
  const untilEpochMs = readInstant(text);
  return untilEpochMs === undefined || untilEpochMs > nowEpochMs + MAXIMUM_SNOOZE_DAYS * DAY_MS
    ? {
        allowed: `a date (2026-12-31) or an instant with its zone, at most ${MAXIMUM_SNOOZE_DAYS} days ahead`,
      }
    : untilEpochMs;
};

const readIgnore = (text: string): boolean | { allowed: string } => {
  const word = text.trim().toLowerCase();
  return word === 'true' || word === 'false' ? word === 'true' : { allowed: '"true" or "false"' };
};
