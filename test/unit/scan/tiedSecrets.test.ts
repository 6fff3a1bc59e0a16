import { describe, expect, it } from 'vitest';
import type { AzureFailure } from '../../../src/lib/azure/azureErrorReason.ts';
import type { CredentialSource } from '../../../src/lib/scan/ports.ts';
import type { CredentialMetadata } from '../../../src/lib/scan/rules/credential.ts';
import { tieKey } from '../../../src/lib/scan/rules/tiedSecret.ts';
import { withTiedSecrets } from '../../../src/lib/scan/tiedSecrets.ts';
import { application, directoryFailure, fakeDirectory, listed } from '../../fakes/fakeDirectory.ts';
import { manualClock } from '../../fakes/manualClock.ts';
import { inDays, NOW_EPOCH_MS, POLICY, secretMetadata, VAULT_URL } from '../../fakes/metadata.ts';
import { recordingTelemetry } from '../../fakes/recordingTelemetry.ts';

const secret = listed({ endEpochMs: inDays(100) });
const crm = application('CRM portal', [secret, listed({ endEpochMs: inDays(150) })]);

const vaultOf = (objects: readonly CredentialMetadata[], pages: number): CredentialSource => ({
  name: 'keyvault',
  targets: async () => ({ targets: [VAULT_URL] }),
  watches: async () => true,
  policyOf: () => POLICY,
  async list(_, onPage) {
    for (let page = 0; page < pages; page += 1) await onPage(objects, NOW_EPOCH_MS);
    return { ok: true, pages };
  },
});

const scan = async (
  metadata: Partial<CredentialMetadata>,
  {
    ties = new Map(),
    failure,
    pages = 1,
  }: { ties?: ReadonlyMap<string, { appId: string }>; failure?: AzureFailure; pages?: number } = {},
) => {
  let refusals = 0;
  const { directory, asked } = fakeDirectory(
    { pages: [[crm]] },
    failure === undefined
      ? {}
      : {
          applicationsOf: async () => {
            refusals += 1;
            return failure;
          },
        },
  );
  const telemetry = recordingTelemetry();
  const source = withTiedSecrets(
    vaultOf([secretMetadata(metadata)], pages),
    { directory, telemetry, clock: manualClock(NOW_EPOCH_MS) },
    ties,
  );
  const seen: CredentialMetadata[] = [];
  await source.list(VAULT_URL, (objects) => void seen.push(...objects), new AbortController().signal);
  const details = seen.flatMap(({ known }) => known?.findings?.map(({ detail }) => detail) ?? []);
  return { details, asked, refusals, seen: seen.length, failures: telemetry.failures };
};

const tags = { 'keywatch-app': crm.appId, 'keywatch-key-id': secret.keyId ?? '' };

describe('a secret of a vault that holds the secret of an application', () => {
  it.each([
    ['ends when that one does', { tags, expiresOnEpochMs: inDays(100) }],
    ['ends within a day of it', { tags, expiresOnEpochMs: inDays(99.1) }],
    [
      'ends when any of them does, where nobody says which it holds',
      { tags: { 'keywatch-app': crm.appId }, expiresOnEpochMs: inDays(150) },
    ],
    ['is tied to none', { expiresOnEpochMs: inDays(3) }],
  ])('is in order where it %s', async (_, metadata) => {
    expect((await scan(metadata)).details).toEqual([]);
  });

  it('is told where the config names one that its vault does not have', async () => {
    const ties = new Map(
      ['Door-Lock-API', 'misspelt'].map((name) => [tieKey(VAULT_URL, name), { appId: crm.appId }]),
    );
    ties.set(tieKey('https://kv-other.vault.azure.net', 'elsewhere'), { appId: crm.appId });
    const { failures } = await scan({ expiresOnEpochMs: inDays(100) }, { ties, pages: 2 });
    expect(failures).toMatchObject([
      {
        code: 'tied_secret_missing',
        message: expect.stringMatching(/^Vault kv-front-desk has no secret misspelt, which /),
        subject: { vault: 'kv-front-desk' },
      },
    ]);
  });

  it('is told where the two end at different times', async () => {
    const { details } = await scan({ tags, expiresOnEpochMs: inDays(150) });
    const id = secret.keyId?.slice(0, 8);
    expect(details).toEqual([
      `It ends on 2027-04-21 by the vault; the secret of application CRM portal ${id} ends on 2027-03-02.`,
    ]);
  });

  it.each([
    [
      'the secret was removed',
      { ...tags, 'keywatch-key-id': '99999999-0000-4000-8000-000000000009' },
      'has no secret 99999999',
    ],
    [
      'the application is gone',
      { 'keywatch-app': '99999999-0000-4000-8000-000000000009' },
      'has no application 99999999',
    ],
  ])('is told where %s', async (_, other, words) => {
    expect((await scan({ tags: other })).details[0]).toContain(words);
  });

  it('is tied by the config, whatever its tags, in any spelling of its name', async () => {
    const ties = new Map([[tieKey(VAULT_URL, 'Door-Lock-API'), { appId: crm.appId }]]);
    const { details, asked } = await scan({ expiresOnEpochMs: inDays(3) }, { ties });
    expect(details).toHaveLength(1);
    expect(asked).toEqual([`applications ${crm.appId}`]);
  });

  it('is reported as it is where the directory cannot be asked, and that is said once a listing', async () => {
    const failure = directoryFailure({ reason: 'timeout', retryable: true });
    const { details, failures, refusals, seen } = await scan({ tags }, { failure, pages: 3 });
    expect(details).toEqual([]);
    expect({ seen, refusals }).toEqual({ seen: 3, refusals: 1 });
    expect(failures).toMatchObject([{ reason: 'timeout', subject: { vault: 'kv-front-desk' } }]);
  });

  it('has a malformed tag where an id is none, and no question is asked', async () => {
    expect((await scan({ tags: { 'keywatch-app': 'crm' } })).asked).toEqual([]);
  });
});
