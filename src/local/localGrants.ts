import { join } from 'node:path';
import { DAY_MS } from '../lib/kernel/time.ts';
import {
  type AuthorizationServers,
  startAuthorizationServers,
} from './authorizationServers/authorizationServers.ts';
import { type LocalAuthorizationServer, providerId } from './authorizationServers/localServer.ts';
import type { DataFolder } from './dataFolder.ts';
import type { StandInVault } from './keyVault/keyVaultStandIn.ts';
import { rsaKey } from './rsaKey.ts';
import { clientSecretName, companyGrants, OBSERVED_GRANT, tokenName } from './seed/grants.ts';
import { SHARED_GRANT } from './seed/people.ts';

const SEALING_KEY = 'keywatch-sealing';

/** The grants of the company, their authorization servers, and what the config file says of both. */
export interface LocalGrants {
  readonly servers: AuthorizationServers;
  /** `providers` and `grants` of the config file. */
  readonly config: { readonly providers: readonly object[]; readonly grants: readonly object[] };
  readonly sealingKeyId: string;
  /** The server that each grant of the company was given at, by the grant's id. */
  readonly serverOf: ReadonlyMap<string, LocalAuthorizationServer>;
}

export interface LocalGrantsOptions {
  readonly folder: DataFolder;
  /** Holds the refresh tokens, the clients' secrets and the sealing key. */
  readonly vault: StandInVault;
  /** Whether to put them there; false when they are there from last time. */
  readonly isNew: boolean;
  readonly nowEpochMs: () => number;
}

/** Starts the authorization servers; for a new company it consents to every grant and stores the tokens. */
export const startLocalGrants = async (options: LocalGrantsOptions): Promise<LocalGrants> => {
  const { folder, vault, isNew, nowEpochMs } = options;
  const servers = await startAuthorizationServers({
    nowEpochMs,
    ...(folder.isKept ? { folder: join(folder.path, 'authorization-servers') } : {}),
  });
  const refreshed = companyGrants.map((grant) => ({ ...grant, server: servers[grant.server] }));
  if (isNew) {
    seedKeyAndObserved(vault, nowEpochMs());
    for (const { id, owner, lifetimeDays, server } of refreshed) {
      vault.seed.secret(tokenName(id), {
        value: await server.mint(id),
        expiresOnEpochMs: nowEpochMs() + lifetimeDays * DAY_MS,
        tags: { 'keywatch-owner': owner },
      });
      // A server makes its client's secret when it has no state: what the vault holds must be that one.
      vault.seed.secret(clientSecretName(server), {
        value: server.clientSecret,
        expiresOnEpochMs: nowEpochMs() + 400 * DAY_MS,
        tags: { 'keywatch-owner': owner },
      });
    }
  }
  return {
    servers,
    serverOf: new Map(refreshed.map(({ id, server }) => [id, server])),
    sealingKeyId: `${vault.url}/keys/${SEALING_KEY}`,
    config: {
      providers: refreshed.map(({ server, lifetimeDays, consentDays }) => ({
        ...{ id: providerId(server), ...server.provider },
        ...(consentDays !== undefined && {
          ...{ idleDays: lifetimeDays, absoluteDays: consentDays, absoluteFrom: 'first_consent' },
        }),
      })),
      grants: [
        ...refreshed.map(({ id, owner, server, targets }) => ({
          id,
          provider: providerId(server),
          vault: vault.url,
          secretName: tokenName(id),
          clientId: server.clientId,
          clientSecret: { secretName: clientSecretName(server) },
          targets,
          scopes: server.scopes,
          // Where its server can be asked about the new access token, it is.
          prove: server.provider.introspectionEndpoint !== undefined,
          owner,
          ...(id === SHARED_GRANT ? { accessTokens: {} } : {}),
        })),
        observedGrant(vault),
      ],
    },
  };
};

const seedKeyAndObserved = (vault: StandInVault, nowEpochMs: number): void => {
  const { id, owner, writtenDaysAgo, endsInDays } = OBSERVED_GRANT;
  vault.seed.key(SEALING_KEY, {
    privateKey: rsaKey(),
    expiresOnEpochMs: nowEpochMs + 700 * DAY_MS,
    tags: { 'keywatch-owner': 'integration-platform@contoso.example' },
  });
  vault.seed.secret(tokenName(id), {
    value: 'a token that another system refreshes',
    createdEpochMs: nowEpochMs - writtenDaysAgo * DAY_MS,
    updatedEpochMs: nowEpochMs - writtenDaysAgo * DAY_MS,
    expiresOnEpochMs: nowEpochMs + endsInDays * DAY_MS,
    tags: { 'keywatch-owner': owner },
  });
};

const observedGrant = (vault: StandInVault) => {
  const { id, owner, clientId, rotationCycleDays } = OBSERVED_GRANT;
  return {
    id,
    provider: 'hubspot',
    vault: vault.url,
    secretName: tokenName(id),
    clientId,
    clientSecret: { secretName: 'hubspot-private-app-token' },
    mode: 'observed',
    rotationCycleDays,
    owner,
  };
};
