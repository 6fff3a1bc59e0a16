import type { StoreAnswer } from '../../kernel/storeFailure.ts';

/** What an envelope is bound to: opening it for anything else fails. */
export interface SealContext {
  /** The id of a grant, or what nothing else is called. */
  readonly subject: string;
  readonly seq: number;
}

/**
 * A sealed envelope: a compact JWE (RFC 7516), one line of base64url and dots, so that it can be found inside a
 * damaged control record. Its protected header names the key version, the subject (as `grant`) and the seq. Safe to store and
 * to queue.
 */
export type SealedEnvelope = string;

/** The protected header of an envelope: what it was sealed with, and for what. The caller authenticates it. */
export interface EnvelopeHeader {
  readonly alg: 'RSA-OAEP-256';
  readonly enc: 'A256GCM';
  /** Name and version of the Key Vault key, `name/version`: where the key is comes from the config alone. */
  readonly kid: string;
  readonly grant: string;
  readonly seq: number;
}

const ALGORITHMS = { alg: 'RSA-OAEP-256', enc: 'A256GCM' } as const;
/** Larger ones do not fit into the names of the fallback store. */
const SEQ_LIMIT = 10 ** 15;

/** The header of an envelope for a grant. The algorithms come first, so that `findEnvelopes` knows it by its start. */
export const envelopeHeader = (kid: string, grant: string, seq: number): EnvelopeHeader => ({
  ...ALGORITHMS,
  kid,
  grant,
  seq,
});

/** What an envelope says of itself, true only once it was opened; `undefined`: it is none of ours. */
export const readEnvelopeHeader = (envelope: string): EnvelopeHeader | undefined => {
  const encoded = envelope.slice(0, Math.max(envelope.indexOf('.'), 0));
  try {
    const { alg, enc, kid, grant, seq, ...others } = JSON.parse(
      Buffer.from(encoded, 'base64url').toString(),
    ) as Record<string, unknown>;
    if (alg !== ALGORITHMS.alg || enc !== ALGORITHMS.enc || Object.keys(others).length > 0) return undefined;
    if (typeof kid !== 'string' || typeof grant !== 'string' || typeof seq !== 'number') return undefined;
    const isCount = Number.isSafeInteger(seq) && seq >= 0 && seq < SEQ_LIMIT;
    return isCount ? { alg, enc, kid, grant, seq } : undefined;
  } catch {
    return undefined;
  }
};

/** The sequence number that an envelope names, for putting envelopes in order. -1: it is none. */
export const envelopeSeq = (envelope: string): number => readEnvelopeHeader(envelope)?.seq ?? -1;

/** Base64url writes three bytes as four characters: those that say the same in every header. */
const START = Buffer.from(JSON.stringify(ALGORITHMS).slice(0, 36)).toString('base64url');
/** The parts are bounded, so that a text in which nothing is found is read in linear time. */
const ENVELOPE = new RegExp(
  `${START}[\\w-]{1,2000}\\.[\\w-]{1,2000}\\.[\\w-]{16}\\.[\\w-]*\\.[\\w-]{22}`,
  'g',
);

/** Every envelope anywhere in a text, in order, also in a damaged one. */
export const findEnvelopes = (text: string): string[] => [...new Set(text.match(ENVELOPE) ?? [])];

/** Whether an envelope stays shut until somebody gives its key back, or for ever, because it is damaged. */
export const isLost = (opened: StoreAnswer): boolean =>
  !opened.ok && (opened.reason === 'key_gone' || opened.reason === 'tampered');
