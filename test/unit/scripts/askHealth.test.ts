import { describe, expect, it } from 'vitest';
import { askHealth, watchesInWords } from '../../../scripts/askHealth.ts';
import { startJsonApi } from '../../fakes/startJsonApi.ts';

type Answer = [status: number, body: string, headers?: Record<string, string>];
const HEALTHY: Answer = [200, '{"status":"healthy"}'];
const UNHEALTHY: Answer = [503, '{"status":"unhealthy"}'];
const STARTING: Answer = [503, 'Function host is not running.'];

/** An app that gives these answers in turn, the last one for ever. */
const deployed = async (...answers: Answer[]) => {
  const given = answers.map(([status, body, headers = {}]) => ({ status, body, headers }));
  const { endpoint, requests, stop } = await startJsonApi(given);
  return { url: endpoint, asked: () => requests.map(({ url }) => url), stop };
};

const ask = async (url: string, attempts = 3) => {
  const told: string[] = [];
  const waited: number[] = [];
  const answer = await askHealth({
    url,
    attempts,
    waitMs: 15_000,
    timeoutMs: 5_000,
    wait: async (ms) => {
      waited.push(ms);
    },
    tell: (words) => told.push(words),
  });
  return { answer, told, waited };
};

describe('the question after a deployment whether the app is healthy', () => {
  it('is asked at /api/health and answered at once by a healthy app', async () => {
    const { url, asked } = await deployed(HEALTHY);
    const { answer, waited } = await ask(url);
    expect({ answer, waited, asked: asked() }).toEqual({
      answer: { healthy: true, watches: undefined },
      waited: [],
      asked: ['/api/health'],
    });
  });

  it('is answered with how much is watched, which nothing of is named', async () => {
    const watches = { vaults: 3, subscriptions: 0, directories: 1, grants: 1, clients: 2, rotations: 0 };
    const { url } = await deployed([200, JSON.stringify({ status: 'healthy', watches })]);
    expect((await ask(url)).answer).toEqual({ healthy: true, watches });
    expect(watchesInWords(watches)).toBe(
      'It watches 3 vaults, 0 subscriptions, 1 directory, 1 grant, 2 clients and 0 rotations.',
    );
    const nothing = watchesInWords({ ...watches, vaults: 0, directories: 0 });
    expect(nothing).toMatch(/^It watches 0 vaults.*Nothing is scanned: name vaults in .*directories in/);
  });

  it.each([
    '"many"',
    '{}',
    '{"vaults":"3","subscriptions":0,"directories":0,"grants":0,"clients":0,"rotations":0}',
    'null',
  ])('says nothing of what is watched where the answer is odd there (%s)', async (odd) => {
    const { url } = await deployed([200, `{"status":"healthy","watches":${odd}}`]);
    expect((await ask(url)).answer).toEqual({ healthy: true, watches: undefined });
  });

  it('is asked again while the platform still starts the app', async () => {
    const { url } = await deployed([404, ''], STARTING, HEALTHY);
    const { answer, told, waited } = await ask(url);
    expect(answer).toMatchObject({ healthy: true });
    expect(told).toHaveLength(2);
    expect(waited).toEqual([15_000, 15_000]);
  });

  it('ends in "unhealthy" when the app says to the end that it is not configured', async () => {
    const { url, asked } = await deployed(UNHEALTHY);
    const { answer, waited } = await ask(url);
    expect(answer).toEqual({ healthy: false, reason: 'unhealthy' });
    expect(asked()).toHaveLength(3);
    expect(waited).toHaveLength(2);
  });

  it.each<[string, Answer]>([
    ['a 503 of the platform', STARTING],
    ['a page of somebody else with status 200', [200, '<h1>Your function app is up and running</h1>']],
    ['a redirect, which it does not follow', [302, '', { location: '/elsewhere' }]],
  ])('takes no other answer for that of Keywatch: %s', async (_what, given) => {
    const { url, asked } = await deployed(given);
    const { answer } = await ask(url, 1);
    expect(answer).toMatchObject({ healthy: false, reason: 'no_answer' });
    expect(asked()).toEqual(['/api/health']);
  });

  it('says what kept it from an answer when nobody listens', async () => {
    const { url, stop } = await deployed(HEALTHY);
    stop();
    const { answer } = await ask(url, 1);
    expect(answer).toMatchObject({ reason: 'no_answer', last: expect.stringContaining('ECONNREFUSED') });
  });
});
