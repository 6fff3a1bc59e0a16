import type { StoreFailure } from '../kernel/storeFailure.ts';
import { isLost } from '../stores/rules/sealedEnvelope.ts';
import type { RefreshPorts } from './ports.ts';
import { evidenceName } from './protocol/keepEvidence.ts';

/** An answer that nobody could read, as it came: see `RawTokenResponse` for what is in the text. */
export interface UnreadAnswer {
  /** The sequence number that its token would have had; the highest is the newest. */
  readonly seq: number;
  /** JSON. May hold a token that works: for a person's eyes and a private file alone. */
  readonly text: string;
}

export type EvidenceReading =
  | { readonly ok: true; readonly answers: readonly UnreadAnswer[]; readonly unopened: number }
  | StoreFailure;

/** All answers of a grant that were sealed aside because nobody could read them, the newest first. */
export const openEvidence = async (
  { fallback, seal }: Pick<RefreshPorts, 'fallback' | 'seal'>,
  grantId: string,
): Promise<EvidenceReading> => {
  const name = evidenceName(grantId);
  const answers: UnreadAnswer[] = [];
  const unopened: StoreFailure[] = [];
  let from: string | undefined;
  do {
    const listed = await fallback.list(name, -1, from);
    if (!listed.ok) return listed;
    for (const { envelope } of listed.fallback) {
      const opened = await seal.unseal(envelope, name);
      if (opened.ok) answers.push({ seq: opened.seq, text: opened.plaintext });
      else if (isLost(opened)) unopened.push(opened);
      else return opened;
    }
    from = listed.next;
  } while (from !== undefined);
  const keyGone = unopened.find(({ reason }) => reason === 'key_gone');
  if (answers.length === 0 && keyGone !== undefined) return keyGone;
  return { ok: true, answers: answers.toSorted((a, b) => b.seq - a.seq), unopened: unopened.length };
};
