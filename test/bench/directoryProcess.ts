import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { DAY_MS } from '../../src/lib/kernel/time.ts';
import { listen } from '../../src/local/listen.ts';
import { answer, inputOf } from './childProcess.ts';

/** Microsoft Graph over computed applications, in a process of its own so that it takes none of the scan's time. */
export interface DirectoryInput {
  readonly applications: number;
  readonly credentialsEach: number;
  /** One of so many has a secret that is about to end. */
  readonly oneEndsOf: number;
  readonly latencyMs: number;
}

export interface DirectoryUrl {
  readonly url: string;
}

const { applications, credentialsEach, oneEndsOf, latencyMs } = inputOf<DirectoryInput>();
const startedEpochMs = Date.now();
const guid = (kind: string, number: number): string =>
  `${number.toString(16).padStart(8, '0')}-0000-4000-8000-${kind.padStart(12, '0')}`;
const iso = (days: number): string => new Date(startedEpochMs + days * DAY_MS).toISOString();

const application = (index: number) => {
  const ends = index % oneEndsOf === 0 ? 5 : 200;
  const credential = (number: number) => ({
    customKeyIdentifier: null,
    displayName: `secret ${number}`,
    // All of one application begin together: none takes over from another.
    startDateTime: iso(-100),
    endDateTime: iso(ends),
    hint: 'abc',
    keyId: guid(`c${number}`, index),
    secretText: null,
  });
  return {
    id: guid('a', index),
    appId: guid('b', index),
    displayName: `application ${index}`,
    createdDateTime: iso(-900),
    tags: [],
    passwordCredentials: Array.from({ length: credentialsEach }, (_, number) => credential(number)),
    keyCredentials: [],
  };
};

const page = (after: number, size: number): object => {
  const until = Math.min(after + size, applications);
  const next = `${baseUrl}/v1.0/applications?$top=${size}&$skiptoken=${until}`;
  return {
    value: Array.from({ length: until - after }, (_, index) => application(after + index)),
    ...(until < applications ? { '@odata.nextLink': next } : {}),
  };
};

const batch = ({ requests }: { requests: readonly { id: string; url: string }[] }) => ({
  responses: requests.map(({ id, url }) => {
    const owner = { '@odata.type': '#microsoft.graph.user', id: 'o', mail: 'owner@contoso.example' };
    return { id, status: 200, headers: {}, body: { value: url.includes('/owners') ? [owner] : [] } };
  }),
});

/** Written before anybody asks: the time of an answer is the latency and nothing else. */
const written = new Map<string, Buffer>();
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  await delay(latencyMs);
  const { pathname, searchParams } = new URL(request.url ?? '/', baseUrl);
  const body =
    pathname === '/v1.0/applications'
      ? written.get(searchParams.get('$skiptoken') ?? '0')
      : Buffer.from(
          JSON.stringify(
            pathname === '/v1.0/$batch' ? batch(JSON.parse(Buffer.concat(chunks).toString())) : { value: [] },
          ),
        );
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body?.length ?? 0 });
  response.end(body);
});
const baseUrl = await listen(server, 0);
const SIZE = 999;
for (let after = 0; after < applications; after += SIZE)
  written.set(String(after), Buffer.from(JSON.stringify(page(after, SIZE))));
await answer({ url: baseUrl } satisfies DirectoryUrl);
process.on('disconnect', () => process.exit());
