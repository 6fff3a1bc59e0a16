import { describe, expect, it } from 'vitest';
import { NEW, PAIR, readAnswer } from '../../../fakes/readAnswer.ts';

const deviationsOf = (answer: ReturnType<typeof readAnswer>) =>
  answer.kind === 'tokens' ? answer.deviations.map(({ code }) => code) : answer.kind;

describe('the life of a refresh token in an answer', () => {
  const stating = (seconds: number) =>
    readAnswer(200, { ...PAIR, expires_in: 3600, refresh_token_expires_in: seconds });

  it('is unknown, and a deviation, when it cannot be meant; the token is kept all the same', () => {
    for (const seconds of [2 ** 31 - 1, 90 * 86_400_000, 1_795_000_000]) {
      expect(stating(seconds)).toMatchObject({ refreshToken: NEW, refreshTokenExpiresInSeconds: undefined });
      expect([seconds, deviationsOf(stating(seconds))]).toEqual([seconds, ['lifetime_not_believed']]);
    }
  });
});

describe('the lifetimes of a form', () => {
  const contentType = 'application/x-www-form-urlencoded';
  const deviations = (expiresIn: string) => {
    const body = `access_token=at-1&token_type=bearer&refresh_token=${NEW}&expires_in=${expiresIn}`;
    return deviationsOf(readAnswer(200, body, { accept: contentType }, { contentType }));
  };

  it('are texts without being a deviation', () => {
    expect(deviations('28800&refresh_token_expires_in=7776000')).toEqual([]);
  });

  it('are a deviation where they are no numbers', () => {
    expect(deviations('soon')).toEqual(['lifetime_not_a_number']);
  });
});
