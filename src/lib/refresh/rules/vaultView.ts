import { reachableSeqOf, seqOf } from '../../oauth/rules/grantTagNames.ts';
import type { ControlRecord } from './controlRecord.ts';

/** How the latest version in the vault relates to what the control record says should be there. */
export type VaultView =
  /** The token that the record names, maybe as another version of the same value. */
  | { readonly kind: 'expected' }
  /** Ours and newer than the record knows: it was stored by an attempt that could not say so. */
  | { readonly kind: 'ahead'; readonly seq: number }
  /** Known to be spent: a delayed write, or a restored version, landed on top of a newer token. */
  | { readonly kind: 'behind' }
  /** Written by somebody else: a person who consented again, or another program. It wins. */
  | { readonly kind: 'foreign' };

/** What a record knows of the tokens before its own. */
export type KnownPredecessors = Pick<
  ControlRecord,
  'previousFingerprint' | 'isPreviousUnspent' | 'spentFingerprints'
>;

/** Whether this token was replaced by a refresh, or refused for good: nobody who writes it again can mean it. */
export const isSpent = (record: KnownPredecessors, fingerprint: string): boolean =>
  (fingerprint === record.previousFingerprint && record.isPreviousUnspent !== true) ||
  (record.spentFingerprints ?? []).includes(fingerprint);

/**
 * Compares the latest version with the record. The value decides, not the tags: older is only a token
 * that is known to be spent. Any other is a person's, with whatever tags of ours it was written; there, a
 * number above the record's may also be an attempt's that could not say so, and either way it stays on top.
 */
export const viewVault = (
  record: Pick<ControlRecord, 'seq' | 'fingerprint'> &
    KnownPredecessors &
    Partial<Pick<ControlRecord, 'phase'>>,
  latest: { readonly tags: Readonly<Record<string, string>>; readonly fingerprint: string },
): VaultView => {
  const seq = seqOf(latest.tags);
  if (record.fingerprint === undefined) return { kind: 'foreign' };
  if (latest.fingerprint === record.fingerprint) return { kind: 'expected' };
  if (isSpent(record, latest.fingerprint)) return { kind: 'behind' };
  // The token that a person replaced: with our tags a late write of ours, without them that person's way back.
  const isLateWrite = seq !== undefined && record.phase?.state !== 'dead';
  if (latest.fingerprint === record.previousFingerprint) return { kind: isLateWrite ? 'behind' : 'foreign' };
  const ahead = reachableSeqOf(latest.tags, record.seq) ?? 0;
  return ahead > record.seq ? { kind: 'ahead', seq: ahead } : { kind: 'foreign' };
};
