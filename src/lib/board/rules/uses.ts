import { FINDINGS, type Finding } from '../../credentials/findings.ts';
import { isoDate } from '../../kernel/instant.ts';
import { isRecord } from '../../kernel/isRecord.ts';
import { DAY_MS } from '../../kernel/time.ts';
import { type CredentialRecord, parsedState, STATE_VERSION } from './records.ts';
import { UNUSED_AFTER_DAYS } from './useCalls.ts';

/** Who used something, and when last. Ids alone: of an application, and of whoever signed in, a person among them. */
export interface User {
  readonly appId?: string | undefined;
  readonly objectId?: string | undefined;
  /** What an application signed in to. */
  readonly resource?: string | undefined;
  readonly lastEpochMs: number;
}

/** What one log can say. */
export interface LogState {
  /** From when on it has no gap; absent: it says nothing. */
  readonly sinceEpochMs?: number | undefined;
  /** Why it says nothing, for people, with what to do. */
  readonly why?: string | undefined;
}

/** Of the last time that the logs were asked: what they say of the credentials of the state. */
export interface Uses {
  readonly version: typeof STATE_VERSION;
  readonly atEpochMs: number;
  /** Whether all that was asked was answered: if not, it is asked again soon. */
  readonly isWhole: boolean;
  /** By the name of the vault or directory. */
  readonly logs: Readonly<Record<string, LogState>>;
  /** Who used what, the last one first, by credential id. Empty: nobody did; absent: nobody asked. */
  readonly used: Readonly<Record<string, readonly User[]>>;
  /** Why use is not known, by credential id, of what no log can tell. */
  readonly untold: Readonly<Record<string, string>>;
}

export const readUses = (text: string): Uses | undefined => {
  const uses = parsedState(text) as Uses | undefined;
  const isOurs = uses !== undefined && [uses.logs, uses.used, uses.untold].every(isRecord);
  return isOurs && typeof uses.atEpochMs === 'number' ? uses : undefined;
};

/** What is known of the use of one credential. */
export interface Usage {
  /** When the logs were asked; absent: never. */
  readonly askedEpochMs?: number | undefined;
  readonly lastEpochMs?: number | undefined;
  /** Of the last {@link USERS_OF_DAYS}, the last one first. */
  readonly users: readonly User[];
  /** Since when nobody used it, for certain, where nobody did. */
  readonly unusedSinceEpochMs?: number | undefined;
  /** Why that is not known. */
  readonly why?: string | undefined;
}

export const USERS_OF_DAYS = 30;
/** Asked once a day: what is older says nothing of today. */
const STALE_MS = 2 * DAY_MS;

const NEVER_ASKED =
  'no log was asked: KEYWATCH_USE_WORKSPACE_ID names the workspace that has them (docs/board.md, "Used by")';

/** The log has sign-ins that involve no person; those that do are logged elsewhere, without the credential. */
const USED_WITH_PEOPLE =
  'where the application signs people in, or acts for them, no log says with which of its credentials';

/** @param uses absent: no log was ever asked */
export const usageOf = (uses: Uses | undefined, one: CredentialRecord, nowEpochMs: number): Usage => {
  if (one.kind === 'saml_certificate')
    return { users: [], why: 'Entra ID logs no use of a certificate that it signs with' };
  if (uses === undefined) return { users: [], why: NEVER_ASKED };
  const { atEpochMs, logs, used, untold } = uses;
  const ownOf = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
    Object.hasOwn(table, key) ? table[key] : undefined;
  const all = ownOf(used, one.credentialId);
  const [last] = all ?? [];
  const known = {
    askedEpochMs: atEpochMs,
    lastEpochMs: last?.lastEpochMs,
    users: (all ?? []).filter(({ lastEpochMs }) => lastEpochMs > atEpochMs - USERS_OF_DAYS * DAY_MS),
  };
  const log = ownOf(logs, one.vault);
  const why =
    ownOf(untold, one.credentialId) ??
    (all === undefined || log === undefined
      ? 'the logs were not asked about it: it is new, or too far from urgent'
      : log.why) ??
    (nowEpochMs - atEpochMs > STALE_MS ? 'the logs were not asked for two days' : undefined);
  if (why !== undefined) return { ...known, why };
  const isOfApplication = one.kind === 'app_secret' || one.kind === 'app_certificate';
  if (isOfApplication && known.users.length === 0) return { ...known, why: USED_WITH_PEOPLE };
  const since = log?.sinceEpochMs;
  if (last !== undefined || since === undefined) return known;
  // Before it was made nobody could use it.
  return { ...known, unusedSinceEpochMs: Math.max(since, one.createdEpochMs ?? since) };
};

/** That nobody uses it, where that is certain and lasts. What asks for nothing, and what has ended, is left alone. */
export const unusedFinding = (
  { unusedSinceEpochMs, lastEpochMs, askedEpochMs, why }: Usage,
  { status, suppressed }: Pick<CredentialRecord, 'status' | 'suppressed'>,
): Finding[] => {
  const since = unusedSinceEpochMs ?? (why === undefined ? lastEpochMs : undefined);
  const isOver = status === 'disabled' || status === 'expired' || suppressed !== undefined;
  if (since === undefined || askedEpochMs === undefined || isOver) return [];
  if (askedEpochMs - since < UNUSED_AFTER_DAYS * DAY_MS) return [];
  const words = `Nobody has used it since ${isoDate(since)}, as far as the logs of ${UNUSED_AFTER_DAYS} days show.`;
  return [{ code: 'unused', detail: `${words} ${FINDINGS.unused.fix}` }];
};

/** Used on the day before the logs were asked: its end would be felt at once. */
export const isUsedDaily = ({ lastEpochMs, askedEpochMs }: Usage): boolean =>
  lastEpochMs !== undefined && askedEpochMs !== undefined && askedEpochMs - lastEpochMs < DAY_MS;

/** A log that says nothing for longer had a gap: what happened in it nobody knows. A quiet weekend is none. */
const LONGEST_QUIET_MS = 3 * DAY_MS;

/**
 * From when on a log has no gap, by the days on which it has a row.
 * @param days their beginnings, in any order
 * @returns absent where it says nothing of today
 */
export const unbrokenSince = (days: readonly number[], nowEpochMs: number): number | undefined => {
  let since: number | undefined;
  let next = nowEpochMs;
  for (const day of days.toSorted((one, other) => other - one)) {
    if (next - day > LONGEST_QUIET_MS) break;
    next = day;
    since = day;
  }
  return since;
};

/** Of each credential no more are kept: who comes last. */
const MOST_USERS = 20;
/** Half of what a store gives back of one piece: some characters take more bytes than one. */
const MOST_CHARACTERS = 32 * 2 ** 20;

/** With so many users of each credential that it can be read back. */
export const usesText = (uses: Omit<Uses, 'version'>, mostCharacters = MOST_CHARACTERS): string => {
  for (let most = MOST_USERS; ; most = Math.floor(most / 2)) {
    const used = Object.entries(uses.used).map(([id, users]) => [id, users.slice(0, most)]);
    const text = JSON.stringify({ version: STATE_VERSION, ...uses, used: Object.fromEntries(used) });
    if (text.length <= mostCharacters || most <= 1) return text;
  }
};
