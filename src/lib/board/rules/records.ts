import { CREDENTIAL_KINDS } from '../../credentials/kinds.ts';
import { CREDENTIAL_SOURCES, type SourceName } from '../../credentials/sources.ts';
import { CREDENTIAL_STATUSES } from '../../credentials/statuses.ts';
import { isRecord } from '../../kernel/isRecord.ts';
import { jsonObjectOf } from '../../kernel/json.ts';
import type { Assessment } from '../../scan/rules/credential.ts';
import { describeRenewal } from '../../scan/rules/renewal.ts';
import type { ScanCounts } from '../../scan/rules/vaultScan.ts';

/** Of every piece. One of another version counts as absent: the next scan or run writes it anew. */
export const STATE_VERSION = 1;

/** A credential as a scan saw it. */
export type CredentialRecord = Omit<Assessment, 'judgement' | 'renewal'> & {
  /** In words. */
  readonly renewal?: string | undefined;
};

export const recordOf = ({ judgement: _, renewal, ...kept }: Assessment): CredentialRecord => ({
  ...kept,
  renewal: renewal && describeRenewal(renewal),
});

/** How a scan of one target ended. */
export interface LastScan {
  readonly atEpochMs: number;
  readonly outcome: 'complete' | 'failed';
  readonly reason?: string | undefined;
  /** What happened, for people, and what to do. */
  readonly message?: string | undefined;
  readonly action?: string | undefined;
}

/** Some of the credentials of a target, in a piece that never changes. */
export interface Part {
  readonly name: string;
  readonly count: number;
  /** The lowest {@link urgencyOf} of what is in it. */
  readonly urgency: number;
}

/** What is known of one target: how its last scan ended, and what its last complete one saw. */
export interface TargetState {
  readonly version: typeof STATE_VERSION;
  readonly source: SourceName;
  /** What a scan request names: the address of a vault. */
  readonly target: string;
  readonly vault: string;
  readonly last: LastScan;
  readonly complete?:
    | { readonly atEpochMs: number; readonly counts: ScanCounts; readonly parts: readonly Part[] }
    | undefined;
}

/** The object in a piece of this version; absent for anything else. */
export const parsedState = (text: string): Readonly<Record<string, unknown>> | undefined => {
  const value = jsonObjectOf(text);
  return value?.['version'] === STATE_VERSION ? value : undefined;
};

/** A piece as this version wrote it; absent where another did, or where it is none. */
export const readTargetState = (text: string): TargetState | undefined => {
  const state = parsedState(text) as TargetState | undefined;
  const isOurs =
    state !== undefined &&
    Object.hasOwn(CREDENTIAL_SOURCES, state.source) &&
    typeof state.vault === 'string' &&
    saysWhen(state.last) &&
    (state.complete === undefined || isComplete(state.complete));
  return isOurs ? state : undefined;
};

/** Without that nobody can tell what is old. */
export const saysWhen = (one: unknown): one is Readonly<Record<string, unknown>> =>
  isRecord(one) && typeof one['atEpochMs'] === 'number';

const isComplete = (one: unknown): boolean =>
  saysWhen(one) && isRecord(one['counts']) && Array.isArray(one['parts']) && one['parts'].every(isPart);

const isPart = (one: unknown): boolean =>
  isRecord(one) &&
  typeof one['name'] === 'string' &&
  typeof one['count'] === 'number' &&
  typeof one['urgency'] === 'number';

export const partText = (credentials: readonly CredentialRecord[]): string =>
  JSON.stringify({ version: STATE_VERSION, credentials });

/** Absent where that is not all of the part: somebody damaged it, or another version wrote it. */
export const readPart = (text: string, { count }: Part): readonly CredentialRecord[] | undefined => {
  const credentials = parsedState(text)?.['credentials'];
  const isWhole =
    Array.isArray(credentials) && credentials.length === count && credentials.every(isCredential);
  return isWhole ? credentials : undefined;
};

/** What another version may have written has words that no table of this one knows. */
const isCredential = (one: unknown): one is CredentialRecord =>
  isRecord(one) &&
  typeof one['credentialId'] === 'string' &&
  Object.hasOwn(CREDENTIAL_STATUSES, String(one['status'])) &&
  Object.hasOwn(CREDENTIAL_KINDS, String(one['kind'])) &&
  Array.isArray(one['findings']);
