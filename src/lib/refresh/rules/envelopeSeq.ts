const SEQ = /^kwseal1\.(\d{1,15})\./;

/** The sequence number that an envelope names, for putting envelopes in order; true only once it was opened. -1: it is none. */
export const envelopeSeq = (envelope: string): number => Number(SEQ.exec(envelope)?.[1] ?? -1);
