import { events } from './events.ts';
import { metrics } from './metrics.ts';
import { callRecord, failureRecord } from './records.ts';

/** Attributes that are words for people, or come from an answer: whatever was registered is looked for in them. */
const FREE_TEXT: ReadonlySet<string> = new Set(['action', 'detail', 'oauthError', 'reconnectUrl', 'runbook']);

/**
 * Attributes by which alerts group and join: which credential, vault, owner, provider, outcome. They come from the
 * config, from the names of a vault, or from the code, and never from an answer.
 */
const IDENTIFYING: ReadonlySet<string> = new Set(
  [...Object.values(events), ...Object.values(metrics), failureRecord, callRecord]
    .flatMap(({ attributes }) => Object.keys(attributes))
    .filter((name) => !FREE_TEXT.has(name)),
);

/** Members of an item's data that the code or the config alone decides: the host of a call, the code of a failure. */
const IDENTIFYING_DATA: ReadonlySet<string> = new Set(['target', 'typeName']);

/** Whether the text at this place of an item says what it is about. `tags` are the SDK's own, with the role's name. */
export const isIdentifying = (path: readonly string[]): boolean => {
  const [, second, third] = path;
  if (path[0] === 'tags') return true;
  if (path[0] !== 'data' || second !== 'baseData') return false;
  const last = path.at(-1) ?? '';
  if (third === 'properties') return path.length === 4 && IDENTIFYING.has(last);
  return IDENTIFYING_DATA.has(last) && (path.length === 3 || third === 'exceptions');
};
