import { describe, expect, it } from 'vitest';
import { pastedAddress, queryOfPasted } from '../../../src/lib/connect/pastedAddress.ts';

const REDIRECT = 'https://localhost/callback/slack';

const entering = async (...lines: string[]) => {
  const said: string[] = [];
  const taken: string[] = [];
  let ends = 0;
  const ended = Promise.withResolvers<void>();
  const browser = pastedAddress({
    redirectUri: REDIRECT,
    say: (sentence) => said.push(sentence),
    async read() {
      return lines.shift();
    },
  });
  const opened = await browser.open({
    port: 0,
    callbackPath: '/unused',
    startPath: '/unused',
    requestFor: (redirectUri) => `https://slack.example/authorize?redirect_uri=${redirectUri}`,
    onCallback(query) {
      if (query.get('state') !== 'ours') return false;
      taken.push(query.get('code') ?? '');
      ended.resolve();
      return true;
    },
    onEnd() {
      ends += 1;
      ended.resolve();
    },
  });
  await ended.promise;
  return { opened, said, taken, ends };
};

describe('an address that a person pastes', () => {
  it('is taken where it is the answer to this request, whatever blanks stand around it', async () => {
    const { opened, said, taken } = await entering(` ${REDIRECT}?state=ours&code=abc \t`);
    expect(opened).toMatchObject({ redirectUri: REDIRECT, link: expect.stringContaining('slack.example') });
    expect([taken, said]).toEqual([['abc'], []]);
  });

  it('is taken with the slash that some servers put behind the redirect address', async () => {
    expect((await entering(`${REDIRECT}/?state=ours&code=abc`)).taken).toEqual(['abc']);
  });

  it('is asked for again where it is anything else, without being repeated', async () => {
    const { said, taken } = await entering(
      'the-code-alone',
      `${REDIRECT}?state=theirs&code=stolen`,
      `${REDIRECT}?state=ours&code=abc`,
    );
    expect(taken).toEqual(['abc']);
    expect(said).toHaveLength(2);
    expect(said.join()).not.toMatch(/the-code-alone|stolen/);
  });

  it('is waited for no longer when nothing more can be entered', async () => {
    const { taken, ends } = await entering();
    expect({ taken, ends }).toEqual({ taken: [], ends: 1 });
  });

  it.each([
    'https://evil.example/callback/slack?state=ours',
    'http://localhost/callback/slack?state=ours',
    'https://localhost/callback/other?state=ours',
    'https://localhost.evil.example/callback/slack',
    `${REDIRECT}?code=${'a'.repeat(9000)}`,
    '',
  ])('is none of the redirect address: %.60s', (line) => {
    expect(queryOfPasted(line, REDIRECT)).toBeUndefined();
  });
});
