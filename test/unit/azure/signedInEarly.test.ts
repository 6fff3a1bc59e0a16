import type { AccessToken } from '@azure/core-auth';
import { expect, it } from 'vitest';
import { signedInEarly } from '../../../src/lib/azure/signedInEarly.ts';

const SCOPE = 'https://storage.azure.com/.default';
const TOKEN: AccessToken = { token: 'kept', expiresOnTimestamp: 0 };

it('asks for a token before anybody needs it, and whoever does meanwhile asks when it has come', async () => {
  const asked: unknown[] = [];
  const first = Promise.withResolvers<AccessToken>();
  const credential = signedInEarly(
    { getToken: (scope) => (asked.push(scope) === 1 ? first.promise : Promise.resolve(TOKEN)) },
    SCOPE,
  );
  expect(asked).toEqual([SCOPE]);
  const [one, other] = [credential.getToken(SCOPE), credential.getToken('another')];
  await Promise.resolve();
  expect(asked).toEqual([SCOPE]);
  first.resolve(TOKEN);
  expect(await Promise.all([one, other])).toEqual([TOKEN, TOKEN]);
  expect(asked).toEqual([SCOPE, SCOPE, 'another']);
});

it('asks again where that failed', async () => {
  let calls = 0;
  const credential = signedInEarly(
    { getToken: async () => (++calls === 1 ? Promise.reject(new Error('not yet')) : TOKEN) },
    SCOPE,
  );
  expect(await credential.getToken(SCOPE)).toEqual(TOKEN);
});
