import * as z from 'zod/mini';
import { isLinkForPeople, LINK_FOR_PEOPLE } from '../kernel/linkForPeople.ts';
import { optional, ownerName, textLike } from '../kernel/schema.ts';
import { MAXIMUM_TARGETS, readTarget, whyNoTarget } from '../kernel/targets.ts';
import { MAXIMUM_THRESHOLD_DAYS, readThreshold } from '../scan/rules/threshold.ts';
import { parsedBy } from './parsedBy.ts';

/** When a credential becomes `warning` or `critical`. */
export const threshold = parsedBy(
  z
    .union([z.number(), z.string()])
    // For editors only; `readThreshold` decides, and says better what is allowed.
    .check(z.meta({ minimum: 0, maximum: MAXIMUM_THRESHOLD_DAYS, pattern: '^\\d{1,6}(\\.\\d{1,3})?%?$' })),
  (given) => {
    const reading = readThreshold(String(given));
    return reading.ok ? { ok: true, value: reading.threshold } : reading;
  },
);

export const endedLongAgoDays = z.number().check(z.minimum(1), z.maximum(MAXIMUM_THRESHOLD_DAYS));

/** A link that people follow. */
export const linkForPeople = z
  .url({ protocol: /^https$/, error: LINK_FOR_PEOPLE, abort: true })
  .check(z.refine((text) => isLinkForPeople(text), { error: LINK_FOR_PEOPLE }));
const target = parsedBy(
  z
    .string()
    // The pattern is for editors only; `readTarget` decides.
    .check(z.maxLength(253), z.meta({ pattern: '^[0-9A-Za-z.-]+$' })),
  (given) => {
    const value = readTarget(given);
    return value === undefined
      ? { ok: false, allowed: `a full host name like api.partner.com; ${whyNoTarget(given)}` }
      : { ok: true, value };
  },
);
export const targetList = z.array(target).check(z.minLength(1), z.maxLength(MAXIMUM_TARGETS));

/** What a place of credentials is called. */
export const displayName = textLike(
  /^[0-9A-Za-z][0-9A-Za-z.-]{0,62}$/,
  'a name of up to 63 letters, digits, dots and hyphens',
);

export const mustExpire = optional(
  z.boolean(),
  'What a missing end is: an alert (`true`), fine (`false`), or when absent the finding `no_expiry`.',
);

/** What an entry says of all of a place. */
export const thresholds = {
  warning: optional(
    threshold,
    'When a credential becomes warning: days ("30") or a share of its lifetime ("20%").',
  ),
  critical: optional(threshold, 'When it becomes critical: days or a share, not more than `warning`.'),
  endedLongAgoDays: optional(
    endedLongAgoDays,
    'Days after its end from which what is still enabled pages nobody any more, and is a finding: disable or delete it. 14 when absent.',
  ),
  mustExpire,
  owner: optional(ownerName, 'Who owns what carries no keywatch-owner tag.'),
};
