import type { EventGridEvent } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { vaultEvent } from '../../../src/functions/vaultEvent.ts';
import { composeWith } from '../../fakes/composedScanner.ts';
import { type FakeVault, inventoryFailure } from '../../fakes/fakeInventory.ts';
import { invocation } from '../../fakes/invocation.ts';
import { secretMetadata, VAULT_URL } from '../../fakes/metadata.ts';

const event = (id: string): EventGridEvent => ({
  id: '1',
  topic: '/subscriptions/x',
  subject: 'door-lock-api',
  eventType: 'Microsoft.KeyVault.SecretNearExpiry',
  eventTime: '2026-11-22T12:00:00Z',
  dataVersion: '1',
  metadataVersion: '1',
  data: { Id: id },
});
const SECRET_ID = `${VAULT_URL}/secrets/door-lock-api/v1`;
const failing = (retryable: boolean): FakeVault => ({
  versions: inventoryFailure({ retryable }),
});
const deliver = async (id: string, vault: FakeVault) => {
  const telemetry = composeWith({ [VAULT_URL]: vault });
  const { context, logs } = invocation();
  await vaultEvent(event(id), context);
  return { telemetry, levels: logs.map(({ level }) => level) };
};

describe('an event of Event Grid', () => {
  it('has its object looked at and reported', async () => {
    const versions = { ok: true, versions: [secretMetadata({ version: 'v1' })] } as const;
    const { telemetry, levels } = await deliver(SECRET_ID, { versions });
    expect(telemetry.eventsNamed('keywatch.credential.observed')).toMatchObject([
      { version: 'v1', mode: 'object' },
    ]);
    expect(levels).toEqual([]);
  });

  it.each([
    ['speaks of a vault that nobody watches', 'https://kv-stranger.vault.azure.net/secrets/a'],
    ['speaks of another host', 'https://evil.example/secrets/a'],
    ['speaks of nothing', ''],
  ])('that %s is warned of and not delivered again', async (_what, id) => {
    const { telemetry, levels } = await deliver(id, {});
    expect([levels, telemetry.events]).toEqual([['warning'], []]);
  });

  it('may be one of a batch: each is looked at, and all come again where one of them needs it', async () => {
    const versions = { ok: true, versions: [secretMetadata({ version: 'v1' })] } as const;
    const other = 'https://kv-other.vault.azure.net';
    const telemetry = composeWith({ [other]: failing(true), [VAULT_URL]: { versions } });
    const batch = [event(`${other}/secrets/a`), event(SECRET_ID)];
    await expect(vaultEvent(batch, invocation().context)).rejects.toThrow();
    expect(telemetry.eventsNamed('keywatch.credential.observed')).toMatchObject([{ version: 'v1' }]);
  });

  it('is delivered again only where waiting may help', async () => {
    expect((await deliver(SECRET_ID, failing(false))).levels).toEqual(['warning']);
    await expect(deliver(SECRET_ID, failing(true))).rejects.toThrow('refused to list');
  });
});
