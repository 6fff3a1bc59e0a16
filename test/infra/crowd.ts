import type { TableRow } from 'kql-on-duckdb';
import { MINUTE_MS } from '../../src/lib/kernel/time.ts';
import { inDays, NOW } from './scenario.ts';

/** The rows that make a rule fire for the n-th of many things at once. */
export type Crowd = (n: number) => readonly TableRow[];

/** An instant so many days from now, as telemetry writes it. */
export const instant = (days: number) => new Date(inDays(days)).toISOString();

/** An event of Keywatch, by its name without the prefix. */
export const event = (name: string, minutesAgo: number, properties: object): TableRow => ({
  table: 'AppEvents',
  values: {
    ...{ TimeGenerated: NOW - minutesAgo * MINUTE_MS, Name: `keywatch.${name}`, ItemCount: 1 },
    Properties: { deployment: 'prod', ...properties },
  },
});

/** The full scan that saw the credentials below. */
export const fullScan = (deployment = 'prod', vault = 'kv-a') =>
  event('run.completed', 5, {
    ...{ deployment, job: 'keyvault-scan', vault, runId: 's', mode: 'full', outcome: 'complete' },
  });

/** A credential of that scan, with an owner of its own; each ends a second after the one before. */
export const credential = (n: number, status: string, days: number, deployment = 'prod', vault = 'kv-a') =>
  event('credential.observed', 5, {
    ...{ deployment, credentialId: `${vault}/secret/${deployment}-${n}`, kind: 'secret', vault },
    ...{ owner: `team-${n}`, status, runId: 's', mode: 'full', expiresOn: instant(days + n / 86_400) },
  });

export const grant = (n: number, outcome: string, more: object = {}) =>
  event('grant.refreshed', 5, {
    ...{ credentialId: `grant/${n}`, outcome, permanence: 'permanent', provider: 'p', owner: `team-${n}` },
    ...more,
  });

/** The proof of a client of its own, and what came of it. */
export const proof = (n: number, outcome: string, kind: string, minutesAgo = 5) =>
  event('credential.proved', minutesAgo, {
    ...{ credentialId: `client/${n}`, outcome, class: kind, vault: 'kv-a', owner: `team-${n}` },
  });

/** A run of the scan that ended. */
export const run = (n: number, minutesAgo: number, more: object) =>
  event('run.completed', minutesAgo, {
    ...{ job: 'keyvault-scan', vault: 'kv-a', runId: `${n}`, mode: 'attention', outcome: 'complete' },
    ...more,
  });

/** A metric of Keywatch, by its name without the prefix. */
export const metric = (name: string, properties: object): TableRow => ({
  table: 'AppMetrics',
  values: {
    ...{ TimeGenerated: NOW - 5 * MINUTE_MS, Name: `keywatch.${name}`, Sum: 9, Max: 9, Min: 9, ItemCount: 1 },
    Properties: properties,
  },
});

/** A hundred calls, of which one in 25 was kept, that are answered 401 now, and were answered 200 some hours ago. */
export const refused = (table: string, more: object): TableRow[] =>
  [300, 299, 298, 297, 6, 5, 4, 3].map((minutesAgo) => ({
    table,
    values: {
      ...{ TimeGenerated: NOW - minutesAgo * MINUTE_MS, AppRoleName: 'shop', ItemCount: 25 },
      ...{ ResultCode: minutesAgo < 10 ? '401' : '200', ...more },
    },
  }));

/** A client id, and key ids of its credentials, as Entra ID has them. */
export const guid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** What Entra ID logs when the application `n` signs in with the credential `key`. */
export const signIn = (
  minutesAgo: number,
  n: number,
  more: { readonly key?: number; readonly result?: string; readonly address?: string } = {},
): TableRow => {
  const { key, result = '0', address = '203.0.113.7' } = more;
  return {
    table: 'AADServicePrincipalSignInLogs',
    values: {
      ...{ TimeGenerated: NOW - minutesAgo * MINUTE_MS, Id: `${n}-${minutesAgo}-${address}` },
      ...{ AppId: guid(n), ServicePrincipalName: `app-${n}`, IPAddress: address, ResultType: result },
      ServicePrincipalCredentialKeyId: key === undefined ? '' : guid(key),
      ResourceDisplayName: 'Microsoft Graph',
    },
  };
};

/** What the audit log of a vault says of one call, by the caller `by`. */
export const vaultCall = (
  minutesAgo: number,
  operation: string,
  path: string,
  more: {
    readonly by: number;
    readonly vault?: string;
    readonly status?: number;
    readonly claims?: object;
  },
): TableRow => {
  const { by, vault = 'kv-a', status = 200, claims } = more;
  const address = `https://${vault}.vault.azure.net${path.startsWith(':') ? '' : '/'}${path}`;
  return {
    table: 'AZKVAuditLogs',
    values: {
      ...{ TimeGenerated: NOW - minutesAgo * MINUTE_MS, OperationName: operation, HttpStatusCode: status },
      ...{ Id: path.includes('?') ? '' : address, RequestUri: address, CallerIpAddress: '203.0.113.7' },
      Identity: { claim: { appid: guid(by), oid: guid(100 + by), ...claims } },
    },
  };
};
