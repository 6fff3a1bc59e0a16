import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { optional } from '../../kernel/schema.ts';
import { vaultNameOf } from '../../kernel/vaultUrl.ts';
import type { AssertionSigner } from '../ports.ts';
import { ASSERTION_ALGORITHMS } from '../rules/assertionAlgorithm.ts';
import { nameMember, vaultMember } from './members.ts';
import { method } from './method.ts';

const ASSERTION_LIFETIME_SECONDS = 300;
/** A server whose clock is behind ours takes no assertion that was issued in its future. */
const ISSUED_BEFORE_SECONDS = 10;

const clientKey = optional(
  z.strictObject({
    vault: vaultMember,
    keyName: nameMember('key or certificate'),
    isCertificate: optional(z.boolean(), 'True when it is a certificate, whose thumbprint is sent.'),
    audience: optional(z.string(), '`aud` of the assertion; the token endpoint when absent.'),
    algorithm: optional(
      z.enum(ASSERTION_ALGORITHMS),
      'What signs the assertion; when absent RS256 for an RSA key (PS256 at the preset entra), and what the curve of an EC key prescribes.',
    ),
    lifetimeSeconds: optional(
      z.int().check(z.minimum(30), z.maximum(3600)),
      'From `iat` to `exp` of the assertion.',
    ).check(z.meta({ default: ASSERTION_LIFETIME_SECONDS })),
  }),
  'Key Vault key or certificate that signs the client assertion (private_key_jwt). The templates give the refresher no right on it: assign Key Vault Crypto User on that key, and Key Vault Certificate User where it is a certificate.',
);

/** An assertion that a key of Key Vault signs; the key never leaves the vault. @see RFC 7523 §3 */
export const privateKeyJwt = method({
  name: 'private_key_jwt',
  meaning: 'an assertion that a key in Key Vault signs',
  members: { clientKey },
  hasSharedSecret: false,
  parameters: ['client_id', 'client_assertion', 'client_assertion_type'],
  credential({ clientKey: entry }, { objectOf, rsaAssertionAlgorithm: rsaDefault }) {
    const { isCertificate = false, algorithm, lifetimeSeconds = ASSERTION_LIFETIME_SECONDS } = entry;
    const kind = isCertificate ? 'certificate' : 'key';
    const key = objectOf(kind, 'clientKey', entry.vault, entry.keyName);
    if (key === undefined) return undefined;
    return {
      method: 'private_key_jwt',
      objects: [key],
      whenRefused: `, and that it has the public part of key ${key.name} of ${vaultNameOf(key.vaultUrl)} in its newest version and takes its algorithm and audience (clientKey)`,
      async open(store) {
        const opened = await store.openSigner(key, { algorithm, rsaDefault });
        if (!opened.ok) return opened;
        return {
          ok: true,
          authenticate: async ({ clientId, tokenEndpoint, nowEpochMs }) => ({
            parameters: {
              client_id: clientId,
              client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
              client_assertion: await clientAssertion(opened.signer, {
                ...{ clientId, audience: entry.audience ?? tokenEndpoint },
                ...{ nowEpochMs, lifetimeSeconds },
              }),
            },
          }),
        };
      },
    };
  },
});

interface Claims {
  readonly clientId: string;
  readonly audience: string;
  readonly nowEpochMs: number;
  readonly lifetimeSeconds: number;
}

const base64url = (data: Uint8Array | string): string => Buffer.from(data).toString('base64url');

const clientAssertion = async (
  signer: AssertionSigner,
  { clientId, audience, nowEpochMs, lifetimeSeconds }: Claims,
): Promise<string> => {
  const issuedAt = Math.floor(nowEpochMs / 1000) - ISSUED_BEFORE_SECONDS;
  const { algorithm: alg, keyId: kid, certificateThumbprintSha256: thumbprint } = signer;
  // JSON leaves out what is undefined.
  const header = { alg, typ: 'JWT', kid, 'x5t#S256': thumbprint };
  const claims = {
    iss: clientId,
    sub: clientId,
    aud: audience,
    jti: randomUUID(),
    iat: issuedAt,
    exp: issuedAt + lifetimeSeconds,
  };
  const signingInput = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}`;
  const signature = await signer.sign(new TextEncoder().encode(signingInput));
  return `${signingInput}.${base64url(signature)}`;
};
