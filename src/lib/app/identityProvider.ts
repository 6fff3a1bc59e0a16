import type { TokenCredential } from '@azure/core-auth';
import type { IdentityProvider } from '../callers/ports.ts';
import type { Config } from '../config/config.ts';
import type { Platform } from './platform.ts';

const ORIGIN = 'https://login.microsoftonline.com';
/** @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity */
const ASSERTION_SCOPE = 'api://AzureADTokenExchange/.default';
const TOKEN_TIMEOUT_MS = 10_000;

/** Entra ID for one tenant, at its v2.0 endpoints. @param identity which the registration trusts */
const entraId = (tenantId: string, identity: TokenCredential): IdentityProvider => {
  const oauth = `${ORIGIN}/${tenantId}/oauth2/v2.0`;
  return {
    issuer: `${ORIGIN}/${tenantId}/v2.0`,
    tenantId,
    jwksUri: `${ORIGIN}/${tenantId}/discovery/v2.0/keys`,
    authorizationEndpoint: `${oauth}/authorize`,
    tokenEndpoint: `${oauth}/token`,
    async clientAssertion() {
      const abortSignal = AbortSignal.timeout(TOKEN_TIMEOUT_MS);
      const given = await identity.getToken(ASSERTION_SCOPE, { abortSignal });
      if (given === null) throw new Error('the identity has no token');
      return given.token;
    },
  };
};

/** Who signs callers in; absent: the config names nobody who may call. */
export const identityProviderOf = (
  { callers }: Pick<Config, 'callers'>,
  { identityProvider, refresher }: Pick<Platform, 'identityProvider' | 'refresher'>,
): IdentityProvider | undefined => callers && (identityProvider ?? entraId(callers.tenantId, refresher));
