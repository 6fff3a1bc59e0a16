/** Tags that Keywatch itself writes on the secrets of grants. */
export const GRANT_TAGS = {
  seq: 'keywatch-seq',
  state: 'keywatch-state',
  refreshedAt: 'keywatch-refreshed-at',
  consentedAt: 'keywatch-consented-at',
  consentEndsAt: 'keywatch-consent-ends-at',
  provider: 'keywatch-provider',
  stage: 'keywatch-stage',
  deployment: 'keywatch-deployment',
} as const;

/** The sequence number that Keywatch put on a version; absent: it did not write it, or the tag was changed. */
export const seqOf = (tags: Readonly<Record<string, string>>): number | undefined => {
  const text = tags[GRANT_TAGS.seq];
  if (text === undefined || !/^\d{1,15}$/.test(text)) return undefined;
  return Number(text);
};

/** Nobody counts so far, and what is made up must leave numbers for the tokens to come: an envelope has none of 16 digits. */
const FURTHEST = 10 ** 12;

/** Whether a grant may go on from this number. @param from the highest number that is known */
export const isReachableSeq = (seq: number, from: number): boolean => seq <= from + FURTHEST;

/** The sequence number of a version, where a grant may go on from it. @param from the highest number that is known */
export const reachableSeqOf = (tags: Readonly<Record<string, string>>, from: number): number | undefined => {
  const seq = seqOf(tags);
  return seq !== undefined && isReachableSeq(seq, from) ? seq : undefined;
};
