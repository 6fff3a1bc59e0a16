import { isRecord } from '../../lib/kernel/isRecord.ts';
import type { TokenIssuer } from '../keyVault/challenge.ts';
import { errorEnvelope, WireError } from '../keyVault/errors.ts';
import { createFaultTable, type Faults } from '../keyVault/faults.ts';
import { createVaultServer, type WireEntry } from '../keyVault/vaultServer.ts';
import { listen, stop } from '../listen.ts';
import type { GraphCall, GraphCaller } from './graphCall.ts';
import { graphReply } from './graphRoutes.ts';
import type { TenantDirectory } from './tenantDirectory.ts';

const BATCH_SIZE = 20;

export interface DirectoryStandInOptions {
  readonly directory: TenantDirectory;
  /** Those of the Key Vault stand-in: one sign-in for both. */
  readonly tokens: TokenIssuer;
  /** By the name of an identity; who is not named has no role. */
  readonly callers: Readonly<Record<string, GraphCaller>>;
}

export interface DirectoryStandIn {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Of single requests, those within a batch too. */
  readonly faults: Faults;
  readonly wireLog: readonly WireEntry[];
  close(): Promise<void>;
}

/** Microsoft Graph on loopback, as far as Keywatch asks it; the rest is refused with 501. */
export const startDirectoryStandIn = async (options: DirectoryStandInOptions): Promise<DirectoryStandIn> => {
  const { directory, tokens, callers } = options;
  const faults = createFaultTable();
  const wireLog: WireEntry[] = [];
  let baseUrl = '';

  const callOf = (method: string, address: string, body: unknown, identity: string): GraphCall => {
    const url = new URL(address, baseUrl);
    const caller = callers[identity] ?? { principalId: identity, roles: [] };
    const path = decodeURIComponent(url.pathname.replace(/^\/v1\.0(?=\/)/, ''));
    return { method, path, query: url.searchParams, body, baseUrl, directory, caller };
  };

  const batchItem = (item: unknown, identity: string) => {
    const { id, method, url, body } = isRecord(item) ? item : {};
    const call = callOf(String(method), `/v1.0${String(url)}`, body, identity);
    const { path, query } = call;
    const fault = faults.take({ method: call.method, path, search: `?${query}` });
    if (fault?.kind === 'answer')
      return {
        id,
        status: fault.status,
        headers: fault.headers ?? {},
        body: errorEnvelope('fault', 'a fault on demand'),
      };
    try {
      return { id, headers: { 'Content-Type': 'application/json' }, ...graphReply(call) };
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return { id, status: error.status, body: errorEnvelope(error.code, error.message) };
    }
  };

  const batch = (body: unknown, identity: string) => {
    const requests = isRecord(body) && Array.isArray(body['requests']) ? body['requests'] : [];
    if (requests.length === 0 || requests.length > BATCH_SIZE)
      throw new WireError(400, 'BadRequest', `a batch holds 1 to ${BATCH_SIZE} requests`);
    // In an order of its own, as the service answers.
    return { status: 200, body: { responses: requests.map((item) => batchItem(item, identity)).reverse() } };
  };

  const server = createVaultServer({
    tokens,
    faults,
    nowEpochMs: directory.tenant.nowEpochMs,
    latencyMs: 0,
    record: (entry) => void wireLog.push(entry),
    handle: ({ method, url, body, identity }) =>
      method === 'POST' && url.pathname === '/v1.0/$batch'
        ? batch(body, identity.name)
        : graphReply(callOf(method, url.href, body, identity.name)),
  });
  baseUrl = await listen(server, 0);
  return { url: baseUrl, faults, wireLog, close: () => stop(server) };
};
