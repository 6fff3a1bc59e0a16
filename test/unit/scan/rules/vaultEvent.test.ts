import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventsOf, readVaultEvent } from '../../../../src/lib/scan/rules/vaultEvent.ts';
import { anyUrl } from '../../../fakes/anyUrl.ts';
import { VAULT_URL } from '../../../fakes/metadata.ts';

const SUBSCRIPTION = '0A0A0A0A-1111-4222-8333-444444444444';
const TOPIC = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-front-desk`;
const event = (id: unknown, changes: object = {}) => ({
  topic: TOPIC,
  eventType: 'Microsoft.KeyVault.SecretNearExpiry',
  data: { Id: id, VaultName: 'kv-other', ObjectType: 'Certificate', ObjectName: 'other' },
  ...changes,
});
const VERSION = '00001111222233334444555566667777';

const speaksOf = (kind: string) => ({
  ok: true,
  event: {
    reference: { vaultUrl: VAULT_URL, kind, name: 'door', version: VERSION },
    subscriptionId: SUBSCRIPTION.toLowerCase(),
  },
});

describe('an event of a vault', () => {
  it.each([
    ['secrets', 'secret'],
    ['keys', 'key'],
    ['certificates', 'certificate'],
  ])('speaks of one of its %s by identifier, not by the names beside it', (collection, kind) => {
    expect(readVaultEvent(event(`${VAULT_URL}/${collection}/door/${VERSION}`))).toEqual(speaksOf(kind));
  });

  const data = { Id: `${VAULT_URL}/secrets/door/${VERSION}`, VaultName: 'kv-front-desk' };
  const cloudEvent = { specversion: '1.0', type: 'Microsoft.KeyVault.SecretNearExpiry', source: TOPIC };
  it.each<[string, unknown]>([
    ['Event Grid schema', event(data.Id)],
    ['CloudEvents 1.0', { ...cloudEvent, data, datacontenttype: 'application/json' }],
    ['CloudEvents, data as text', { ...cloudEvent, data: JSON.stringify(data) }],
    [
      'CloudEvents, data in base64',
      { ...cloudEvent, data_base64: Buffer.from(JSON.stringify(data)).toString('base64') },
    ],
    ['a text', JSON.stringify({ ...cloudEvent, data })],
    ['bytes', Buffer.from(JSON.stringify({ ...cloudEvent, data }))],
    ['CloudEvents, data as bytes', { ...cloudEvent, data: Buffer.from(JSON.stringify(data)) }],
    ['a text with a byte order mark', `\uFEFF${JSON.stringify({ ...cloudEvent, data })}`],
    ['names in lower case', { ...cloudEvent, data: { id: data.Id } }],
    ['names in upper case', { TOPIC, DATA: { ID: data.Id } }],
    ['Event Grid schema, data as text', { topic: TOPIC, data: JSON.stringify(data) }],
  ])('is the same in whichever shape it comes: %s', (_shape, given) => {
    expect(readVaultEvent(given)).toEqual(speaksOf('secret'));
  });

  it.each<[string, unknown, number]>([
    ['one', cloudEvent, 1],
    ['a batch', [cloudEvent, event(data.Id)], 2],
    ['a batch as text', JSON.stringify([cloudEvent, cloudEvent, cloudEvent]), 3],
    ['a batch of texts', [JSON.stringify(cloudEvent)], 1],
    ['an empty batch', [], 0],
  ])('comes alone or with others: %s', (_what, given, count) => {
    const events = eventsOf(given);
    expect(events).toHaveLength(count);
    for (const one of events) expect(one).toBeTypeOf('object');
  });

  it('may leave out the version and the topic', () => {
    for (const id of [`${VAULT_URL}/secrets/door`, `${VAULT_URL}/secrets/door/`]) {
      expect(readVaultEvent(event(id, { topic: undefined }))).toMatchObject({
        event: { reference: { version: undefined }, subscriptionId: undefined },
      });
    }
  });

  it.each([
    ['no object', undefined],
    ['a number', 7],
    ['no address', 'door'],
    ['another host', 'https://kv-front-desk.vault.azure.net.evil.example/secrets/door'],
    ['http', 'http://kv-front-desk.vault.azure.net/secrets/door'],
    ['a port', 'https://kv-front-desk.vault.azure.net:8443/secrets/door'],
    ['this machine', 'http://127.0.0.1:8443/secrets/door'],
    ['credentials', 'https://user@kv-front-desk.vault.azure.net/secrets/door'],
    ['another collection', `${VAULT_URL}/deletedsecrets/door`],
    ['a member that every object inherits', `${VAULT_URL}/constructor/door`],
    ['no name', `${VAULT_URL}/secrets/`],
    ['a name with an escape', `${VAULT_URL}/secrets/a%2F..%2Fb`],
    ['a name that is too long', `${VAULT_URL}/secrets/${'a'.repeat(128)}`],
    ['a name with markup', `${VAULT_URL}/secrets/<img>`],
  ])('that names %s is refused in a sentence', (_what, id) => {
    const reading = readVaultEvent(event(id));
    expect(reading).toEqual({ ok: false, problem: expect.stringMatching(/^The event.+\.$/) });
  });

  it('of a stand-in on this machine is taken in local mode only', () => {
    const given = event('http://127.0.0.1:8443/secrets/door');
    expect([readVaultEvent(given, true).ok, readVaultEvent(given, false).ok]).toEqual([true, false]);
  });

  it('that is anything at all is read or refused, never a crash', () => {
    const anyId = fc.oneof(
      anyUrl('http', 'https'),
      fc.string().map((path) => `${VAULT_URL}/${path}`),
      fc.anything(),
    );
    const anyEvent = fc.oneof(
      fc.anything(),
      fc.tuple(anyId, fc.anything()).map(([id, topic]) => event(id, { topic })),
    );
    fc.assert(
      fc.property(anyEvent, (given) => {
        const reading = readVaultEvent(given);
        if (reading.ok) expect(['secret', 'key', 'certificate']).toContain(reading.event.reference.kind);
        else expect(reading.problem).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }),
    );
  });
});
