import type { TokenSeal } from '../../../src/lib/refresh/ports/tokenSeal.ts';
import { failure, type PortCall } from './fakeControlStore.ts';

/**
 * Seals without cryptography: base64url of the plaintext and its context. It hides a token from a text
 * search and from nothing else, which is all that the fault tests ask of it.
 */
export const fakeTokenSeal = (call: PortCall): TokenSeal => ({
  prepare: () => call('seal.prepare', () => ({ ok: true })),
  seal: (plaintext, { grantId, seq }) =>
    `kwseal1.${seq}.${Buffer.from(JSON.stringify([grantId, plaintext])).toString('base64url')}`,
  unseal: (envelope, grantId) =>
    call('seal.unseal', () => {
      const [, seq, rest] = envelope.split('.');
      const [owner, plaintext] = JSON.parse(Buffer.from(rest ?? '', 'base64url').toString()) as [
        string,
        string,
      ];
      if (owner !== grantId) return failure('seal', 'tampered');
      return { ok: true, seq: Number(seq), plaintext };
    }),
});
