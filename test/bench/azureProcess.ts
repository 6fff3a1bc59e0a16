import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { DAY_MS } from '../../src/lib/kernel/time.ts';
import { selfSignedCertificate } from '../../src/local/keyVault/selfSigned.ts';
import { answer, inputOf } from './childProcess.ts';

/**
 * What a deployed app asks at its start, each answer after a while: a managed identity, a blob service in which the
 * first scan is done, a queue service whose poison queues are empty, and ingestion that takes everything.
 */
export interface AzureInput {
  readonly latencyMs: number;
  readonly vaultUrl: string;
}

export interface AzureServices {
  readonly origin: string;
  /** With an account in its path, without which the SDK does not find the queue's name there. */
  readonly queueServiceUrl: string;
  readonly identityUrl: string;
  /** PEM of the certificate behind `origin`. */
  readonly certificate: string;
}

const { latencyMs, vaultUrl } = inputOf<AzureInput>();

const blob = (subject: string): string =>
  `<Blob><Name>runs/${encodeURIComponent(subject)}</Name><Properties><Etag>0x1</Etag></Properties><Metadata><at>${new Date().toISOString()}</at></Metadata></Blob>`;
const LISTING = `<?xml version="1.0" encoding="utf-8"?><EnumerationResults><Blobs>${blob('first-scan')}${blob(vaultUrl)}</Blobs><NextMarker/></EnumerationResults>`;

const handle: RequestListener = (request, response) => {
  const url = new URL(request.url ?? '/', 'https://localhost');
  let bytes = 0;
  request.on('data', (chunk: Buffer) => (bytes += chunk.length));
  request.on('end', () =>
    setTimeout(() => {
      const json = (value: unknown) =>
        response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
      if (url.pathname === '/identity') {
        const expires = Math.floor((Date.now() + DAY_MS) / 1000);
        json({
          access_token: 'token',
          expires_on: `${expires}`,
          resource: url.searchParams.get('resource'),
          token_type: 'Bearer',
        });
      } else if (url.searchParams.get('comp') === 'list')
        response.setHeader('content-type', 'application/xml').end(LISTING);
      else if (url.searchParams.get('comp') === 'metadata')
        response.setHeader('x-ms-approximate-messages-count', '0').end();
      else if (url.pathname.endsWith('/track')) json({ itemsReceived: 1, itemsAccepted: 1, errors: [] });
      else if (request.method === 'PUT') response.writeHead(201, { etag: '"0x1"' }).end();
      else response.writeHead(404, { 'x-ms-error-code': 'BlobNotFound' }).end();
    }, latencyMs),
  );
};

const now = Date.now();
const { certificate, key } = selfSignedCertificate({
  commonName: 'localhost',
  notBeforeEpochMs: now - DAY_MS,
  notAfterEpochMs: now + DAY_MS,
});
const secure = createServer({ cert: certificate, key }, handle).listen(0, 'localhost');
const plain = createHttp(handle).listen(0, '127.0.0.1');
await Promise.all(
  [secure, plain].map((server) => new Promise((resolve) => server.once('listening', resolve))),
);
const portOf = (server: typeof secure | typeof plain): number => (server.address() as AddressInfo).port;
const origin = `https://localhost:${portOf(secure)}`;
const services: AzureServices = {
  origin,
  queueServiceUrl: `${origin}/account`,
  identityUrl: `http://127.0.0.1:${portOf(plain)}/identity`,
  certificate,
};
await answer(services);
