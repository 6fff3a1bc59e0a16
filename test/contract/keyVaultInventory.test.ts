import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/lib/kernel/time.ts';
import { startInventory } from '../fakes/startInventory.ts';
import { START_EPOCH_MS } from '../fakes/startKeyVault.ts';

const KINDS = ['secret', 'key', 'certificate'] as const;
const validity = {
  notBeforeEpochMs: START_EPOCH_MS - DAY_MS,
  notAfterEpochMs: START_EPOCH_MS + 30 * DAY_MS,
};

describe('the inventory over the SDK clients', () => {
  it('gives the metadata of a secret, whole', async () => {
    const { vault, list } = await startInventory();
    vault.seed.secret('token', {
      value: 'canary-of-the-value',
      contentType: 'text/plain',
      enabled: false,
      tags: { 'keywatch-owner': 'team-a' },
      createdEpochMs: START_EPOCH_MS - 9 * DAY_MS,
      updatedEpochMs: START_EPOCH_MS - 2 * DAY_MS,
      notBeforeEpochMs: START_EPOCH_MS - 8 * DAY_MS,
      expiresOnEpochMs: START_EPOCH_MS + 7 * DAY_MS,
    });
    const { listing, pages, dates } = await list('secret');
    expect(listing).toEqual({ ok: true, pages: 1 });
    expect(pages).toEqual([
      [
        {
          kind: 'secret',
          name: 'token',
          version: undefined,
          enabled: false,
          createdEpochMs: START_EPOCH_MS - 9 * DAY_MS,
          notBeforeEpochMs: START_EPOCH_MS - 8 * DAY_MS,
          expiresOnEpochMs: START_EPOCH_MS + 7 * DAY_MS,
          managed: false,
          tags: { 'keywatch-owner': 'team-a' },
        },
      ],
    ]);
    expect(dates).toEqual([START_EPOCH_MS]);
    expect(JSON.stringify(pages)).not.toContain('canary');
  });

  it.each(KINDS)('takes an empty vault for one in any of its spellings (%ss)', async (kind) => {
    const { vault, list } = await startInventory();
    const emptyPages = [
      '{"value":[]}',
      '{"value":[],"nextLink":null}',
      '{"value":[],"nextLink":""}',
      '{ "nextLink": null, "value": [] }',
      '{"value":null}',
      '{"value":null,"nextLink":null}',
      '{"nextLink":null}',
      '{}',
    ];
    for (const body of emptyPages) {
      vault.faults.inject({ action: { kind: 'answer', status: 200, body } });
      const { listing, pages } = await list(kind);
      expect([body, listing, pages.flat()]).toEqual([body, { ok: true, pages: 1 }, []]);
    }
  });

  it.each(['{"value":[]', '{"value":null'])('goes on after an empty page (%s…)', async (start) => {
    const { vault, list } = await startInventory();
    vault.seed.secret('token', { value: 'x' });
    const body = `${start},"nextLink":"${vault.url}/secrets?api-version=7.5"}`;
    vault.faults.inject({ action: { kind: 'answer', status: 200, body } });
    const { listing, pages } = await list('secret');
    expect(listing).toEqual({ ok: true, pages: 2 });
    expect(pages.flat().map(({ name }) => name)).toEqual(['token']);
  });

  it('keeps an absent expiry, and one at the epoch, apart', async () => {
    const { vault, list } = await startInventory();
    vault.seed.secret('epoch', { value: 'x', expiresOnEpochMs: 0 });
    vault.seed.secret('never', { value: 'x' });
    vault.seed.secret('year-9999', { value: 'x', expiresOnEpochMs: Date.parse('9999-12-31T23:59:59Z') });
    const { pages } = await list('secret');
    expect(pages.flat().map(({ expiresOnEpochMs }) => expiresOnEpochMs)).toEqual([
      0,
      undefined,
      Date.parse('9999-12-31T23:59:59Z'),
    ]);
  });

  it('marks the secret and the key behind a certificate', async () => {
    const { vault, list } = await startInventory();
    vault.seed.certificate('desk', { from: validity });
    vault.seed.key('signing');
    const managed = async (kind: (typeof KINDS)[number]) =>
      (await list(kind)).pages.flat().map((object) => [object.name, object.managed]);
    expect(await managed('secret')).toEqual([['desk', true]]);
    expect(await managed('key')).toEqual([
      ['desk', true],
      ['signing', false],
    ]);
    expect((await list('certificate')).pages.flat()).toMatchObject([
      { name: 'desk', managed: false, expiresOnEpochMs: validity.notAfterEpochMs },
    ]);
  });

  it('hands pages over one by one and counts them', async () => {
    const { vault, list } = await startInventory();
    for (let index = 0; index < 60; index += 1) vault.seed.secret(`s-${index}`, { value: 'x' });
    const { listing, pages } = await list('secret');
    expect(listing).toEqual({ ok: true, pages: 3 });
    expect(pages.map((page) => page.length)).toEqual([25, 25, 10]);
  });

  it('asks for the next page only when the one before has been dealt with', async () => {
    const { vault, inventory } = await startInventory();
    for (let index = 0; index < 60; index += 1) vault.seed.secret(`s-${index}`, { value: 'x' });
    const askedMeanwhile: number[] = [];
    const pagesAsked = () => vault.wireLog.filter(({ status }) => status === 200).length;
    const listing = await inventory.list(vault.url, 'secret', async () => {
      const before = pagesAsked();
      // Any request that did not wait would be answered before this one.
      await inventory.listVersions(vault.url, 'secret', 's-0');
      askedMeanwhile.push(pagesAsked() - before - 1);
    });
    expect({ listing, askedMeanwhile }).toEqual({
      listing: { ok: true, pages: 3 },
      askedMeanwhile: [0, 0, 0],
    });
  });

  it('gives every version of an object, with its own state', async () => {
    const { vault, inventory } = await startInventory();
    const versions = [1, 2, 3].map((day) =>
      vault.seed.secret('token', {
        value: 'x',
        enabled: day > 1,
        createdEpochMs: START_EPOCH_MS - (10 - day) * DAY_MS,
      }),
    );
    const listing = await inventory.listVersions(vault.url, 'secret', 'token');
    if (!listing.ok) throw listing.cause;
    expect(listing.serverDateEpochMs).toBeGreaterThan(0);
    expect(listing.versions.map(({ version, enabled }) => `${version} ${enabled}`).sort()).toEqual(
      versions.map((version, index) => `${version} ${index > 0}`).sort(),
    );
  });

  it('signs in once for the versions of all objects of a scan', async () => {
    const { vault, inventory } = await startInventory();
    const { signal } = new AbortController();
    for (const name of ['one', 'two']) vault.seed.secret(name, { value: 'x' });
    for (const name of ['one', 'two'])
      expect(await inventory.listVersions(vault.url, 'secret', name, signal)).toMatchObject({
        serverDateEpochMs: expect.any(Number),
      });
    expect(vault.wireLog.map(({ status }) => status)).toEqual([401, 200, 200]);
  });

  it.each(['answer 404', 'empty list'])('gives no version of an object that is gone (%s)', async (how) => {
    const { vault, inventory } = await startInventory();
    if (how === 'empty list') {
      const body = '{"value":[],"nextLink":null}';
      vault.faults.inject({ action: { kind: 'answer', status: 200, body } });
    }
    for (const kind of KINDS) {
      expect(await inventory.listVersions(vault.url, kind, 'gone')).toMatchObject({ ok: true, versions: [] });
    }
  });

  it('names the object whose versions cannot be listed, and what to do where it is the only one', async () => {
    const { vault, inventory } = await startInventory();
    const failing = async (status: number) => {
      vault.faults.inject({ action: { kind: 'answer', status, code: 'Whatever', body: '{"value":' } });
      return inventory.listVersions(vault.url, 'secret', 'token');
    };
    expect(await failing(200)).toMatchObject({
      reason: 'malformed_answer',
      message: expect.stringMatching(/^The versions of secret token in vault .+ could not be read: /),
      action: expect.stringMatching(/If it lasts for this one alone, tag it keywatch-ignore=true/),
    });
    expect(await failing(403)).toMatchObject({
      reason: 'forbidden',
      message: expect.stringMatching(/^The versions of secret token .+ may not list its secrets/),
      action: expect.not.stringContaining('for this one alone'),
    });
  });

  it('asks for nothing but listings at the wire, whatever it is asked', async () => {
    const { vault, inventory, list } = await startInventory();
    vault.seed.secret('token', { value: 'x' });
    vault.seed.secret('off', { value: 'x', enabled: false });
    vault.seed.certificate('desk', { from: validity });
    for (const kind of KINDS) {
      await list(kind);
      for (const name of ['token', 'off', 'desk', 'none']) {
        await inventory.listVersions(vault.url, kind, name);
      }
    }
    const paths = vault.wireLog.map(({ method, path }) => `${method} ${path}`);
    expect(paths.length).toBeGreaterThan(20);
    const listing = /^GET \/(secrets|keys|certificates)(\/[a-z]+\/versions)?$/;
    expect(paths.filter((path) => !listing.test(path))).toEqual([]);
  });
});
