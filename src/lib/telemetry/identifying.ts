import { events } from './events.ts';
import { metrics } from './metrics.ts';
import { callRecord, failureRecord } from './records.ts';

/** Attributes that are words for people, or come from an answer: whatever was registered is looked for in them. */
const FREE_TEXT: ReadonlySet<string> = new Set(['action', 'detail', 'oauthError']);

/** Addresses that people open, from the config or a tag. */
const LINKS: ReadonlySet<string> = new Set(['reconnectUrl', 'runbook']);

/**
 * Attributes by which alerts group and join: which credential, vault, owner, provider, outcome. They come from the
 * config, from the names of a vault, or from the code, and never from an answer.
 */
const IDENTIFYING: ReadonlySet<string> = new Set(
  [...Object.values(events), ...Object.values(metrics), failureRecord, callRecord]
    .flatMap(({ attributes }) => Object.keys(attributes))
    .filter((name) => !FREE_TEXT.has(name) && !LINKS.has(name)),
);

/** Members of an item's data that the code or the config alone decides: the host of a call, the code of a failure. */
const IDENTIFYING_DATA: ReadonlySet<string> = new Set(['target', 'typeName']);

/** What is said at a place of an item: what it is about, where people go, or anything. */
export type Place = 'identifying' | 'link' | 'free';

/** Of which sort the text at this place of an item is. `tags` are the SDK's own, with the role's name. */
export const placeOf = (path: readonly string[]): Place => {
  const [first, second, third] = path;
  if (first === 'tags') return 'identifying';
  if (first !== 'data' || second !== 'baseData') return 'free';
  const last = path.at(-1) ?? '';
  if (third === 'properties' && path.length === 4) {
    if (LINKS.has(last)) return 'link';
    return IDENTIFYING.has(last) ? 'identifying' : 'free';
  }
  const isNamed = IDENTIFYING_DATA.has(last) && (path.length === 3 || third === 'exceptions');
  return isNamed ? 'identifying' : 'free';
};
