import { createServer, type IncomingMessage } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { askProtected, protectedInWords } from '../../../scripts/askProtected.ts';
import { listen, stop } from '../../../src/local/listen.ts';

type Answer = readonly [status: number, body?: string, headers?: Readonly<Record<string, string>>];
const REFUSED: Answer = [401, '{"error":"invalid_token"}', { 'www-authenticate': 'Bearer' }];
const UNKNOWN_GRANT: Answer = [404, '{"error":"not_found"}', { 'content-type': 'application/json' }];

/** An app that answers a call by what it brings, and notes what it was asked. */
const deployed = async (answerTo: (request: IncomingMessage, call: number) => Answer) => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const [status, body = '', headers = {}] = answerTo(request, asked.length);
    response.writeHead(status, headers).end(body);
  });
  const url = await listen(server, 0);
  onTestFinished(() => stop(server));
  return { url, asked, stop: () => stop(server) };
};

const ask = async (url: string, attempts = 3) => {
  const waited: number[] = [];
  const answer = await askProtected({
    url,
    attempts,
    waitMs: 15_000,
    timeoutMs: 5_000,
    wait: async (ms) => void waited.push(ms),
    tell: () => {},
  });
  return { answer, waited, words: protectedInWords(answer) };
};

const rolesIn = (request: IncomingMessage): string[] => {
  const header = String(request.headers['x-ms-client-principal'] ?? '');
  if (header === '') return [];
  const { claims } = JSON.parse(Buffer.from(header, 'base64').toString());
  return claims.map(({ val }: { val: string }) => val);
};

describe('the call of nobody after a deployment', () => {
  it('is made without a token and with a forged principal, and is right to be refused', async () => {
    const { url, asked } = await deployed(() => REFUSED);
    const { answer, waited } = await ask(url);
    expect({ answer, waited }).toEqual({ answer: { closed: true }, waited: [] });
    expect(asked).toEqual(Array(2).fill('POST /api/grants/health-check/token'));
  });

  it.each<[string, Answer]>([
    ['a token', [200, '{"access_token":"x"}']],
    ['"you may not", which is for somebody who is known', [403]],
    ['"no such grant", which is for somebody who may ask', UNKNOWN_GRANT],
    ['the way to a page of sign-in', [302, '', { location: 'https://login.example' }]],
    ['"too many"', [429]],
  ])('finds an app open that answers it with %s, and asks no other instance', async (_what, given) => {
    const { url, asked } = await deployed((_, call) => (call === 1 ? given : REFUSED));
    const { answer, words } = await ask(url);
    expect(answer).toEqual({ closed: false, reason: 'open', call: 'without a token', status: given[0] });
    expect(asked).toHaveLength(1);
    expect(words).toMatch(/answered with \d+, and only 401 is right[\s\S]*az functionapp stop/);
  });

  it('finds an app open that believes a header which only the platform may write', async () => {
    const believes = (request: IncomingMessage) =>
      rolesIn(request).includes('Keywatch.Token.health-check') ? UNKNOWN_GRANT : REFUSED;
    const { url } = await deployed(believes);
    const { answer } = await ask(url);
    const call = 'with a forged x-ms-client-principal';
    expect(answer).toEqual({ closed: false, reason: 'open', call, status: 404 });
  });

  it('is made again while the platform does not know the function yet', async () => {
    const { url } = await deployed((_, call) => (call === 1 ? [404] : call === 2 ? [503, '{}'] : REFUSED));
    const { answer, waited } = await ask(url);
    expect({ answer, waited }).toEqual({ answer: { closed: true }, waited: [15_000, 15_000] });
  });

  it.each<[string, Answer, RegExp]>([
    ['a function that is not there', [404, '<h1>Not found</h1>'], /status 404/],
    ['a host that wants a key of its own', [401], /401 without WWW-Authenticate: Bearer/],
    ['a host that fails', [500, '{"error":"x"}'], /status 500/],
  ])('is not taken as refused by %s, and says what to do', async (_what, given, said) => {
    const { url, asked } = await deployed(() => given);
    const { answer, words } = await ask(url);
    expect(answer).toMatchObject({ closed: false, reason: 'no_answer', said: expect.stringMatching(said) });
    expect(asked).toHaveLength(3);
    expect(words).toMatch(/Functions\), deploy the package of this version/);
  });

  it('says what kept it from an answer when nobody listens', async () => {
    const { url, stop } = await deployed(() => REFUSED);
    stop();
    expect((await ask(url, 1)).words).toContain('ECONNREFUSED');
  });
});
