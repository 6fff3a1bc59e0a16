import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { entraFlow } from '../../../../src/lib/prove/entra/entraFlow.ts';
import type { FlowOptions } from '../../../../src/lib/prove/http/tokenPost.ts';
import { oauthFlow } from '../../../../src/lib/prove/oauth/oauthFlow.ts';
import type { ClientCredentialsFlow, TokenIssuer } from '../../../../src/lib/prove/ports.ts';
import { certificateOf } from '../../../fakes/certificateOf.ts';
import { manualLimits } from '../../../fakes/manualLimits.ts';
import { CANARY, flowWorld, provedClient, shownOf } from '../../../fakes/provedClient.ts';
import { httpAnswer, startRawHttpServer } from '../../../fakes/rawHttpServer.ts';

const tls = certificateOf('localhost');

interface Flow {
  readonly name: string;
  readonly flowOf: (options: FlowOptions) => ClientCredentialsFlow;
  readonly issuerAt: (host: string) => TokenIssuer;
}

const FLOWS: readonly Flow[] = [
  {
    name: 'MSAL',
    flowOf: entraFlow,
    issuerAt: (authorityHost) => ({ kind: 'entra', tenantId: 'contoso.example', authorityHost }),
  },
  {
    name: 'oauth4webapi',
    flowOf: oauthFlow,
    issuerAt: (host) => ({ kind: 'oauth', tokenEndpoint: `https://${host}/token` }),
  },
];

const start = (answer: string | ((socket: Socket) => void)) => {
  const answering = typeof answer === 'string' ? (socket: Socket) => void socket.end(answer) : answer;
  return startRawHttpServer(answering, tls);
};

const ask = async (
  { flowOf, issuerAt }: Flow,
  answer: string | ((socket: Socket) => void),
  { signal, ...change }: Partial<FlowOptions> & { signal?: AbortSignal } = {},
) => {
  const server = await start(answer);
  const world = flowWorld({ ca: tls.cert, ...change });
  const client = provedClient({ issuer: issuerAt(`localhost:${server.port}`) });
  const result = await flowOf(world.options).request(client, world.context(signal));
  if (!result.ok) expect(shownOf(result)).not.toMatch(/C4n4ry|stolen|rawPacket/);
  return { result, server, ...world };
};

const json = (body: unknown, status = 200) => httpAnswer(status, {}, JSON.stringify(body));
const GOOD = { access_token: 'issued-token-1234567', token_type: 'Bearer', expires_in: 3600 };

describe.each(FLOWS)('an odd answer to $name', (flow) => {
  it.each<[string, string, object]>([
    ['without a token', json({ token_type: 'Bearer' }), { code: 'unavailable', httpStatus: 200 }],
    ['with an empty token', json({ ...GOOD, access_token: '' }), { code: 'unavailable' }],
    ['with a number for a token', json({ ...GOOD, access_token: 7 }), { code: 'unavailable' }],
    ['with an object for a token', json({ ...GOOD, access_token: {} }), { code: 'unavailable' }],
    ['with a masked token', json({ ...GOOD, access_token: '********' }), { code: 'unavailable' }],
    [
      'with a token that is two lines',
      json({ ...GOOD, access_token: 'a1\r\nx-b: c' }),
      { code: 'unavailable' },
    ],
    ['with a token of 1 MB', json({ ...GOOD, access_token: 'x1'.repeat(524_288) }), { code: 'unavailable' }],
    ['of 202', json(GOOD, 202), { code: 'unavailable', httpStatus: 202 }],
    [
      'that changes the protocol',
      'HTTP/1.1 101 X\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
      { code: 'unavailable' },
    ],
    [
      'with an error beside a token',
      json({ ...GOOD, error: 'invalid_client' }),
      { code: 'credential_wrong' },
    ],
    ['of 503 with {}', json({}, 503), { code: 'unavailable', httpStatus: 503 }],
    ['of HTML', httpAnswer(200, {}, '<html>stolen</html>'), { code: 'unavailable', httpStatus: 200 }],
    ['of HTML from a gateway', httpAnswer(502, {}, '<html/>'), { code: 'unavailable', httpStatus: 502 }],
    ['with a list', json([GOOD]), { code: 'unavailable' }],
    ['with a text', json('stolen'), { code: 'unavailable' }],
    ['with null', json(null), { code: 'unavailable' }],
    ['without a body', httpAnswer(200, {}, ''), { code: 'unavailable', httpStatus: 200 }],
    ['of 204', 'HTTP/1.1 204 X\r\n\r\n', { code: 'unavailable', httpStatus: 204 }],
    ['of 401 without a body', httpAnswer(401, {}, ''), { code: 'credential_wrong', httpStatus: 401 }],
    ['that is not HTTP', 'stolen stolen stolen\r\n\r\n', { code: 'unavailable' }],
    ['that breaks off', 'HTTP/1.1 200 X\r\ncontent-length: 99\r\n\r\n{"access', { code: 'unavailable' }],
    ['that echoes a secret as its error', json({ error: CANARY }, 400), { code: 'resource_wrong' }],
  ])('%s is no token', async (_what, answer, expected) => {
    const { result } = await ask(flow, answer);
    expect(result).toMatchObject({ ok: false, ...expected });
  });

  it.each<[unknown, number | undefined]>([
    [undefined, undefined],
    ['3600', 3600],
    ['soon', undefined],
    [-1, undefined],
    [0, 0],
    [0.5, 0],
    [1e300, undefined],
    [{}, undefined],
  ])('with %j for its lifetime is a token all the same', async (given, expiresInSeconds) => {
    const { result } = await ask(flow, json({ ...GOOD, expires_in: given }));
    expect(result).toMatchObject({ ok: true, accessToken: GOOD.access_token, expiresInSeconds });
  });

  it('with its scopes in a list has them all the same', async () => {
    const { result } = await ask(flow, json({ ...GOOD, scope: ['read', 'write'] }));
    expect(result).toMatchObject({ ok: true, scope: 'read write' });
    expect((await ask(flow, json({ ...GOOD, scope: ['read', 7] }))).result).toHaveProperty(
      'scope',
      undefined,
    );
  });

  it('of 201 is a token where servers are known to say so, and none at Entra ID', async () => {
    const { result } = await ask(flow, json(GOOD, 201));
    expect(result).toMatchObject(
      flow.flowOf === oauthFlow ? { ok: true, httpStatus: 201 } : { code: 'unavailable', httpStatus: 201 },
    );
  });

  it('with a member twice counts the later one', async () => {
    const body = `{"access_token":"first-token-123456","error":"","access_token":"issued-token-1234567"}`;
    const { result } = await ask(flow, httpAnswer(200, {}, body));
    expect(result).toMatchObject({ ok: true, accessToken: GOOD.access_token, tokenType: 'Bearer' });
  });

  it('is read where it is compressed, and bounded by what it becomes', async () => {
    const compressed = (body: unknown) => (socket: Socket) => {
      const bytes = gzipSync(JSON.stringify(body));
      const head = `HTTP/1.1 200 X\r\ncontent-encoding: gzip\r\ncontent-length: ${bytes.length}\r\n\r\n`;
      socket.end(Buffer.concat([Buffer.from(head), bytes]));
    };
    expect((await ask(flow, compressed(GOOD))).result).toMatchObject({ accessToken: GOOD.access_token });
    const bomb = { ...GOOD, access_token: 'x1'.repeat(524_288) };
    expect((await ask(flow, compressed(bomb))).result).toMatchObject({ code: 'unavailable' });
  });

  it.each([302, 307, 308])('of %i sends the secret nowhere else', async (status) => {
    const thief = await start(json(GOOD));
    const location = `https://localhost:${thief.port}/token`;
    const { result, server } = await ask(flow, httpAnswer(status, { location }, ''));
    expect(result).toMatchObject({ code: 'resource_wrong', httpStatus: status });
    expect(result).toMatchObject({ message: expect.stringContaining('redirects elsewhere') });
    expect(server.received.join('')).toContain('C4n4ry');
    expect(thief.received).toEqual([]);
  });

  it('reads the error beside a challenge', async () => {
    const headers = { 'www-authenticate': 'Basic realm="x"' };
    const body = JSON.stringify({ error: 'invalid_scope' });
    const { result } = await ask(flow, httpAnswer(401, headers, body));
    expect(result).toMatchObject({ code: 'resource_wrong', oauthError: 'invalid_scope' });
  });

  it('that never comes is waited for no longer than the limit', async () => {
    const pass = manualLimits();
    const { result, telemetry } = await ask(flow, () => pass(10_000));
    expect(result).toMatchObject({
      code: 'unavailable',
      retryable: true,
      message: expect.stringMatching(/no answer in time/),
    });
    expect(telemetry.calls).toMatchObject([{ status: undefined }]);
  });

  it('that comes after the proof was called off changes nothing', async () => {
    const abort = new AbortController();
    const answered = Promise.withResolvers<void>();
    const { result, held } = await ask(
      flow,
      (socket) => {
        abort.abort();
        setImmediate(() => socket.end(json(GOOD), () => answered.resolve()));
      },
      { signal: abort.signal },
    );
    expect(result).toMatchObject({ code: 'unavailable', message: expect.stringMatching(/called off/) });
    await answered.promise;
    expect(held).not.toContain(GOOD.access_token);
  });

  it('is not waited for where the proof was called off before', async () => {
    const { result, server, telemetry } = await ask(flow, json(GOOD), { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ code: 'not_asked', retryable: true });
    expect(telemetry.calls).toEqual([]);
    expect(server.received).toEqual([]);
  });
});

describe('a token endpoint that nothing is sent to', () => {
  it.each([
    ['http://login.example/token', 'must be https'],
    ['https://user:C4n4ry@login.example/token', 'user name or password'],
    ['nowhere', 'not a URL'],
  ])('is %s', async (tokenEndpoint, why) => {
    const world = flowWorld();
    const client = provedClient({ issuer: { kind: 'oauth', tokenEndpoint } });
    const result = await oauthFlow(world.options).request(client, world.context());
    expect(result).toMatchObject({ code: 'not_asked', retryable: false });
    if (!result.ok) expect(result.message).toContain(why);
    expect(JSON.stringify(result)).not.toContain('C4n4ry');
    expect(world.telemetry.calls).toEqual([]);
  });

  it('is one whose credential cannot be read, which says why', async () => {
    const failure = { code: 'client_credential_forbidden', message: 'm', action: 'a', retryable: false };
    const world = flowWorld();
    const store = {
      ...world.options.store,
      readSecret: async () => ({ ok: false, reason: 'forbidden', mayHaveLanded: false, ...failure }) as const,
    };
    const flow = entraFlow({ ...world.options, store });
    const result = await flow.request(provedClient(), world.context());
    expect(result).toMatchObject({ ...failure, code: 'not_asked', subject: { credentialId: 'client/crm' } });
  });

  it('is the one of a client of another kind', async () => {
    const world = flowWorld();
    const result = await oauthFlow(world.options).request(provedClient(), world.context());
    expect(result).toMatchObject({ code: 'not_asked', message: expect.stringMatching(/client of Entra ID/) });
  });
});
