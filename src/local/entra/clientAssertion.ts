import { createHash, X509Certificate } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import type { EntraTenant, TenantApplication } from './tenant.ts';
import type { RefusalNumber } from './tokenRefusal.ts';

const FEDERATION_AUDIENCE = 'api://AzureADTokenExchange';

const decoded = (assertion: string): { thumbprint: unknown; claims: JWTPayload } | undefined => {
  try {
    return { thumbprint: decodeProtectedHeader(assertion)['x5t#S256'], claims: decodeJwt(assertion) };
  } catch {
    return undefined;
  }
};

/**
 * Why an assertion does not prove an application; absent: it does. One that a certificate signs is verified. The
 * token of a federated identity is taken at its word: the stand-in does not fetch the keys of its issuer.
 */
export const assertionFault = async (
  { nowEpochMs }: EntraTenant,
  { appId, certificates, federatedCredentials }: TenantApplication,
  assertion: string,
  audience: string,
): Promise<RefusalNumber | undefined> => {
  const { thumbprint, claims } = decoded(assertion) ?? {};
  if (claims?.aud === FEDERATION_AUDIENCE) {
    const isTrusted = federatedCredentials.some(
      ({ issuer, subject }) => issuer === claims.iss && subject === claims.sub,
    );
    return isTrusted ? undefined : 700213;
  }
  const certificate = certificates
    .map((one) => new X509Certificate(one.certificate))
    .find(({ raw }) => createHash('sha256').update(raw).digest('base64url') === thumbprint);
  if (certificate === undefined) return 700027;
  try {
    await jwtVerify(assertion, certificate.publicKey, {
      ...{ audience, issuer: appId, subject: appId, algorithms: ['PS256', 'RS256'] },
      requiredClaims: ['exp', 'jti'],
      currentDate: new Date(nowEpochMs()),
    });
    return undefined;
  } catch (error) {
    if (error instanceof errors.JWTExpired) return 700024;
    const claim = error instanceof errors.JWTClaimValidationFailed ? error.claim : undefined;
    if (claim === 'aud') return 700023;
    return claim === 'nbf' || claim === 'iat' ? 700024 : 700027;
  }
};
