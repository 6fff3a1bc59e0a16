import { describe, expect, it } from 'vitest';
import { configuredNames } from '../../../src/lib/app/configuredNames.ts';
import { configOf } from '../../fakes/config.ts';

const isName = configuredNames(
  configOf(
    { KEYWATCH_VAULTS: 'https://kv-a.vault.azure.net' },
    {
      clients: [
        {
          id: 'weather',
          vault: 'https://kv-a.vault.azure.net',
          apiKey: { secretName: 'oauth-weather', header: 'x-api-key' },
          call: { url: 'https://api.weather.example/me' },
        },
      ],
    },
  ),
);

describe('what nobody can make a secret, by writing it into a vault', () => {
  for (const id of ['client/weather', 'rotation/weather', 'kv-a/secret/of-somebody-else', 'KV-A/key/signing'])
    it(`is ${id}, the id of a credential, by which alerts name it`, () => {
      expect(isName(id)).toBe(true);
    });

  it('is no value that only looks like the id of something unknown', () => {
    const twoNames = 'client/weather\0rotation/weather';
    for (const value of ['kv-b/secret/of-somebody-else', 'kv-a/value/x', 'client/weather/more', twoNames])
      expect(isName(value)).toBe(false);
  });
});
