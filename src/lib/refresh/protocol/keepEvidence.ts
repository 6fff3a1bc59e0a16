import type { PreparedAttempt } from './attempt.ts';

/**
 * Where the fallback store keeps answers that nobody could read. No grant's id has a tilde, so what lies there is
 * never listed as a token of a grant, and its envelope, bound to this name, never opens as one.
 */
export const evidenceName = (grantId: string): string => `${grantId}~unread`;

/**
 * Seals what came of a request whose answer could not be read, and puts it aside: a new token may be in it,
 * and a person can open it. Only that: nothing reads it again.
 * @returns the name in the fallback store, or `undefined` when it could not be kept. Never rejects.
 */
export const keepEvidence = async (
  { ports, grant, intent, seal }: PreparedAttempt,
  evidence: () => string,
): Promise<string | undefined> => {
  const name = evidenceName(grant.id);
  try {
    const envelope = seal(evidence(), { subject: name, seq: intent.nextSeq });
    return (await ports.fallback.put(name, envelope)).ok ? name : undefined;
  } catch {
    // With the answer in doubt nothing may keep the attempt from being told.
    return undefined;
  }
};

/** What is said of it. */
export const evidenceText = (evidence: (() => string) | undefined, kept: string | undefined): string => {
  if (evidence === undefined) return '';
  return kept === undefined
    ? ' What came could not be kept.'
    : ` What came is kept sealed in the fallback store as ${kept}: the new token may be in it.`;
};
