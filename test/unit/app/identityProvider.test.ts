import { expect, it } from 'vitest';
import { identityProviderOf } from '../../../src/lib/app/identityProvider.ts';

const TENANT = '22222222-2222-4222-8222-222222222222';
const callers = { tenantId: TENANT, clientId: '33333333-3333-4333-8333-333333333333', roles: new Map() };

it('is Entra ID of the tenant alone, and proves this app by a token of its identity', async () => {
  const asked: unknown[] = [];
  const refresher = {
    getToken: async (scope: string | string[]) => {
      asked.push(scope);
      return { token: 'of the identity', expiresOnTimestamp: 0 };
    },
  };
  const provider = identityProviderOf({ callers }, { refresher });
  expect(provider).toMatchObject({
    issuer: `https://login.microsoftonline.com/${TENANT}/v2.0`,
    tenantId: TENANT,
    jwksUri: `https://login.microsoftonline.com/${TENANT}/discovery/v2.0/keys`,
    authorizationEndpoint: `https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/authorize`,
    tokenEndpoint: `https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`,
  });
  expect(await provider?.clientAssertion()).toBe('of the identity');
  expect(asked).toEqual(['api://AzureADTokenExchange/.default']);
});

it('is nobody where the config names nobody who may call, and the one of the platform where it has one', () => {
  const refresher = { getToken: async () => null };
  const local = {
    ...{ issuer: 'http://127.0.0.1:1', tenantId: TENANT, jwksUri: '', authorizationEndpoint: '' },
    ...{ tokenEndpoint: '', clientAssertion: async () => '' },
  };
  expect(identityProviderOf({ callers: undefined }, { refresher, identityProvider: local })).toBeUndefined();
  expect(identityProviderOf({ callers }, { refresher, identityProvider: local })).toBe(local);
});

it('rejects where the identity has no token: nothing is sent without a proof', async () => {
  const refresher = { getToken: async () => null };
  await expect(identityProviderOf({ callers }, { refresher })?.clientAssertion()).rejects.toThrow('no token');
});
