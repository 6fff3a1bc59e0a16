import * as z from 'zod/mini';
import { CREDENTIAL_KINDS } from '../credentials/kinds.ts';
import { readInstant } from '../kernel/instant.ts';
import { keysOf } from '../kernel/keysOf.ts';
import { described, optional, ownerName, textLike, textOf } from '../kernel/schema.ts';
import { endedLongAgoDays, linkForPeople, mustExpire, targetList, threshold } from './memberTypes.ts';
import { parsedBy } from './parsedBy.ts';

const until = parsedBy(z.string().check(z.maxLength(40)), (given) => {
  const value = readInstant(given);
  return value === undefined
    ? { ok: false, allowed: 'a date (2026-12-31, to its end in UTC) or an instant with its zone' }
    : { ok: true, value };
});

const match = z.strictObject({
  vault: optional(
    textOf(1, 300),
    'Name of the vault as tables show it, or its address; or the name of the directory.',
  ),
  kind: optional(z.enum(keysOf(CREDENTIAL_KINDS)), 'Kind of the object.'),
  name: optional(
    textLike(
      /^(?:[0-9A-Za-z*-]{1,127}|[^/]{1,80}(?:\/[0-9a-f*-]{1,36}){1,2})$/,
      'a name of letters, digits and dashes, * for any of them; of an application its name, a slash, and *',
    ),
    'Name of the object, `*` for any characters: `sf-*`; of an application `CRM portal/*`.',
  ),
  owner: optional(
    ownerName,
    'Whose it is, by tag, another rule, grant or vault; such a rule cannot say another owner.',
  ),
});

/** What holds for credentials that somebody may not tag. */
export const ruleEntry = z.strictObject({
  match: described(match, 'Which credentials it is for: those for which all of this is true.'),
  owner: optional(ownerName, 'Who owns them.'),
  warning: optional(threshold, 'When they become warning, as in `defaults`.'),
  critical: optional(threshold, 'When they become critical, as in `defaults`.'),
  endedLongAgoDays: optional(
    endedLongAgoDays,
    'For how many days after an end they alert, as in `defaults`.',
  ),
  mustExpire,
  renews: optional(
    threshold,
    'How long before their end something renews them without anybody: until then, and two days more, they alert nobody.',
  ),
  runbook: optional(linkForPeople, 'What to do when one ends.'),
  targets: optional(targetList, 'Hosts that they are used at.'),
  snoozeUntil: optional(
    until,
    'Until when they alert nobody, at most 90 days ahead. Never hides the end itself.',
  ),
  ignoreUntil: optional(
    until,
    'Until when they are left out of status counts and alerts, at most 366 days ahead.',
  ),
  reason: optional(textOf(1, 200), 'Why; needed with `snoozeUntil` and `ignoreUntil`.'),
});

export type RuleEntry = z.infer<typeof ruleEntry>;
