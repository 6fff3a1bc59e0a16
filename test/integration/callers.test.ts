import { connect } from 'node:net';
import { app } from '@azure/functions';
import { expect, it } from 'vitest';
import { secured } from '../../src/functions/secured.ts';
import { READ } from '../../src/lib/callers/rules/roles.ts';
import { bearer, startCallers } from '../fakes/startCallers.ts';
import { startFunctionsHost, startWholeHost } from '../fakes/startFunctionsHost.ts';
import { PROGRAM } from '../fakes/startIdentityProvider.ts';

/** The functions as the host serves them: what a caller can do with bytes that no library would send. */
const serve = async (startHost: typeof startWholeHost) => {
  const scene = await startCallers();
  const { host } = await startHost();
  const url = await host.listen(0);
  /** Sends these lines as the head of one request, whatever they are, and gives all that comes. */
  const raw = async (lines: readonly string[]): Promise<string> => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.write(
      ['GET /api/whoami HTTP/1.1', 'Host: 127.0.0.1', 'Connection: close', ...lines, '', ''].join('\r\n'),
    );
    await new Promise((resolve) => socket.once('close', resolve));
    return text;
  };
  return { ...scene, url, raw };
};

it('lets in a program with its token and turns everybody else away, through the host', async () => {
  const { idp, url, raw, refusals } = await serve(startWholeHost);
  const token = await idp.tokenOf();
  const whoami = (headers: Record<string, string>) => fetch(`${url}/api/whoami`, { headers });

  expect(await (await whoami(bearer(token))).json()).toMatchObject({ objectId: PROGRAM.oid, via: 'bearer' });

  const nobody = await whoami({ 'x-ms-client-principal': 'e30=', 'x-ms-client-principal-id': PROGRAM.oid });
  expect(nobody.status).toBe(401);
  expect(nobody.headers.get('www-authenticate')).toBe('Bearer realm="keywatch"');

  const header = `Authorization: Bearer ${token}`;
  expect(await raw([header])).toMatch(/^HTTP\/1\.1 200 /);
  expect(await raw([header, header])).toMatch(/^HTTP\/1\.1 401 /);
  expect(await raw([header, 'Authorization: Basic YTpi'])).toMatch(/^HTTP\/1\.1 401 /);
  expect(refusals()).toEqual(['nobody', 'token_malformed', 'token_malformed']);

  // Two of one header may be read as the first by one server and as the last by another: here as neither.
  const long = await raw([`Authorization: Bearer ${'a'.repeat(9_000)}.b.c`]);
  expect(long).toMatch(/^HTTP\/1\.1 401 /);
  // Node refuses that by itself, and may close the connection before its answer is read.
  expect(await raw([`Authorization: Bearer ${'a'.repeat(100_000)}.b.c`])).toMatch(/^(HTTP\/1\.1 431 |$)/);
});

it('says nothing of what a caller sent, in no header and no body', async () => {
  const { raw, telemetry } = await serve(() =>
    startFunctionsHost(() => app.http('whoami', { handler: secured(READ, async () => ({ status: 200 })) })),
  );
  for (const sent of [
    'Bearer a.b.c"%0d%0aX-Injected: yes',
    'Bearer a.b.c\tX-Injected',
    'Bearer a.b\u0085X-Injected.c',
  ]) {
    const answer = await raw([`Authorization: ${sent}`, 'Cookie: __Host-keywatch-session=X-Injected"']);
    expect(answer).toMatch(/^HTTP\/1\.1 40[01] /);
    expect(answer).not.toContain('X-Injected');
  }
  expect(JSON.stringify([telemetry.events, telemetry.failures])).not.toContain('X-Injected');
});
