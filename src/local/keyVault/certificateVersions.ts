import { createHash, createPrivateKey, type JsonWebKey, X509Certificate } from 'node:crypto';
import { badParameter } from './errors.ts';
import { defaultKeyOps } from './keyRoutes.ts';
import { newVersionId } from './secretRoutes.ts';
import type { CertificatePolicy, StoredAttributes } from './storedObject.ts';
import type { AddedVersion } from './vaultStore.ts';

const PEM_CONTENT_TYPE = 'application/x-pem-file';

/** An X.509 certificate as PEM text, with its private key where there is one. */
export interface PemCertificate {
  readonly pem: string;
  readonly x509: X509Certificate;
  readonly privateJwk: JsonWebKey | undefined;
}

/** Reads PEM text; refuses with 400 what is no certificate, or comes with the wrong key. */
export const readPem = (pem: string): PemCertificate => {
  const x509 = parsed(() => new X509Certificate(pem), 'the value holds no readable certificate');
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) return { pem, x509, privateJwk: undefined };
  const key = parsed(() => createPrivateKey(pem), 'the value holds no readable private key');
  if (!x509.checkPrivateKey(key)) throw badParameter('the private key does not belong to the certificate');
  return { pem, x509, privateJwk: key.export({ format: 'jwk' }) };
};

const parsed = <T>(read: () => T, otherwise: string): T => {
  try {
    return read();
  } catch {
    throw badParameter(otherwise);
  }
};

/** Start and end of the certificate's own validity, in whole seconds. */
export const validityOf = ({ x509 }: PemCertificate): { nbf: number; exp: number } => ({
  nbf: Math.floor(x509.validFromDate.getTime() / 1000),
  exp: Math.floor(x509.validToDate.getTime() / 1000),
});

/** The certificate and the managed secret and key behind it: one version id, one set of attributes. */
export const certificateVersions = (
  certificate: PemCertificate,
  attributes: StoredAttributes,
  tags: { readonly tags?: Readonly<Record<string, string>> },
  policy?: CertificatePolicy,
): readonly AddedVersion[] => {
  const { pem, x509, privateJwk } = certificate;
  const jwk = privateJwk ?? x509.publicKey.export({ format: 'jwk' });
  const shared = { version: newVersionId(), attributes, ...tags };
  return [
    {
      collection: 'certificates',
      version: {
        ...shared,
        material: {
          type: 'certificate',
          cer: x509.raw.toString('base64'),
          x5t: createHash('sha1').update(x509.raw).digest('base64url'),
          ...(policy === undefined ? {} : { policy }),
        },
      },
    },
    {
      collection: 'secrets',
      version: {
        ...shared,
        managed: true,
        material: { type: 'secret', value: pem, contentType: PEM_CONTENT_TYPE },
      },
    },
    {
      collection: 'keys',
      version: { ...shared, managed: true, material: { type: 'key', jwk, keyOps: defaultKeyOps(jwk) } },
    },
  ];
};
