import type { TokenSeal } from '../../../src/lib/stores/ports.ts';
import { envelopeHeader, readEnvelopeHeader } from '../../../src/lib/stores/rules/sealedEnvelope.ts';
import { failure, type PortCall, portOf } from './fakeControlStore.ts';

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** What looks like an envelope of a grant from outside. It opens when `content` is a text in JSON. */
export const fakeEnvelope = (grantId: string, seq: number, content: unknown): string =>
  [base64url(envelopeHeader('key/v1', grantId, seq)), 'wrapped', 'i'.repeat(16)]
    .concat(base64url(content), 't'.repeat(22))
    .join('.');

/** What a fake envelope holds. Throws when it holds no JSON. */
export const contentOf = (envelope: string): unknown =>
  JSON.parse(Buffer.from(envelope.split('.')[3] ?? '', 'base64url').toString());

/**
 * Seals without cryptography: base64url of the plaintext and its context. It hides a token from a text
 * search and from nothing else, which is all that the fault tests ask of it.
 */
export const fakeTokenSeal = (call: PortCall, isDown: () => boolean = () => false): TokenSeal =>
  portOf<TokenSeal>(
    'seal',
    call,
    {
      prepare: () => ({
        ok: true,
        seal: (plaintext, { subject, seq }) => fakeEnvelope(subject, seq, plaintext),
      }),
      unseal(envelope, grantId) {
        const { grant, seq = -1 } = readEnvelopeHeader(envelope) ?? {};
        const plaintext = contentOf(envelope);
        if (grant !== grantId || typeof plaintext !== 'string') return failure('seal', 'tampered');
        return { ok: true, seq, plaintext };
      },
    },
    () => (isDown() ? failure('seal', 'unavailable') : undefined),
  );
