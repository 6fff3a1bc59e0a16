import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { DAY_MS } from '../../src/lib/kernel/time.ts';
import { stop } from '../../src/local/listen.ts';
import { certificateOf } from './certificateOf.ts';

export interface AzureServices {
  readonly origin: string;
  /** With an account in its path, without which the SDK does not find the queue's name there. */
  readonly queueServiceUrl: string;
  readonly identityUrl: string;
  /** PEM of the certificate behind `origin`. */
  readonly certificate: string;
}

export interface AzureOptions {
  /** Done is the first scan, and the inventory of this vault. */
  readonly vaultUrl: string;
  /** Each answer waits for it; `asked` says to what. */
  readonly mayAnswer: (asked: string) => Promise<unknown>;
}

const blob = (subject: string): string =>
  `<Blob><Name>runs/${encodeURIComponent(subject)}</Name><Properties><Etag>0x1</Etag></Properties><Metadata><at>${new Date().toISOString()}</at></Metadata></Blob>`;

/**
 * What a deployed app asks at its start: a managed identity, a blob service in which the first scan is done, a queue
 * service whose poison queues are empty, and ingestion that takes everything.
 */
export const startAzure = async ({
  vaultUrl,
  mayAnswer,
}: AzureOptions): Promise<AzureServices & { close(): Promise<unknown> }> => {
  const listing = `<?xml version="1.0" encoding="utf-8"?><EnumerationResults><Blobs>${blob('first-scan')}${blob(vaultUrl)}</Blobs><NextMarker/></EnumerationResults>`;

  const handle: RequestListener = (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'https://localhost');
    const json = (value: unknown) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
    const answer = (): unknown => {
      if (pathname === '/identity') {
        const expires = Math.floor((Date.now() + DAY_MS) / 1000);
        const resource = searchParams.get('resource');
        return json({ access_token: 'token', expires_on: `${expires}`, resource, token_type: 'Bearer' });
      }
      if (searchParams.get('comp') === 'list')
        return response.setHeader('content-type', 'application/xml').end(listing);
      if (searchParams.get('comp') === 'metadata')
        return response.setHeader('x-ms-approximate-messages-count', '0').end();
      if (pathname.endsWith('/track')) return json({ itemsReceived: 1, itemsAccepted: 1, errors: [] });
      if (request.method === 'PUT') return response.writeHead(201, { etag: '"0x1"' }).end();
      return response.writeHead(404, { 'x-ms-error-code': 'BlobNotFound' }).end();
    };
    const asked =
      pathname === '/identity'
        ? `token for ${searchParams.get('resource')}`
        : `${request.method} ${pathname}`;
    request.resume().on('end', () => void mayAnswer(asked).then(answer));
  };

  // TLS goes by the clock of the machine, wherever that of the tests was moved to.
  const tls = certificateOf('localhost');
  const secure = createServer(tls, handle).listen(0, 'localhost');
  const plain = createHttp(handle).listen(0, '127.0.0.1');
  const servers = [secure, plain];
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))));
  const portOf = (server: (typeof servers)[number]): number => (server.address() as AddressInfo).port;
  const origin = `https://localhost:${portOf(secure)}`;
  return {
    origin,
    queueServiceUrl: `${origin}/account`,
    identityUrl: `http://127.0.0.1:${portOf(plain)}/identity`,
    certificate: tls.cert,
    close: () => Promise.all(servers.map(stop)),
  };
};

/** The settings of a deployment of which the first invocation needs nothing else. */
export const deployedSettings = (
  { origin, queueServiceUrl, identityUrl }: AzureServices,
  vaultUrl: string,
) => ({
  APPLICATIONINSIGHTS_CONNECTION_STRING: `InstrumentationKey=00000000-0000-4000-8000-000000000001;IngestionEndpoint=${origin}/`,
  APPLICATION_INSIGHTS_NO_STATSBEAT: '1',
  IDENTITY_ENDPOINT: identityUrl,
  IDENTITY_HEADER: 'bench',
  WEBSITE_SITE_NAME: 'kw-bench',
  KEYWATCH_VAULTS: vaultUrl,
  KEYWATCH_BLOB_SERVICE_URL: origin,
  KEYWATCH_QUEUE_SERVICE_URL: queueServiceUrl,
  KEYWATCH_SCANNER_CLIENT_ID: '00000000-0000-4000-8000-00000000000a',
  KEYWATCH_REFRESHER_CLIENT_ID: '00000000-0000-4000-8000-00000000000b',
  KEYWATCH_ROTATOR_CLIENT_ID: '00000000-0000-4000-8000-00000000000c',
});
