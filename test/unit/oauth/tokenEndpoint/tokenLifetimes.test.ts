import { describe, expect, it } from 'vitest';
import { readTokenAnswer } from '../../../../src/lib/oauth/tokenEndpoint/tokenResponse.ts';
import { strictProfile } from '../../../fakes/profiles.ts';

const GOOD = { access_token: 'at-1', token_type: 'Bearer', expires_in: 3600, refresh_token: 'rt-new-9a2e' };

/** How an answer is read that states this life of the refresh token. */
const answerStating = (seconds: number) => {
  const text = JSON.stringify({ ...GOOD, refresh_token_expires_in: seconds });
  const raw = {
    httpStatus: 200,
    contentType: 'application/json',
    date: undefined,
    retryAfter: undefined,
    body: new TextEncoder().encode(text),
    cutOff: undefined,
  };
  const answer = readTokenAnswer(raw, strictProfile(), 'rt-old-4f1c');
  if (answer.kind !== 'tokens') throw new Error(`it was read as ${answer.kind}`);
  return {
    refreshToken: answer.refreshToken,
    seconds: answer.refreshTokenExpiresInSeconds,
    deviations: answer.deviations.map(({ code }) => code),
  };
};

describe('the life of a refresh token in an answer', () => {
  it('is unknown, and a deviation, when it cannot be meant; the token is kept all the same', () => {
    for (const seconds of [2 ** 31 - 1, 90 * 86_400_000, 1_795_000_000]) {
      expect([seconds, answerStating(seconds)]).toEqual([
        seconds,
        { refreshToken: GOOD.refresh_token, seconds: undefined, deviations: ['lifetime_not_believed'] },
      ]);
    }
  });

  it('is believed up to ten years', () => {
    for (const days of [1, 90, 3650])
      expect(answerStating(days * 86_400)).toMatchObject({ seconds: days * 86_400, deviations: [] });
  });
});

describe('the lifetimes of a form', () => {
  const read = (body: string) => {
    const raw = {
      httpStatus: 200,
      contentType: 'application/x-www-form-urlencoded',
      date: undefined,
      retryAfter: undefined,
      body: new TextEncoder().encode(body),
      cutOff: undefined,
    };
    const profile = strictProfile({ accept: 'application/x-www-form-urlencoded' });
    const answer = readTokenAnswer(raw, profile, 'rt-old-4f1c');
    return answer.kind === 'tokens' ? answer.deviations.map(({ code }) => code) : answer.kind;
  };
  const form = 'access_token=at-1&token_type=bearer&refresh_token=rt-new-9a2e&expires_in=';

  it('are texts without being a deviation', () => {
    expect(read(`${form}28800&refresh_token_expires_in=7776000`)).toEqual([]);
  });

  it('are a deviation where they are no numbers', () => {
    expect(read(`${form}soon`)).toEqual(['lifetime_not_a_number']);
  });
});
