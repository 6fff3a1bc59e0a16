import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { PagedListing } from '../../src/lib/azure/azureErrorReason.ts';
import { graphApplicationSecrets } from '../../src/lib/directory/graph/graphApplicationSecrets.ts';
import type { GraphOptions } from '../../src/lib/directory/graph/graphClient.ts';
import { graphDirectory } from '../../src/lib/directory/graph/graphDirectory.ts';
import type {
  DirectoryApplication,
  DirectoryObjectType,
} from '../../src/lib/directory/rules/directoryApplication.ts';
import type { GraphRole } from '../../src/lib/directory/rules/graphRoles.ts';
import { DAY_MS } from '../../src/lib/kernel/time.ts';
import { startDirectoryStandIn } from '../../src/local/directory/directoryStandIn.ts';
import { tenantDirectory } from '../../src/local/directory/tenantDirectory.ts';
import { addApplication, addSecret, entraTenant } from '../../src/local/entra/tenant.ts';
import { createTokenIssuer } from '../../src/local/keyVault/challenge.ts';
import { collecting, impatientClock } from './startInventory.ts';
import { START_EPOCH_MS } from './startKeyVault.ts';

export const SCANNER_ROLES: readonly GraphRole[] = [
  'Application.Read.All',
  'Policy.Read.All',
  'User.Read.All',
];
export const TENANT_ID = '99999999-0000-4000-8000-000000000009';

/** The real adapter over a Graph stand-in that ends with the test, by default as the scanner, of an empty tenant. */
export const startDirectory = async ({
  roles = SCANNER_ROLES,
  directoryOf = (nowEpochMs: () => number) => tenantDirectory(entraTenant(nowEpochMs, TENANT_ID)),
} = {}) => {
  let aheadMs = 0;
  const directory = directoryOf(() => START_EPOCH_MS + aheadMs);
  const { tenant } = directory;
  const tokens = createTokenIssuer(randomBytes(32), () => START_EPOCH_MS);
  const identity = { name: 'caller', grants: [] };
  const callers = { caller: { principalId: 'caller-id', roles } };
  const standIn = await startDirectoryStandIn({ directory, tokens, callers });
  onTestFinished(() => standIn.close());
  const { clock, sleptMs } = impatientClock();
  const scopes: unknown[] = [];
  const options: GraphOptions = {
    credential: {
      getToken: async (scope, options) => {
        scopes.push([scope, options?.tenantId]);
        return tokens.mint(identity);
      },
    },
    clock,
    tenantId: TENANT_ID,
    endpoint: standIn.url,
    allowLoopback: true,
    random: () => 0,
  };
  const adapter = graphDirectory(options);
  const secrets = graphApplicationSecrets(options);
  /** Applications with one secret each, which ends in that many days. */
  const add = (count: number, days = 10) =>
    Array.from({ length: count }, (_, index) => {
      const application = addApplication(tenant, { displayName: `app ${index}` });
      addSecret(tenant, application, { endEpochMs: START_EPOCH_MS + days * DAY_MS });
      return application;
    });
  const list = (type: DirectoryObjectType = 'applications', signal = new AbortController().signal) =>
    collecting<readonly DirectoryApplication[], PagedListing>((onPage) => adapter.list(type, onPage, signal));
  /** A request as it is, by the same identity. */
  const send = async (method: string, path: string, body?: unknown) => {
    const headers = {
      authorization: `Bearer ${tokens.mint(identity).token}`,
      'content-type': 'application/json',
    };
    const answer = await fetch(`${standIn.url}/v1.0${path}`, { method, headers, body: JSON.stringify(body) });
    const text = await answer.text();
    return { status: answer.status, json: text === '' ? undefined : JSON.parse(text) };
  };
  const pass = (ms: number) => {
    aheadMs += ms;
  };
  return { standIn, options, tenant, directory, pass, adapter, secrets, add, list, send, sleptMs, scopes };
};
