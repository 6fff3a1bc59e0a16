import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { keyVaultTokenStore } from '../../../../src/lib/stores/keyVault/keyVaultTokenStore.ts';
import { ownerIdentity, scannerIdentity } from '../../../../src/local/keyVault/identities.ts';
import { manualClock } from '../../../fakes/manualClock.ts';
import { manualLimits } from '../../../fakes/manualLimits.ts';
import { startKeyVault } from '../../../fakes/startKeyVault.ts';

const CANARY = 'canary-token-7d1';
const start = async (identity = ownerIdentity) => {
  const { standIn, vault, clientsOf } = await startKeyVault();
  const store = keyVaultTokenStore({
    credential: standIn.credentialFor(identity),
    allowLoopback: true,
    clock: manualClock(),
  });
  const secret = { vaultUrl: vault.url, name: 'oauth-crm' };
  const write = (value: string, tags: Record<string, string> = {}) =>
    store.write(secret, { value, tags, expiresOnEpochMs: undefined, contentType: undefined });
  return { store, vault, secret, write, clients: clientsOf() };
};

const forbidden = (innerCode: string) =>
  ({ kind: 'answer', status: 403, code: 'Forbidden', innerCode }) as const;

describe('the token store on Key Vault', () => {
  it('reads back what it wrote, with all that it wrote', async () => {
    const { store, secret } = await start();
    const expiresOnEpochMs = Date.parse('2027-02-20T12:00:00Z');
    const version = {
      value: CANARY,
      tags: { 'keywatch-seq': '7', team: 'crm' },
      expiresOnEpochMs,
      contentType: 'application/x',
    };
    expect(await store.write(secret, version)).toMatchObject({ ok: true });
    expect(await store.readLatest(secret)).toMatchObject({ ok: true, latest: { ...version, enabled: true } });
  });

  it('tells a secret that waits to be recovered from one that never was', async () => {
    const { store, secret, write, clients } = await start();
    expect(await store.readLatest(secret)).toMatchObject({ reason: 'not_found', retryable: false });
    await write('one');
    await (await clients.secrets.beginDeleteSecret(secret.name)).pollUntilDone();
    expect(await store.readLatest(secret)).toMatchObject({
      reason: 'deleted',
      retryable: false,
      message: expect.stringContaining('waits to be recovered'),
    });
    expect(await write('two')).toMatchObject({ reason: 'deleted', mayHaveLanded: false });
  });

  it('blames the firewall, and no role, where that refuses', async () => {
    const { store, secret, vault } = await start();
    vault.faults.inject({ match: { path: /secrets/ }, action: forbidden('ForbiddenByFirewall') });
    const failure = await store.readLatest(secret);
    expect(failure).toMatchObject({ reason: 'forbidden', retryable: false });
    expect('action' in failure && failure.action).toMatch(/firewall/);
  });

  it('says whose a secret is that only Key Vault may write, and gives no role for it', async () => {
    const { secret, vault, write } = await start();
    vault.seed.secret(secret.name, { value: 'v1' });
    vault.faults.inject({ match: { method: 'PUT' }, action: forbidden('SecretManagedByKeyVault') });
    const failure = await write(CANARY);
    expect(failure).toMatchObject({ reason: 'forbidden', retryable: false, mayHaveLanded: false });
    expect('action' in failure && failure.action).toMatch(/certificate of the same name/);
  });

  it('keeps to what it was answered where it may not list the deleted', async () => {
    const { store, secret, vault } = await start();
    vault.faults.inject({ match: { path: /deletedsecrets/ }, action: { kind: 'answer', status: 403 } });
    expect(await store.readLatest(secret)).toMatchObject({ reason: 'not_found' });
  });

  it('writes an end that the SDK cannot carry as the last one that it can, never as one in the past', async () => {
    const { store, secret } = await start();
    const version = { value: CANARY, tags: {}, contentType: undefined };
    const inSixtyYearsEpochMs = Date.parse('2086-11-22T00:00:00Z');
    const written = await store.write(secret, { ...version, expiresOnEpochMs: inSixtyYearsEpochMs });
    const lastEpochMs = Date.parse('2038-01-19T03:14:07Z');
    expect(await store.readLatest(secret)).toMatchObject({ latest: { expiresOnEpochMs: lastEpochMs } });
    const update = { tags: {}, expiresOnEpochMs: 8.64e15 };
    expect(await store.updateProperties(secret, written.ok ? written.version : '', update)).toEqual({
      ok: true,
    });
    expect(await store.readLatest(secret)).toMatchObject({ latest: { expiresOnEpochMs: lastEpochMs } });
  });

  it('waits no longer for a later page of versions than for the first', async () => {
    const { vault, store, secret } = await start();
    const pass = manualLimits();
    for (let version = 0; version < 30; version++) vault.seed.secret(secret.name, { value: `v${version}` });
    const onHit = () => pass(10_000);
    const hung = vault.faults.inject({ match: { path: /skiptoken/ }, onHit, action: { kind: 'hang' } });
    expect(await store.listVersions(secret)).toMatchObject({ ok: false, reason: 'unavailable' });
    expect(hung.hits()).toBe(1);
  });

  it('ends a listing of versions that never ends', async () => {
    const { vault, store, secret } = await start();
    const pass = manualLimits();
    vault.seed.secret(secret.name, { value: 'v1' });
    const nextLink = `${vault.url}/secrets/${secret.name}/versions?api-version=7.6&$skiptoken=again`;
    const body = JSON.stringify({ value: [], nextLink });
    vault.faults.inject({
      match: { path: /\/versions/ },
      times: Number.POSITIVE_INFINITY,
      // Each answer comes in time.
      onHit: () => pass(9_000),
      action: { kind: 'answer', status: 200, body },
    });
    expect(await store.listVersions(secret)).toMatchObject({ ok: false, reason: 'unavailable' });
  });

  it('follows no page of versions to another host', async () => {
    const elsewhere = await startKeyVault();
    const { vault, store, secret } = await start();
    vault.seed.secret(secret.name, { value: 'v1' });
    const nextLink = `${elsewhere.vault.url}/secrets/${secret.name}/versions?api-version=7.6`;
    const body = JSON.stringify({ value: [], nextLink });
    vault.faults.inject({ match: { path: /\/versions/ }, action: { kind: 'answer', status: 200, body } });
    expect(await store.listVersions(secret)).toMatchObject({ ok: false });
    expect(elsewhere.vault.wireLog).toEqual([]);
  });

  it('reads before its first write, so that no token leaves without one of ours', async () => {
    const { vault, write } = await start();
    await Promise.all([write('one'), write('two'), write('three')]);
    const bare = vault.wireLog.filter(({ method, identity }) => method === 'PUT' && identity === undefined);
    expect(vault.wireLog[0]?.method).toBe('GET');
    expect(bare).toEqual([]);
  });

  it('takes a success that it cannot read for no refusal, and for a write that may have landed', async () => {
    const { vault, store, secret, write } = await start();
    await write('one');
    const cut = { kind: 'answer', status: 200, body: '{"value":"two","id":"http' } as const;
    vault.faults.inject({ match: { path: /secrets/ }, times: 2, action: cut });
    const unread = { ok: false, reason: 'unavailable', retryable: true };
    expect(await store.readLatest(secret)).toMatchObject({ ...unread, mayHaveLanded: false });
    expect(await write('two')).toMatchObject({ ...unread, mayHaveLanded: true });
  });

  it('sends each call once, also one that is refused for the moment', async () => {
    const { vault, store, secret, write } = await start();
    await write('one');
    vault.clearWireLog();
    vault.faults.inject({ match: { method: 'PUT' }, times: 9, action: { kind: 'answer', status: 503 } });
    expect(await write('two')).toMatchObject({ ok: false, reason: 'unavailable', mayHaveLanded: true });
    vault.faults.inject({
      match: { method: 'GET' },
      action: { kind: 'answer', status: 429, headers: { 'retry-after': '7' } },
    });
    expect(await store.readLatest(secret)).toMatchObject({
      reason: 'throttled',
      retryAfterSeconds: 7,
      mayHaveLanded: false,
    });
    expect(vault.wireLog).toHaveLength(2);
  });

  it('says that a write may have landed when its answer was lost', async () => {
    const { vault, store, secret, write } = await start();
    await write('one');
    vault.faults.inject({ match: { method: 'PUT' }, action: { kind: 'drop_after_commit' } });
    expect(await write('two')).toMatchObject({ ok: false, reason: 'unavailable', mayHaveLanded: true });
    expect(await store.readLatest(secret)).toMatchObject({ latest: { value: 'two' } });
  });

  it('updates and disables one version and leaves the others alone', async () => {
    const { store, secret, write } = await start();
    const first = await write('one', { seq: '1' });
    await write('two', { seq: '2' });
    const version = first.ok ? first.version : '';
    expect(
      await store.updateProperties(secret, version, { tags: { seq: '1b' }, expiresOnEpochMs: undefined }),
    ).toEqual({ ok: true });
    expect(await store.readVersion(secret, version)).toMatchObject({
      token: { value: 'one', tags: { seq: '1b' } },
    });
    expect(await store.disableVersion(secret, version)).toEqual({ ok: true });
    expect(await store.readVersion(secret, version)).toMatchObject({
      ok: false,
      reason: 'disabled',
      retryable: false,
    });
    const listing = await store.listVersions(secret);
    const versions = listing.ok ? listing.versions.map(({ tags, enabled }) => [tags['seq'], enabled]) : [];
    expect(versions.sort()).toEqual([
      ['1b', false],
      ['2', true],
    ]);
  });

  it('lists more versions than fit on a page', async () => {
    const { store, secret, write } = await start();
    for (let seq = 1; seq <= 30; seq += 1) await write(`t${seq}`);
    expect(await store.listVersions(secret)).toMatchObject({ ok: true, versions: { length: 30 } });
  });

  it('tells what is forbidden from what is too long', async () => {
    const { write } = await start();
    expect(await write('x'.repeat(26_000))).toMatchObject({ reason: 'rejected', mayHaveLanded: false });
    const other = await start(scannerIdentity);
    expect(await other.store.readLatest(other.secret)).toMatchObject({ reason: 'forbidden' });
    expect(await other.write('x')).toMatchObject({ reason: 'forbidden', mayHaveLanded: false });
  });

  it('keeps what it was asked to write out of every failure', async () => {
    const { vault, write } = await start();
    await write('warm');
    const body = `{"error":{"code":"BadParameter","message":"${CANARY}"}}`;
    for (const action of [
      { kind: 'drop_after_commit' },
      { kind: 'answer', status: 400, body },
      { kind: 'answer', status: 500, body: CANARY },
      { kind: 'truncate' },
    ] as const) {
      vault.faults.inject({ match: { method: 'PUT' }, action });
      const failure = await write(CANARY);
      expect(inspect(failure, { depth: 12, showHidden: true })).not.toContain('canary');
    }
  });

  it('refuses this machine outside local mode', async () => {
    const { standIn, vault } = await startKeyVault();
    const store = keyVaultTokenStore({
      credential: standIn.credentialFor(ownerIdentity),
      allowLoopback: false,
      clock: manualClock(),
    });
    await expect(store.readLatest({ vaultUrl: vault.url, name: 'x' })).rejects.toThrow('local mode');
  });
});
