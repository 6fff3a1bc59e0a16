import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { PUBLIC_URL } from '../fakes/composeCallers.ts';
import { fakePieceStore } from '../fakes/fakePieceStore.ts';
import { startCallers } from '../fakes/startCallers.ts';
import { startWholeHost } from '../fakes/startFunctionsHost.ts';

const CANARY = 'canary-7f3a';
const ELSEWHERE = `https://${CANARY}.example/`;
const FAKE_PRINCIPAL = Buffer.from(JSON.stringify({ userId: CANARY, userRoles: ['Keywatch.Read'] })).toString(
  'base64',
);

/** What serves whoever asks. */
const OPEN = new Set([
  // The key of its address decides.
  '/api/calendar/{owner}',
  '/api/health',
  '/api/sign-in',
  '/api/sign-in/callback',
  '/api/sign-out',
]);

/** What somebody without an account can send along with any request. */
const SENT: readonly (readonly [what: string, headers: Readonly<Record<string, string>>])[] = [
  ['nothing', {}],
  ['a token', { authorization: `Bearer ${CANARY}.${CANARY}.${CANARY}` }],
  ['another scheme', { authorization: `Basic ${CANARY}` }],
  [
    'cookies',
    {
      cookie: ['session', 'sign-in', 'consent'].map((name) => `__Host-keywatch-${name}=${CANARY}`).join('; '),
    },
  ],
  [
    'what proxies say',
    {
      'x-ms-client-principal': FAKE_PRINCIPAL,
      'x-ms-client-principal-id': CANARY,
      'x-forwarded-user': CANARY,
    },
  ],
  [
    'another host',
    {
      'x-forwarded-host': `${CANARY}.example`,
      forwarded: `host=${CANARY}.example`,
      'x-original-url': `/${CANARY}`,
    },
  ],
  ['the form of another site', { origin: ELSEWHERE, referer: ELSEWHERE, 'sec-fetch-site': 'cross-site' }],
  ['the form of no site', { origin: 'null', referer: 'http://[', 'sec-fetch-site': 'same-origin' }],
];
const QUERY = [
  'to',
  'state',
  'code',
  'error',
  'error_description',
  'iss',
  'id',
  'q',
  'key',
  'result',
  'access_token',
]
  .map((name) => `${name}=${encodeURIComponent(`${ELSEWHERE}"><b>`)}`)
  .join('&');

/** Like `fetch`, which names its own `Sec-Fetch-Mode`. */
const ask = async (url: string, method: string, headers: Readonly<Record<string, string>>, body: string) => {
  const call = request(url, { method, headers });
  call.end(method === 'GET' ? undefined : body);
  const [answer] = (await once(call, 'response')) as [IncomingMessage];
  const { location = '', ...others } = answer.headers;
  return { status: answer.statusCode ?? 0, location, said: JSON.stringify(others) + (await text(answer)) };
};

it('turns a stranger away, tells and keeps nothing of what they sent and never fails, at whatever address', async () => {
  const { telemetry, tickets } = await startCallers({ connections: { state: fakePieceStore() } });
  const { host, logged } = await startWholeHost();
  const url = await host.listen(0);
  const statuses = new Set<number>();
  for (const { template, methods } of host.routes)
    for (const method of methods)
      for (const accept of ['text/html', 'application/json'])
        for (const [what, headers] of SENT) {
          const path = template.replaceAll(/\{\w+\}/g, `${CANARY}%0d%0a%3Cb%3E`);
          const body = `csrf=${CANARY}&{"refused":"${CANARY}"}`;
          const answer = await ask(`${url}${path}?${QUERY}`, method, { accept, ...headers }, body);
          const asked = `${method} ${template} with ${what}, for ${accept}`;
          expect(answer.said, asked).not.toContain(CANARY);
          // To be where they wanted to be, afterwards.
          const isSentToSignIn = answer.location.startsWith(`${PUBLIC_URL}/api/sign-in?to=%2Fapi%2F`);
          if (!isSentToSignIn) expect(answer.location, asked).not.toContain(CANARY);
          if (!OPEN.has(template)) expect(isSentToSignIn || answer.status === 401, asked).toBe(true);
          statuses.add(answer.status);
        }
  expect([...statuses].sort()).toEqual([200, 303, 400, 401, 404]);
  const kept = [telemetry.events, telemetry.failures, logged, [...tickets.kept]];
  expect(JSON.stringify(kept)).not.toContain(CANARY);
});
