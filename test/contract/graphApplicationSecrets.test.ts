import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/lib/kernel/time.ts';
import { startDirectory } from '../fakes/startDirectory.ts';
import { START_EPOCH_MS } from '../fakes/startKeyVault.ts';

const NEVER = new AbortController().signal;
const endEpochMs = START_EPOCH_MS + 90 * DAY_MS;
const NEW = { displayName: 'keywatch:crm:1', endEpochMs };

/** Two applications with one secret each, of which the caller owns the first. */
const start = async () => {
  const started = await startDirectory({ roles: ['Application.ReadWrite.OwnedBy'] });
  const [owned, foreign] = started.add(2);
  if (owned === undefined || foreign === undefined) throw new Error('there are two');
  owned.owners = [{ id: 'caller-id', type: 'servicePrincipal', displayName: 'rotator' }];
  return { ...started, owned, foreign };
};

describe('the secrets of an application, through Microsoft Graph', () => {
  it('are read, made with the end that is asked for, and removed', async () => {
    const { secrets, owned } = await start();
    const added = await secrets.addSecret(owned.objectId, NEW, NEVER);
    expect(added).toEqual({
      ok: true,
      keyId: owned.secrets[1]?.keyId,
      secretText: owned.secrets[1]?.value,
      endEpochMs,
    });
    const read = await secrets.readApplication(owned.appId, NEVER);
    expect(read.ok && read.application?.credentials[1]).toMatchObject({ ...NEW, type: 'secret' });
    expect(JSON.stringify(read)).not.toContain(owned.secrets[1]?.value);
    const [old] = owned.secrets;
    expect(await secrets.removeSecret(owned.objectId, old?.keyId ?? '', NEVER)).toEqual({ ok: true });
    expect(owned.secrets.map(({ displayName }) => displayName)).toEqual([NEW.displayName]);
  });

  it('are removed where they are gone already, and where no answer says so the next time', async () => {
    const { secrets, owned, standIn } = await start();
    const [{ keyId = '' } = {}] = owned.secrets;
    standIn.faults.inject({ match: { method: 'POST' }, action: { kind: 'drop_after_commit' } });
    expect(await secrets.removeSecret(owned.objectId, keyId, NEVER)).toMatchObject({
      ok: false,
      retryable: true,
      mayHaveHappened: true,
    });
    expect(owned.secrets).toEqual([]);
    expect(await secrets.removeSecret(owned.objectId, keyId, NEVER)).toEqual({ ok: true });
  });

  it('are removed where the listing goes on to show them', async () => {
    const { secrets, owned, directory } = await start();
    directory.lagMs = DAY_MS;
    const [{ keyId = '' } = {}] = owned.secrets;
    for (const _time of ['first', 'second'])
      expect(await secrets.removeSecret(owned.objectId, keyId, NEVER)).toEqual({ ok: true });
    const read = await secrets.readApplication(owned.appId, NEVER);
    expect(read.ok && read.application?.credentials).toMatchObject([{ keyId }]);
  });

  it('are not gone with an application that the directory does not find for a moment', async () => {
    const { secrets, owned, standIn } = await start();
    const action = { kind: 'answer', status: 404, code: 'Directory_ObjectNotFound' } as const;
    standIn.faults.inject({ match: { method: 'GET' }, action });
    expect(await secrets.readApplication(owned.appId, NEVER)).toMatchObject({
      ...{ ok: false, reason: 'server_error', retryable: true },
    });
  });

  it('are made once, also where no answer comes', async () => {
    const { secrets, owned, standIn } = await start();
    standIn.faults.inject({ match: { method: 'POST' }, action: { kind: 'drop_after_commit' } });
    expect(await secrets.addSecret(owned.objectId, NEW, NEVER)).toMatchObject({ mayHaveHappened: true });
    standIn.faults.inject({ match: { method: 'POST' }, action: { kind: 'answer', status: 503 } });
    expect(await secrets.addSecret(owned.objectId, NEW, NEVER)).toMatchObject({ mayHaveHappened: true });
    expect(owned.secrets).toHaveLength(2);
  });

  it('may have been made or removed where a gateway gave up waiting, and where what was read then has no list', async () => {
    const { secrets, owned, standIn } = await start();
    const keyId = owned.secrets[0]?.keyId ?? '';
    const { objectId: id, appId } = owned;
    const withoutList = () =>
      standIn.faults.inject({
        match: { method: 'GET' },
        action: {
          kind: 'answer',
          status: 200,
          body: JSON.stringify({ id, appId, passwordCredentials: null }),
        },
      });
    standIn.faults.inject({ match: { method: 'POST' }, action: { kind: 'answer', status: 408 } });
    expect(await secrets.addSecret(id, NEW, NEVER)).toMatchObject({ mayHaveHappened: true });
    withoutList();
    expect(await secrets.readApplication(appId, NEVER)).toMatchObject({ reason: 'malformed_answer' });
    standIn.faults.inject({ match: { method: 'POST' }, action: { kind: 'answer', status: 400 } });
    withoutList();
    expect(await secrets.removeSecret(id, keyId, NEVER)).toMatchObject({ ok: false });
  });

  it('are of nobody else: who does not own the application is told how to become an owner', async () => {
    const { secrets, foreign } = await start();
    const refused = await secrets.addSecret(foreign.objectId, NEW, NEVER);
    expect(refused).toMatchObject({ reason: 'forbidden', retryable: false, mayHaveHappened: false });
    expect(!refused.ok && refused.action).toContain('az ad app owner add --id $APP_ID');
    expect(await secrets.readApplication(foreign.objectId, NEVER)).toEqual({
      ok: true,
      application: undefined,
    });
  });

  it('are tried again after a change in quick succession', async () => {
    const { secrets, owned, standIn } = await start();
    const action = { kind: 'answer', status: 409, code: 'Directory_ConcurrencyViolation' } as const;
    standIn.faults.inject({ match: { method: 'POST' }, action });
    expect(await secrets.addSecret(owned.objectId, NEW, NEVER)).toMatchObject({
      retryable: true,
      mayHaveHappened: false,
    });
  });

  it.each([
    [400, 'CredentialInvalidLifetimeAsPerAppPolicy', 'Lower "lifetimeDays"'],
    [400, 'TooManyAppPasswords', 'Remove a secret of the application'],
    [403, 'Directory_ResourceSizeExceeded', 'Remove secrets and certificates of the application'],
  ])('are not made where they must not be (%i %s), with what to do', async (status, code, action) => {
    const { secrets, owned, standIn } = await start();
    standIn.faults.inject({ match: { method: 'POST' }, action: { kind: 'answer', status, code } });
    expect(await secrets.addSecret(owned.objectId, NEW, NEVER)).toMatchObject({
      ...{ reason: 'rejected', retryable: false, mayHaveHappened: false },
      action: expect.stringContaining(action),
    });
  });
});
