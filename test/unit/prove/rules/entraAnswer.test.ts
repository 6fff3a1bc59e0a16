import { describe, expect, it } from 'vitest';
import {
  ENTRA_NUMBERS,
  type EntraAnswer,
  readEntraAnswer,
} from '../../../../src/lib/prove/rules/entraAnswer.ts';
import { outcomeOfAnswer } from '../../../../src/lib/prove/rules/oauthAnswer.ts';

const REFUSED: EntraAnswer = {
  httpStatus: 401,
  error: 'invalid_client',
  isJson: true,
  method: 'client_secret_post',
  numbers: [],
};
const read = (change: Partial<EntraAnswer>) => readEntraAnswer({ ...REFUSED, ...change });

const NUMBERS = ENTRA_NUMBERS.flatMap(({ outcome, errors, numbers }) =>
  Object.entries(numbers).map(([number, saying]) => ({ number: Number(number), outcome, errors, saying })),
);

describe('an answer of Entra ID', () => {
  it.each(NUMBERS)('with AADSTS$number is $outcome: $saying', ({ number, outcome, errors, saying }) => {
    for (const error of errors.length === 0 ? ['invalid_request', 'server_error'] : errors)
      expect(read({ numbers: [number], error, httpStatus: 400 })).toEqual({ outcome, saying });
  });

  it('has each number once', () => {
    const numbers = NUMBERS.map(({ number }) => number);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it.each([
    [401, 'invalid_client'],
    [400, 'unauthorized_client'],
    [400, 'invalid_grant'],
    [400, 'invalid_resource'],
    [400, 'interaction_required'],
    [400, 'a_new_word'],
    [400, undefined],
  ])('with a number that nobody knows is what %i and %s say', (httpStatus, error) => {
    const answer = { ...REFUSED, httpStatus, error };
    const expected = { outcome: outcomeOfAnswer(answer), saying: undefined };
    expect(read({ ...answer, numbers: [4711] })).toEqual(expected);
    expect(read({ ...answer, numbers: [] })).toEqual(expected);
  });

  it('does not believe a number beside an error that contradicts it', () => {
    expect(read({ error: 'invalid_scope', httpStatus: 400, numbers: [7000215] }).outcome).toBe(
      'resource_wrong',
    );
    expect(read({ error: undefined, httpStatus: 401, numbers: [65001] }).outcome).toBe('credential_wrong');
  });

  it('leaves to the method what a number says of secrets and of signatures alike', () => {
    // "AADSTS50012: Invalid client secret is provided", and "AADSTS50012: Client assertion is not within its valid time range".
    expect(read({ numbers: [70002, 50012] }).outcome).toBe('credential_wrong');
    expect(read({ numbers: [70002, 50012], method: 'private_key_jwt' }).outcome).toBe('assertion_refused');
  });

  it('goes by the first number that is known', () => {
    expect(read({ numbers: [4711, 7000222, 7000215] }).outcome).toBe('credential_expired');
  });

  it('believes no number in a redirect, a 5xx or 429 that speaks of the client', () => {
    expect(read({ httpStatus: 302, numbers: [7000215] }).outcome).toBe('resource_wrong');
    expect(read({ httpStatus: 503, numbers: [7000215] })).toEqual({
      outcome: 'unavailable',
      saying: undefined,
    });
    expect(read({ httpStatus: 429, numbers: [700016] }).outcome).toBe('throttled');
    expect(read({ httpStatus: 500, error: 'server_error', numbers: [50000] }).saying).toMatch(/failed/);
  });
});
