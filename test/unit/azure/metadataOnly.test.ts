import { createPipelineRequest } from '@azure/core-rest-pipeline';
import type { SecretClient } from '@azure/keyvault-secrets';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { loopbackSwitches } from '../../../src/lib/azure/loopbackSwitches.ts';
import { metadataOnlyPolicy } from '../../../src/lib/azure/metadataOnlyPolicy.ts';
import type {
  CertificateMetadataClient,
  KeyMetadataClient,
  MetadataListings,
  SecretMetadataClient,
} from '../../../src/lib/scan/keyVault/keyVaultClients.ts';
import type { CredentialMetadata } from '../../../src/lib/scan/rules/credential.ts';

describe('the scan, by its types', () => {
  it('holds no method of a client but listings and policies of renewal', () => {
    expectTypeOf<keyof SecretMetadataClient>().toEqualTypeOf<
      'listPropertiesOfSecrets' | 'listPropertiesOfSecretVersions'
    >();
    expectTypeOf<keyof KeyMetadataClient>().toEqualTypeOf<
      'listPropertiesOfKeys' | 'listPropertiesOfKeyVersions' | 'getKeyRotationPolicy'
    >();
    expectTypeOf<keyof CertificateMetadataClient>().toEqualTypeOf<
      'listPropertiesOfCertificates' | 'listPropertiesOfCertificateVersions' | 'getCertificatePolicy'
    >();
    expectTypeOf<keyof MetadataListings>().toEqualTypeOf<'list' | 'listVersions' | 'renewalPolicy'>();
    expectTypeOf<SecretMetadataClient>().not.toExtend<Pick<SecretClient, 'getSecret'>>();
  });

  it('has nowhere to put a value', () => {
    expectTypeOf<keyof CredentialMetadata>().exclude<'value'>().toEqualTypeOf<keyof CredentialMetadata>();
    const read = (client: SecretMetadataClient) => {
      // @ts-expect-error: the narrowed client cannot read a value
      return client.getSecret('token');
    };
    expect(() => read({} as SecretMetadataClient)).toThrow(TypeError);
  });
});

describe('metadataOnlyPolicy', () => {
  const ORIGIN = 'https://kv-prod.vault.azure.net';
  const send = async (method: 'GET' | 'PUT' | 'DELETE', url: string) => {
    const sent: string[] = [];
    const policy = metadataOnlyPolicy({
      origin: ORIGIN,
      signal: new AbortController().signal,
      requestTimeoutMs: 30_000,
      onServerDate: () => {},
    });
    const request = createPipelineRequest({ url, method });
    const refused = await policy
      .sendRequest(request, async (passed) => {
        sent.push(passed.url);
        return { status: 200, headers: request.headers, request };
      })
      .then(
        () => false,
        () => true,
      );
    return refused && sent.length === 0 ? 'refused' : 'sent';
  };

  it.each([
    `${ORIGIN}/secrets?api-version=1`,
    `${ORIGIN}/keys`,
    `${ORIGIN}/certificates?$skiptoken=a%2Fb`,
    `${ORIGIN}/secrets/token/versions?api-version=1`,
    `${ORIGIN}/certificates/desk/policy?api-version=1`,
    `${ORIGIN}/keys/desk/rotationpolicy?api-version=1`,
  ])('lets %s through', async (url) => {
    expect(await send('GET', url)).toBe('sent');
  });

  it.each([
    ['GET', `${ORIGIN}/secrets/token`],
    ['GET', `${ORIGIN}/secrets/token/`],
    ['GET', `${ORIGIN}/secrets/token/0123456789abcdef`],
    ['GET', `${ORIGIN}/secrets/token/versions/../0123`],
    ['GET', `${ORIGIN}/secrets/token/policy`],
    ['PUT', `${ORIGIN}/keys/desk/rotationpolicy`],
    ['GET', `${ORIGIN}/certificates/policy`],
    ['GET', `${ORIGIN}/deletedsecrets/token`],
    ['GET', `${ORIGIN}/secrets/versions/../token`],
    ['PUT', `${ORIGIN}/secrets`],
    ['DELETE', `${ORIGIN}/secrets/token/versions`],
    ['GET', 'https://kv-prod.vault.azure.net.evil.example/secrets'],
    ['GET', 'http://kv-prod.vault.azure.net/secrets'],
    ['GET', 'https://kv-prod.vault.azure.net:8443/secrets'],
  ] as const)('stops %s %s', async (method, url) => {
    expect(await send(method, url)).toBe('refused');
  });
});

describe('loopbackSwitches', () => {
  it('are on for this machine in local mode', () => {
    expect(loopbackSwitches('http://127.0.0.1:4001', true)).toEqual({
      allowInsecureConnection: true,
      disableChallengeResourceVerification: true,
    });
  });

  it('are off for Azure, in local mode too', () => {
    expect(loopbackSwitches('https://kv-prod.vault.azure.net', true)).toEqual({});
    expect(loopbackSwitches('https://localhost.vault.azure.net', true)).toEqual({});
  });

  it('refuse this machine outside local mode', () => {
    expect(() => loopbackSwitches('http://localhost:4001', false)).toThrow(/local mode/);
  });
});
