import { describe, expect, it } from 'vitest';
import { resourceGraphDiscovery } from '../../src/lib/scan/discovery/resourceGraphDiscovery.ts';
import { impatientClock } from '../fakes/startInventory.ts';
import { type JsonApiAnswer, startJsonApi } from '../fakes/startJsonApi.ts';

const SUBSCRIPTIONS = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];

const EMPTY = SUBSCRIPTIONS.slice(1);

/** An answer that holds these rows, and says where it goes on. */
const rowsAnswer = (
  vaultUris: readonly (string | null)[],
  skipToken?: string,
  subscriptionId = SUBSCRIPTIONS[0],
): JsonApiAnswer => ({
  body: {
    totalRecords: vaultUris.length,
    count: vaultUris.length,
    data: vaultUris.map((vaultUri, index) => ({
      id: `/subscriptions/${subscriptionId}/vaults/${index}`,
      subscriptionId,
      vaultUri,
    })),
    facets: [],
    resultTruncated: skipToken === undefined ? 'false' : 'true',
    ...(skipToken === undefined ? {} : { $skipToken: skipToken }),
  },
});

const discoverFrom = async (...answers: JsonApiAnswer[]) => {
  const { endpoint, requests } = await startJsonApi(answers);
  const { clock, sleptMs } = impatientClock();
  const scopes: (string | string[])[] = [];
  const discovery = resourceGraphDiscovery({
    credential: {
      getToken: async (scope) => {
        scopes.push(scope);
        return { token: 'arm-token', expiresOnTimestamp: Number.MAX_SAFE_INTEGER };
      },
    },
    clock,
    endpoint,
    allowLoopback: true,
    random: () => 0,
  });
  return { found: await discovery.discover(SUBSCRIPTIONS), requests, sleptMs, scopes, endpoint };
};

describe('discovery by Resource Graph', () => {
  it('asks once for all subscriptions, with a token for Resource Manager', async () => {
    const { found, requests, scopes, endpoint } = await discoverFrom(
      rowsAnswer(['https://kv-b.vault.azure.net/', 'https://kv-a.vault.azure.net/']),
    );
    expect(found).toEqual({
      ok: true,
      vaultUrls: ['https://kv-a.vault.azure.net', 'https://kv-b.vault.azure.net'],
      emptySubscriptionIds: EMPTY,
    });
    expect(scopes).toEqual([`${endpoint}/.default`]);
    expect(requests).toMatchObject([
      {
        url: '/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01',
        authorization: 'Bearer arm-token',
        body: { subscriptions: SUBSCRIPTIONS, options: { resultFormat: 'objectArray', $top: 1_000 } },
      },
    ]);
    expect(requests[0]?.body.query).toMatch(/microsoft\.keyvault\/vaults/);
  });

  it('follows every page and names each vault once', async () => {
    const { found, requests } = await discoverFrom(
      rowsAnswer(['https://kv-a.vault.azure.net/'], 'page-2'),
      rowsAnswer(['https://kv-b.vault.usgovcloudapi.net/', 'https://kv-a.vault.azure.net/'], 'page-3'),
      rowsAnswer([]),
    );
    expect(found).toEqual({
      ok: true,
      vaultUrls: ['https://kv-a.vault.azure.net', 'https://kv-b.vault.usgovcloudapi.net'],
      emptySubscriptionIds: EMPTY,
    });
    expect(requests.map(({ body }) => body.options?.$skipToken)).toEqual([undefined, 'page-2', 'page-3']);
  });

  it('passes over a vault that is still being made', async () => {
    const { found } = await discoverFrom(
      rowsAnswer(['https://kv-a.vault.azure.net/'], 'page-2'),
      rowsAnswer([null, ''], undefined, SUBSCRIPTIONS[1]),
    );
    expect(found).toEqual({
      ok: true,
      vaultUrls: ['https://kv-a.vault.azure.net'],
      emptySubscriptionIds: [],
    });
  });

  it('names each subscription in which it sees nothing: that is what a missing role looks like', async () => {
    expect((await discoverFrom(rowsAnswer([]))).found).toEqual({
      ok: true,
      vaultUrls: [],
      emptySubscriptionIds: SUBSCRIPTIONS,
    });
    const inCapitals = SUBSCRIPTIONS[1]?.toUpperCase();
    const { found } = await discoverFrom(
      rowsAnswer(['https://kv-a.vault.azure.net/'], undefined, inCapitals),
    );
    expect(found).toMatchObject({ emptySubscriptionIds: SUBSCRIPTIONS.slice(0, 1) });
  });

  it('waits between pages when the quota is spent, and after a 429', async () => {
    const spent = { 'x-ms-user-quota-remaining': '0', 'x-ms-user-quota-resets-after': '00:00:05' };
    const { found, sleptMs } = await discoverFrom(
      { ...rowsAnswer(['https://kv-a.vault.azure.net/'], 'page-2'), headers: spent },
      { status: 429, headers: spent, body: {} },
      { status: 429, headers: { 'retry-after': '3' }, body: {} },
      rowsAnswer(['https://kv-b.vault.azure.net/']),
    );
    expect(found).toMatchObject({ ok: true, vaultUrls: { length: 2 } });
    expect(sleptMs).toEqual([5_000, 5_000, 3_000]);
  });

  it('waits a minute at most, whatever an answer says', async () => {
    const { sleptMs } = await discoverFrom(
      {
        ...rowsAnswer(['https://kv-a.vault.azure.net/'], 'page-2'),
        headers: { 'x-ms-user-quota-remaining': '0', 'x-ms-user-quota-resets-after': '09:00:00' },
      },
      rowsAnswer(['https://kv-b.vault.azure.net/']),
    );
    expect(sleptMs).toEqual([60_000]);
  });

  it.each([
    [400, 'rejected'],
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [429, 'throttled'],
    [503, 'server_error'],
  ] as const)('reports HTTP %i as %s', async (status, reason) => {
    const { found } = await discoverFrom({ status, body: { error: { code: 'X', message: 'x' } } });
    expect(found).toMatchObject({ ok: false, code: `discovery_${reason}`, reason, httpStatus: status });
  });

  it('gives nothing rather than half when a later page fails', async () => {
    const first = rowsAnswer(['https://kv-a.vault.azure.net/'], 'page-2');
    const { found } = await discoverFrom(first, { status: 403, body: {} });
    expect(found).toMatchObject({ ok: false, reason: 'forbidden' });
  });

  it.each([
    ['no JSON', { body: '<html>' }],
    ['another format', { body: { data: { columns: [], rows: [] } } }],
    ['a truncated result without a next page', { body: { data: [], resultTruncated: 'true' } }],
    ['a row that names no subscription', { body: { data: [{ vaultUri: 'https://kv-a.vault.azure.net/' }] } }],
    ['a vault at another host', rowsAnswer(['https://evil.example/'])],
    ['a page that follows itself', rowsAnswer(['https://kv-a.vault.azure.net/'], 'again')],
  ] as const)('takes %s for a malformed answer', async (_what, answer) => {
    const { found } = await discoverFrom(answer);
    expect(found).toMatchObject({ ok: false, reason: 'malformed_answer' });
  });

  it('sends no token over an unencrypted connection but to this machine in local mode', () => {
    const credential = { getToken: async () => null };
    const { clock } = impatientClock();
    const open = (endpoint: string, allowLoopback: boolean) => () =>
      resourceGraphDiscovery({ credential, clock, endpoint, allowLoopback });
    expect(open('http://management.azure.com', true)).toThrow(/not encrypted/);
    expect(open('http://127.0.0.1:1', false)).toThrow(/not encrypted/);
  });
});
