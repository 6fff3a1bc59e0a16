import { describe, expect, it } from 'vitest';
import { NEW, PAIR, readAnswer } from '../../../fakes/readAnswer.ts';

const deviationsOf = (answer: ReturnType<typeof readAnswer>) =>
  answer.kind === 'tokens' ? answer.deviations.map(({ code }) => code) : answer.kind;

describe('the life of a refresh token in an answer', () => {
  const END = '2027-02-20T12:00:00Z';

  it.each([
    ['a length', { refresh_token_expires_in: 7_776_000 }, 7_776_000],
    ['a length in another spelling', { refreshTokenExpiresIn: 7_776_000 }, 7_776_000],
    ['an instant', { refresh_token_expires_at: 1_803_124_800 }, Date.parse(END) / 1000],
    ['a date', { refresh_token_expires_at: END }, Date.parse(END)],
    [
      'a date of another zone',
      { refreshTokenExpiresAt: '2027-02-20T14:00:00.5+02:00' },
      Date.parse(END) + 500,
    ],
  ])('is read where it is %s', (_form, stated, seconds) => {
    const answer = readAnswer(200, { ...PAIR, ...stated });
    expect(answer).toMatchObject({ refreshToken: NEW, refreshTokenExpiresInSeconds: seconds });
    expect(deviationsOf(answer)).toEqual([]);
  });

  it.each([
    ['of nobody knows which zone', '2027-02-20 12:00:00'],
    ['that no calendar has', '2027-02-32T12:00:00Z'],
  ])('is unknown, and a deviation, where it is a date %s', (_which, stated) => {
    const answer = readAnswer(200, { ...PAIR, refresh_token_expires_at: stated });
    expect(deviationsOf(answer)).toEqual(['lifetime_not_a_number']);
  });
});

describe('the life of an access token in an answer', () => {
  const seconds = 1_803_124_800;
  it.each([
    ['its length', { expires_in: 3600, expires_at: seconds }, 3600],
    ['the instant of its end, where no length is said', { expires_at: seconds }, seconds],
    ['the date of its end, as of Square', { expires_at: '2027-02-20T12:00:00Z' }, seconds * 1000],
  ])('is %s', (_form, stated, accessTokenExpiresInSeconds) => {
    const answer = readAnswer(200, { ...PAIR, ...stated });
    expect(answer).toMatchObject({ accessTokenExpiresInSeconds });
    expect(deviationsOf(answer)).toEqual([]);
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
