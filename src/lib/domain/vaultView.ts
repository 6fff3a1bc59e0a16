import type { ControlRecord } from './controlRecord.ts';
import { GRANT_TAGS } from './tags.ts';

/** How the latest version in the vault relates to what the control record says should be there. */
export type VaultView =
  /** The token that the record names, maybe as another version of the same value. */
  | { readonly kind: 'expected' }
  /** Ours and newer than the record knows: it was stored by an attempt that could not say so. */
  | { readonly kind: 'ahead'; readonly seq: number }
  /** Ours and older: a delayed write, or a restored version, landed on top of a newer token. */
  | { readonly kind: 'behind' }
  /** Written by somebody else: a person who consented again, or another program. It wins. */
  | { readonly kind: 'foreign' };

/** The sequence number that Keywatch put on a version; absent: it did not write it, or the tag was changed. */
export const seqOf = (tags: Readonly<Record<string, string>>): number | undefined => {
  const text = tags[GRANT_TAGS.seq];
  if (text === undefined || !/^\d{1,15}$/.test(text)) return undefined;
  return Number(text);
};

/**
 * Compares the latest version with the record. The value decides before the tags do: a person who
 * copies all tags to a new token has written a foreign token.
 */
export const viewVault = (
  record: Pick<ControlRecord, 'seq' | 'fingerprint' | 'previousFingerprint'>,
  latest: { readonly tags: Readonly<Record<string, string>>; readonly fingerprint: string },
): VaultView => {
  const seq = seqOf(latest.tags);
  if (record.fingerprint === undefined) return { kind: 'foreign' };
  if (latest.fingerprint === record.fingerprint) return { kind: 'expected' };
  if (latest.fingerprint === record.previousFingerprint) return { kind: 'behind' };
  if (seq === undefined || seq === record.seq) return { kind: 'foreign' };
  return seq > record.seq ? { kind: 'ahead', seq } : { kind: 'behind' };
};
