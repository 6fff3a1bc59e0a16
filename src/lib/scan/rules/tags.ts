import type { Finding } from '../../credentials/findings.ts';
import { TAGS } from '../../credentials/tagNames.ts';
import { guidOf } from '../../kernel/guid.ts';
import { readInstant } from '../../kernel/instant.ts';
import { isLinkForPeople, LINK_FOR_PEOPLE } from '../../kernel/linkForPeople.ts';
import { nearestName } from '../../kernel/nearestName.ts';
import { printable, printableAddress } from '../../kernel/printable.ts';
import { readTargets } from '../../kernel/targets.ts';
import { DAY_MS } from '../../kernel/time.ts';
import { GRANT_TAGS } from '../../oauth/rules/grantTagNames.ts';
import type { Said } from './sources.ts';
import { readThreshold, type Threshold } from './threshold.ts';

const PREFIX = 'keywatch-';
const KNOWN_TAGS: ReadonlySet<string> = new Set([...Object.values(TAGS), ...Object.values(GRANT_TAGS)]);

/** A snooze is for a planned renewal, not for good: whoever may set a tag cannot silence an alert for longer. */
export const MAXIMUM_SNOOZE_DAYS = 90;

/** What the tags of one object say. A malformed tag says nothing: it is a finding. */
export interface TagReading extends Said {
  readonly findings: readonly Finding[];
  /** The application whose secret it holds, and which one: ids in lower case. */
  readonly app?: string | undefined;
  readonly keyId?: string | undefined;
}

/** What an object without a `keywatch-` tag says: one value for all, as most objects are like that. */
export const NOTHING_SAID: TagReading = Object.freeze({ findings: [] });

/** Reads the `keywatch-…` tags of one object; other tags are none of our business. Never throws. */
export const readTags = (tags: Readonly<Record<string, string>>, nowEpochMs: number): TagReading => {
  const given = Object.keys(tags);
  if (!given.some(isOurs)) return NOTHING_SAID;
  const findings: Finding[] = [];
  for (const tag of given) if (isOurs(tag) && !KNOWN_TAGS.has(tag)) findings.push(unknownTag(tag));
  const read = <T>(tag: string, parse: (text: string) => T | Refusal): T | undefined => {
    if (!Object.hasOwn(tags, tag)) return undefined;
    const text = String(tags[tag]);
    const parsed = parse(text);
    if (!isRefusal(parsed)) return parsed;
    findings.push(malformedTag(tag, parsed.given ?? text, parsed.allowed));
    return undefined;
  };
  return {
    owner: read(TAGS.owner, readOwner),
    warning: read(TAGS.warningDays, readTagThreshold),
    critical: read(TAGS.criticalDays, readTagThreshold),
    runbook: read(TAGS.runbook, readRunbook),
    snoozeUntilEpochMs: read(TAGS.snoozeUntil, (text) => readSnooze(text, nowEpochMs)),
    ignoreUntilEpochMs: read(TAGS.ignore, readIgnore) ? Number.POSITIVE_INFINITY : undefined,
    renews: read(TAGS.renews, readTagThreshold),
    targets: read(TAGS.target, readTagTargets),
    app: read(TAGS.app, readGuid),
    keyId: read(TAGS.keyId, readGuid),
    findings,
  };
};

const isOurs = (tag: string): boolean => tag.slice(0, PREFIX.length).toLowerCase() === PREFIX;

const unknownTag = (tag: string): Finding => {
  const near = nearestName(tag, [...KNOWN_TAGS]);
  const allowed =
    near === undefined ? `one of ${Object.values(TAGS).join(', ')}` : `${near}, if that was meant`;
  return {
    code: 'malformed_tag',
    detail: `Tag ${printable(tag)} is not one that Keywatch knows; allowed is ${allowed}.`,
  };
};

const malformedTag = (tag: string, text: string, allowed: string): Finding => ({
  code: 'malformed_tag',
  detail: `Tag ${tag} is "${printableAddress(text)}"; allowed is ${allowed}. What holds without it applies.`,
});

/** What is allowed instead of a tag's text. */
interface Refusal {
  readonly allowed: string;
  /** The text as it may be shown, where not all of it may. */
  readonly given?: string;
}

const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'allowed' in value;

const readTagThreshold = (text: string): Threshold | Refusal => {
  const reading = readThreshold(text);
  return reading.ok ? reading.threshold : { allowed: reading.allowed };
};

const readOwner = (text: string): string | Refusal => {
  const owner = text.trim();
  return owner === '' || owner.length > 128 || printable(owner, 128) !== owner
    ? { allowed: 'a name or address of 1 to 128 printable characters' }
    : owner;
};

const readRunbook = (text: string): string | Refusal => {
  if (printable(text, 256) === text && isLinkForPeople(text)) return new URL(text).href;
  const [page = ''] = text.split(/[?#]/);
  const shown = page.replace(/\/\/[^/]*@/, '//…@');
  return { allowed: LINK_FOR_PEOPLE, given: page === text ? shown : `${shown}?…` };
};

const readSnooze = (text: string, nowEpochMs: number): number | Refusal => {
  const untilEpochMs = readInstant(text);
  // A date means the end of its day, which the last day allowed has as well.
  const latestEpochMs = nowEpochMs + (MAXIMUM_SNOOZE_DAYS + 1) * DAY_MS;
  return untilEpochMs === undefined || untilEpochMs >= latestEpochMs
    ? {
        allowed: `a date (2026-12-31) or an instant with its zone, at most ${MAXIMUM_SNOOZE_DAYS} days ahead`,
      }
    : untilEpochMs;
};

const readIgnore = (text: string): boolean | Refusal => {
  const word = text.trim().toLowerCase();
  return word === 'true' || word === 'false' ? word === 'true' : { allowed: '"true" or "false"' };
};

const readGuid = (text: string): string | Refusal => guidOf(text.trim()) ?? { allowed: 'a GUID' };

const readTagTargets = (text: string): readonly string[] | Refusal => {
  const reading = readTargets(text);
  return reading.ok ? reading.hosts : reading;
};
