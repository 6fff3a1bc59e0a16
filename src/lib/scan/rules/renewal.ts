import type { CredentialKind } from '../../credentials/kinds.ts';
import { isInstant, isoDate } from '../../kernel/instant.ts';
import { DAY_MS } from '../../kernel/time.ts';
import type { CredentialMetadata } from './credential.ts';
import { type Source, TAG } from './sources.ts';
import { thresholdMs } from './threshold.ts';

/** When a policy renews. Durations are ISO 8601 (`P90D`, `P18M`); a percentage is of the life that has passed. */
export interface RenewalTrigger {
  readonly daysBeforeEnd?: number | undefined;
  readonly lifetimePercentage?: number | undefined;
  readonly timeBeforeEnd?: string | undefined;
  readonly timeAfterCreation?: string | undefined;
}

/** The policy of a certificate, or the rotation policy of a key, as far as it renews. */
export interface RenewalPolicy {
  readonly isEnabled: boolean;
  /** Who issues the next certificate; absent for a key. */
  readonly issuer?: string | undefined;
  /** Of the actions that renew (AutoRenew, Rotate); those that only send mail are left out. */
  readonly triggers: readonly RenewalTrigger[];
}

/** Whether a credential gets a successor without anybody doing something. */
export type Renewal =
  | { readonly renews: true; readonly dueEpochMs: number; readonly by: string }
  | { readonly renews: false; readonly because: string };

type Dated = Pick<CredentialMetadata, 'createdEpochMs' | 'notBeforeEpochMs' | 'expiresOnEpochMs'>;

/** Those that have a policy at all. */
export const RENEWABLE_KINDS: ReadonlySet<CredentialKind> = new Set(['certificate', 'key']);

/**
 * What a policy means for the version that it is for. The issuer `Unknown` is a CA that Key Vault cannot ask: whatever
 * the policy says, somebody has to fetch the next certificate there.
 * @see https://learn.microsoft.com/azure/key-vault/certificates/overview-renew-certificate
 */
export const renewalByPolicy = ({ isEnabled, issuer, triggers }: RenewalPolicy, dated: Dated): Renewal => {
  if (!isEnabled) return { renews: false, because: 'its policy is disabled' };
  if (issuer?.toLowerCase() === 'unknown')
    return { renews: false, because: 'its issuer is Unknown, a CA that Key Vault cannot ask' };
  if (triggers.length === 0) return { renews: false, because: 'its policy has no action that renews it' };
  const due = triggers.map((trigger) => dueOf(trigger, dated)).filter((one) => one !== undefined);
  if (due.length === 0)
    return { renews: false, because: 'its policy does not say when, in a way that is understood' };
  return { renews: true, dueEpochMs: Math.min(...due), by: 'its policy' };
};

/** What a tag or a rule says: somebody else renews it that long before its end. */
export const renewalSaid = ({ origin, says }: Source, dated: Dated): Renewal | undefined => {
  if (says.renews === undefined) return undefined;
  const { expiresOnEpochMs } = dated;
  const life = lifeOf(dated);
  const ms = thresholdMs(says.renews, life && life.end - life.start);
  if (expiresOnEpochMs === undefined || ms === undefined) return undefined;
  const by = origin === TAG ? 'its tag' : origin;
  return { renews: true, dueEpochMs: bounded(expiresOnEpochMs - ms, dated), by };
};

/** A CA may take that long; and a renewal is never awaited into the second half of what is left. */
const GRACE_MS = 2 * DAY_MS;

/**
 * Where a renewal stands: `awaited` until it is due and for a grace of two days (half of what is left where that is
 * less), then `late`. The credential that is looked at is the newest, so nothing has taken over yet.
 */
export const renewalStage = (
  renewal: Renewal | undefined,
  expiresOnEpochMs: number | undefined,
  nowEpochMs: number,
): 'awaited' | 'late' | undefined => {
  if (renewal?.renews !== true || expiresOnEpochMs === undefined) return undefined;
  const graceMs = Math.min(GRACE_MS, Math.max(0, expiresOnEpochMs - renewal.dueEpochMs) / 2);
  return nowEpochMs < renewal.dueEpochMs + graceMs ? 'awaited' : 'late';
};

/** In words for people. */
export const describeRenewal = (renewal: Renewal): string =>
  renewal.renews
    ? `renewed by ${renewal.by}, due on ${isoDate(renewal.dueEpochMs)}`
    : `not renewed by itself: ${renewal.because}`;

const lifeOf = ({ createdEpochMs, notBeforeEpochMs, expiresOnEpochMs: end }: Dated) => {
  const start = notBeforeEpochMs ?? createdEpochMs;
  return start === undefined || end === undefined || end <= start ? undefined : { start, end };
};

/** Nothing is due before there is anything to renew. */
const bounded = (dueEpochMs: number, { createdEpochMs = dueEpochMs }: Dated): number =>
  Math.max(dueEpochMs, createdEpochMs);

const dueOf = (trigger: RenewalTrigger, dated: Dated): number | undefined => {
  const due = instantOf(trigger, dated);
  return due === undefined || !isInstant(due) ? undefined : bounded(due, dated);
};

const instantOf = (trigger: RenewalTrigger, dated: Dated): number | undefined => {
  const { daysBeforeEnd, lifetimePercentage, timeBeforeEnd, timeAfterCreation } = trigger;
  const { createdEpochMs, expiresOnEpochMs: end } = dated;
  if (daysBeforeEnd !== undefined && end !== undefined)
    return daysBeforeEnd >= 1 ? end - daysBeforeEnd * DAY_MS : undefined;
  if (lifetimePercentage !== undefined) {
    const life = lifeOf(dated);
    const isShare = lifetimePercentage >= 1 && lifetimePercentage <= 99;
    return life && isShare ? life.start + ((life.end - life.start) * lifetimePercentage) / 100 : undefined;
  }
  if (timeBeforeEnd !== undefined) return moved(end, timeBeforeEnd, -1);
  return timeAfterCreation === undefined ? undefined : moved(createdEpochMs, timeAfterCreation, 1);
};

const DURATION =
  /^P(?=\d|T\d)(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?)?$/i;

/** By the calendar: a month is as long as it is. */
const moved = (fromEpochMs: number | undefined, duration: string, sign: 1 | -1): number | undefined => {
  const parts = DURATION.exec(duration)?.slice(1);
  if (parts === undefined || fromEpochMs === undefined) return undefined;
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0] = parts.map(
    (part) => Number(part ?? 0) * sign,
  );
  const date = new Date(fromEpochMs);
  const day = date.getUTCDate();
  date.setUTCMonth(date.getUTCMonth() + months + 12 * years);
  // A month that has no such day is left behind: its last day is meant.
  if (date.getUTCDate() !== day) date.setUTCDate(0);
  return date.getTime() + (weeks * 7 + days) * DAY_MS + (hours * 60 + minutes) * 60_000;
};
