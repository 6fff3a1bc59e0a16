import { createPrivateKey, X509Certificate } from 'node:crypto';
import * as z from 'zod/mini';
import { permanentFailure } from '../../kernel/failure.ts';
import { optional } from '../../kernel/schema.ts';
import { vaultNameOf } from '../../kernel/vaultUrl.ts';
import { nameMember, vaultMember } from './members.ts';
import { method } from './method.ts';

const clientCertificate = optional(
  z.strictObject({ vault: vaultMember, secretName: nameMember('secret') }),
  'Key Vault secret that holds certificate and private key as PEM, as the secret of a certificate with the content type application/x-pem-file does. As deployed, the refresher may read only secrets whose name begins with oauth-.',
);

const CERTIFICATES = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const PRIVATE_KEY = /-----BEGIN (?:RSA |EC )?PRIVATE KEY-----[^-]+-----END (?:RSA |EC )?PRIVATE KEY-----/;

type Pair = { readonly ok: true; readonly cert: string; readonly key: string };

/** The client's certificate with those that vouch for it, and its key; else why there is none. Holds no part of either. */
const readPair = (pem: string): Pair | { readonly ok: false; readonly why: string } => {
  const no = (why: string) => ({ ok: false, why }) as const;
  if (!pem.includes('-----BEGIN')) return no('is no PEM: a PKCS#12 file is not read');
  if (/ENCRYPTED/.test(pem)) return no('has a password');
  const chain = pem.match(CERTIFICATES) ?? [];
  const key = PRIVATE_KEY.exec(pem)?.[0];
  if (chain.length === 0) return no('has no certificate');
  if (key === undefined) return no('has no private key');
  try {
    const isOwn = (one: string): boolean => new X509Certificate(one).checkPrivateKey(createPrivateKey(key));
    const own = chain.find(isOwn);
    if (own === undefined) return no('has a private key that belongs to none of its certificates');
    return { ok: true, key, cert: [own, ...chain.filter((one) => one !== own)].join('\n') };
  } catch {
    return no('has a certificate or a private key that cannot be read');
  }
};

/** A certificate that the connection itself is made with. @see RFC 8705 §2 */
export const tlsClientAuth = method({
  name: 'tls_client_auth',
  meaning: 'a certificate of the client, in the TLS handshake',
  members: { clientCertificate },
  hasSharedSecret: false,
  parameters: ['client_id'],
  credential({ clientCertificate: { vault, secretName } }, { objectOf }) {
    const secret = objectOf('secret', 'clientCertificate', vault, secretName);
    if (secret === undefined) return undefined;
    const where = `secret ${secret.name} of ${vaultNameOf(secret.vaultUrl)}`;
    return {
      method: 'tls_client_auth',
      objects: [secret],
      whenRefused: `, and that it knows the certificate in ${where}`,
      async open(store) {
        const read = await store.readSecret(secret);
        if (!read.ok) return read;
        const pair = readPair(read.value);
        if (!pair.ok)
          return permanentFailure({
            code: 'client_certificate_unusable',
            message: `What ${where} holds ${pair.why}.`,
            action: `Write certificate and private key into ${where} as PEM without a password, or give the certificate the content type application/x-pem-file.`,
          });
        const { cert, key } = pair;
        return {
          ok: true,
          authenticate: async ({ clientId }) => ({ parameters: { client_id: clientId }, tls: { cert, key } }),
        };
      },
    };
  },
});
