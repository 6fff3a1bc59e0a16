import * as z from 'zod/mini';
import { isInstant } from '../../kernel/instant.ts';
import type { RecordFormat } from '../../stores/rules/recordText.ts';
import type { ControlRecord } from './controlRecord.ts';
import { isSpent } from './vaultView.ts';

const text = z.string();
const count = z.int().check(z.nonnegative());
const instant = z.number().check(z.refine(isInstant));

const sealedVersion = z.object({
  /** `sealed-NUMBER-ID`: no name is given twice, also after the account was restored. */
  version: text,
  /** Counts the versions of this grant, and is bound to the envelope. */
  number: count,
  envelope: text,
  /** Of the value, by the salt of this secret. */
  fingerprint: text,
  tags: z.record(text, text),
  expiresOnEpochMs: z.optional(instant),
  contentType: z.optional(text),
  createdEpochMs: instant,
});

const vaultCopy = z.object({
  /** Fingerprints of what was put into the vault, or was found there, newest first: whoever writes one again means none. */
  known: z.array(text),
  /** The version of the vault that holds the copy, what is in it, and the copy before that one. */
  version: z.optional(text),
  fingerprint: z.optional(text),
  previousVersion: z.optional(text),
  /** When the vault was last known to hold the newest token. */
  copiedAtEpochMs: z.optional(instant),
  /** What is about to be written there: noted before, so that a crash in between is recognised. */
  pending: z.optional(text),
  /** When people were last told that the copy is late. */
  lateReportedAtEpochMs: z.optional(instant),
});

const sealedSecret = z.object({
  schema: z.literal(1),
  grantId: text,
  salt: text,
  /** `released`: the vault holds the newest token, and nothing may be written here. */
  state: z.enum(['active', 'released']),
  made: count,
  /** The number of the version with which the vault handed over: as long as it is the newest, the vault has it too. */
  enteredAt: count,
  /** Oldest first. */
  versions: z.array(sealedVersion),
  copy: vaultCopy,
});

type Frozen<T> = T extends object ? { readonly [Member in keyof T]: Frozen<T[Member]> } : T;

export type SealedVersion = Frozen<z.infer<typeof sealedVersion>>;
/** The secret of one grant as it is kept outside of Key Vault: versions with sealed values, and what the vault has of them. */
export type SealedSecret = Frozen<z.infer<typeof sealedSecret>>;

export const SEALED_SECRET: RecordFormat<SealedSecret> = {
  isRecord: (value): value is SealedSecret => sealedSecret.safeParse(value).success,
  idOf: ({ grantId }) => grantId,
};

/** The token that is spent, the one that takes its place, and what attempts with an unknown end may have left. */
const VERSIONS_KEPT = 12;
/** A copy a day: what a person may find in the vault and write again is younger than that. */
const KNOWN_KEPT = 60;

export const versionName = (number: number, id: string): string => `sealed-${number}-${id}`;

/** The number of a version that is kept sealed; absent: it is the name of a version of Key Vault. */
export const sealedNumberOf = (version: string | undefined): number | undefined => {
  const [, digits] = /^sealed-(\d{1,15})-/.exec(version ?? '') ?? [];
  return digits === undefined ? undefined : Number(digits);
};

/** What the vault hands over: the first version, on top of what is known from an earlier time. */
export const enteredSecret = (
  grantId: string,
  salt: string,
  earlier: SealedSecret | undefined,
): SealedSecret => {
  const made = earlier?.made ?? 0;
  const fresh = { schema: 1, grantId, salt, made, copy: { known: [] } } as const;
  return { ...fresh, ...earlier, state: 'active', enteredAt: made + 1, versions: [] };
};

export const withVersion = (secret: SealedSecret, version: SealedVersion): SealedSecret => ({
  ...secret,
  made: version.number,
  versions: [...secret.versions, version].slice(-VERSIONS_KEPT),
});

/** The vault is the store again: nothing is left here that could be taken for a token. */
export const releasedSecret = (secret: SealedSecret): SealedSecret => ({
  ...secret,
  state: 'released',
  versions: [],
});

export const newestOf = ({ versions }: Pick<SealedSecret, 'versions'>): SealedVersion | undefined =>
  versions.at(-1);

/** Whether anything was written here since the vault handed over. */
export const hasMovedOn = (secret: SealedSecret): boolean => secret.made > secret.enteredAt;

/** The copy is in the vault, as that version. */
export const withCopy = (
  { copy, ...secret }: SealedSecret,
  { version, fingerprint }: { readonly version: string; readonly fingerprint: string },
  nowEpochMs: number,
): SealedSecret => ({
  ...secret,
  copy: {
    ...withKnown(copy, fingerprint),
    version,
    fingerprint,
    previousVersion: version === copy.version ? copy.previousVersion : copy.version,
    copiedAtEpochMs: nowEpochMs,
    pending: undefined,
    lateReportedAtEpochMs: undefined,
  },
});

export const withPending = ({ copy, ...secret }: SealedSecret, pending: string): SealedSecret => ({
  ...secret,
  copy: { ...withKnown(copy, pending), pending },
});

const withKnown = (copy: SealedSecret['copy'], fingerprint: string): SealedSecret['copy'] => ({
  ...copy,
  known: [...new Set([fingerprint, ...copy.known])].slice(0, KNOWN_KEPT),
});

/** What the vault shows beside the sealed secret. */
export type CopyView =
  /** The newest token. */
  | 'current'
  /** One of ours: the copy waits for its day, or a late write landed. */
  | 'older'
  /** A person wrote it: another token, or the dead one again, so that it is tried once more. */
  | 'foreign';

/** The latest version of the vault, with the fingerprint of its value by either salt. */
export interface VaultLatest {
  readonly version: string;
  readonly bySecret: string;
  readonly byRecord: string;
}

/**
 * Whether a person wrote what the vault holds. What we put there, meant to, have kept or know to be spent is ours,
 * as which version ever; a token that a person replaced unspent is that person's way back.
 */
export const viewCopy = (
  { versions, copy }: SealedSecret,
  record: ControlRecord | undefined,
  { version, bySecret, byRecord }: VaultLatest,
): CopyView => {
  if (newestOf({ versions })?.fingerprint === bySecret) {
    const isKnown = version === copy.version || copy.pending === bySecret;
    return record?.phase.state === 'dead' && !isKnown ? 'foreign' : 'current';
  }
  if (version === copy.version) return 'older';
  if (record?.previousFingerprint === byRecord && record.isPreviousUnspent === true) return 'foreign';
  const isOurs =
    copy.known.includes(bySecret) ||
    versions.some(({ fingerprint }) => fingerprint === bySecret) ||
    record?.fingerprint === byRecord ||
    (record !== undefined && isSpent(record, byRecord));
  return isOurs ? 'older' : 'foreign';
};
