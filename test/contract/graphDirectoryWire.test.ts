import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { graphDirectory } from '../../src/lib/directory/graph/graphDirectory.ts';
import { listen, stop } from '../../src/local/listen.ts';
import { TENANT_ID } from '../fakes/startDirectory.ts';
import { impatientClock } from '../fakes/startInventory.ts';

const NEVER = new AbortController().signal;

const serve = async (listener: RequestListener) => {
  const requests: { readonly url: string | undefined; readonly headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    requests.push({ url: request.url, headers: request.headers });
    listener(request, response);
  });
  const endpoint = await listen(server, 0);
  onTestFinished(() => stop(server));
  return { endpoint, requests };
};

const listFrom = async (endpoint: string, token: string | null = 'token-of-the-scanner') => {
  const directory = graphDirectory({
    credential: { getToken: async () => (token === null ? null : { token, expiresOnTimestamp: Infinity }) },
    clock: impatientClock().clock,
    tenantId: TENANT_ID,
    endpoint,
    allowLoopback: true,
    random: () => 0,
  });
  const seen: unknown[] = [];
  const listing = await directory.list('applications', (objects) => void seen.push(...objects), NEVER);
  return { listing, seen };
};

describe('the requests to Microsoft Graph', () => {
  it('say who asks, and that people come first; a compressed answer is read', async () => {
    const { endpoint, requests } = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(gzipSync(JSON.stringify({ value: [{ id: TENANT_ID, appId: TENANT_ID }] })));
    });
    const { listing, seen } = await listFrom(endpoint);
    expect([listing.ok, seen]).toMatchObject([true, [{ appId: TENANT_ID }]]);
    expect(requests).toMatchObject([
      { headers: { authorization: 'Bearer token-of-the-scanner', 'x-ms-throttle-priority': 'low' } },
    ]);
  });

  it('follow no redirect: the token would go with them', async () => {
    const other = await serve((_, response) => response.end('{"value":[]}'));
    const { endpoint } = await serve((_, response) => {
      response.writeHead(307, { location: `${other.endpoint}/v1.0/applications` });
      response.end();
    });
    expect((await listFrom(endpoint)).listing).toMatchObject({ failure: { reason: 'malformed_answer' } });
    expect(other.requests).toEqual([]);
  });

  it('are not sent without a login', async () => {
    const { endpoint, requests } = await serve((_, response) => response.end('{"value":[]}'));
    const { listing } = await listFrom(endpoint, null);
    expect(listing).toMatchObject({
      failure: { reason: 'unauthorized', action: expect.stringContaining('directory.tenantId') },
    });
    expect(requests).toEqual([]);
  });

  it('go to no host without TLS', async () => {
    const options = { credential: { getToken: async () => null }, clock: impatientClock().clock };
    expect(() =>
      graphDirectory({ ...options, tenantId: TENANT_ID, endpoint: 'http://graph.microsoft.com' }),
    ).toThrow('is not encrypted');
  });
});
