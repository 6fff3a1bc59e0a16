import { selfSignedCertificate } from '../../src/local/keyVault/selfSigned.ts';

/** A certificate that nobody else vouches for and that ends long after every test, as the options of a TLS server. */
export const certificateOf = (commonName: string, keyType?: 'rsa'): { cert: string; key: string } => {
  const notAfterEpochMs = Date.UTC(2099, 0);
  const made = selfSignedCertificate({ commonName, notBeforeEpochMs: 0, notAfterEpochMs, keyType });
  return { cert: made.certificate, key: made.key };
};
