import { TAGS } from '../lib/credentials/tagNames.ts';
import { DAY_MS } from '../lib/kernel/time.ts';
import type { LocalAuthorizationServer } from './authorizationServers/localServer.ts';
import { startEntraTokenServer } from './entra/entraTokenServer.ts';
import { startResourceServer } from './entra/resourceServer.ts';
import type { EntraTenant } from './entra/tenant.ts';
import type { StandInVault } from './keyVault/keyVaultStandIn.ts';
import { companyClients, OTHER_CLIENT } from './seed/clients.ts';
import { ROTATOR } from './seed/rotator.ts';

/** Where the clients of the company get their tokens and use them, and what the config file says of them. */
export interface LocalClients {
  readonly config: { readonly clients: readonly object[] };
  /** Certificate of the token endpoint, which nobody trusts unless told to. PEM. */
  readonly trusted: string;
  close(): Promise<void>;
}

export interface LocalClientsOptions {
  readonly tenant: EntraTenant;
  /** Holds the clients' secrets. */
  readonly vault: StandInVault;
  /** Whether to put them there; false when they are there from last time. */
  readonly isNew: boolean;
  /** The other authorization server, and where its client's secret is. */
  readonly other: LocalAuthorizationServer;
  readonly otherSecretName: string;
  readonly nowEpochMs: () => number;
}

const SECRET_ENDS_IN_DAYS = 300;
const SECRET_MADE_DAYS_AGO = 60;

/** The refresher's identity reads the secrets that begin so, and proves. */
const secretName = (id: string): string => `oauth-app-${id}`;
/** The same at every start: the tenant is made anew, the vault is kept. */
const secretValue = (id: string): string => `seeded-value-of-${secretName(id)}`;

/** Starts the token endpoint of the tenant and an API, and gives each application the secret that its vault holds. */
export const startLocalClients = async (options: LocalClientsOptions): Promise<LocalClients> => {
  const { tenant, vault, isNew, other, otherSecretName, nowEpochMs } = options;
  const tokens = await startEntraTokenServer(tenant);
  const resource = await startResourceServer();
  const clients = companyClients.map(
    ({ id, application: name, roles, expects = roles, isRevoked, rotate, owner }) => {
      const application = tenant.applications.find(({ displayName }) => displayName === name);
      if (application === undefined) throw new Error(`there is no application ${name}`);
      application.roles = roles;
      // What a rotation wrote into a vault that was kept is what the tenant knows, too.
      const { value = secretValue(id), tags = {} } = vault.newestSecret(secretName(id)) ?? {};
      if (isRevoked !== true)
        application.secrets = application.secrets.map((secret, index, { length }) =>
          index === length - 1 ? { ...secret, value, keyId: tags[TAGS.keyId] ?? secret.keyId } : secret,
        );
      if (rotate !== undefined) application.owners = [...(application.owners ?? []), ROTATOR];
      if (isNew)
        vault.seed.secret(secretName(id), {
          value: secretValue(id),
          createdEpochMs: nowEpochMs() - SECRET_MADE_DAYS_AGO * DAY_MS,
          updatedEpochMs: nowEpochMs() - SECRET_MADE_DAYS_AGO * DAY_MS,
          expiresOnEpochMs: nowEpochMs() + SECRET_ENDS_IN_DAYS * DAY_MS,
          tags: { 'keywatch-owner': owner },
        });
      return {
        ...{ id, owner, vault: vault.url, displayName: name, clientId: application.appId },
        ...{ tenant: tenant.tenantId, authorityHost: tokens.authorityHost },
        clientSecret: { secretName: secretName(id) },
        scopes: ['https://api.contoso.example/.default'],
        ...{ rotate, expects: { roles: expects } },
        call: { url: resource.url },
      };
    },
  );
  const { id, scopes, owner } = OTHER_CLIENT;
  const ofOther = {
    ...{ id, owner, scopes, vault: vault.url },
    ...{ tokenEndpoint: other.tokenEndpoint, clientId: other.clientId },
    clientSecret: { secretName: otherSecretName },
  };
  return {
    config: { clients: [...clients, ofOther] },
    trusted: tokens.ca,
    close: async () => void (await Promise.all([tokens.close(), resource.close()])),
  };
};
