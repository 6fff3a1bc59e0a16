import { expect, it } from 'vitest';
import { ownershipOf } from '../../src/lib/directory/ownership.ts';
import { startDirectory } from '../fakes/startDirectory.ts';

it('tells of applications by their client ids which of them an identity owns, over Microsoft Graph', async () => {
  const { adapter, add } = await startDirectory();
  const [owned, foreign] = add(2);
  if (owned === undefined || foreign === undefined) throw new Error('none were added');
  const me = 'cccccccc-0000-4000-8000-000000000003';
  owned.owners = [{ id: me, type: 'servicePrincipal', displayName: 'rotator' }];
  const gone = 'dddddddd-0000-4000-8000-000000000004';
  const { signal } = new AbortController();
  const read = await ownershipOf(adapter, [owned.appId, foreign.appId, gone], me.toUpperCase(), signal);
  expect(read).toMatchObject({
    ok: true,
    applications: [
      { appId: owned.appId, displayName: 'app 0', standing: 'owned' },
      { appId: foreign.appId, standing: 'not_owned' },
      { appId: gone, standing: 'gone' },
    ],
  });
});

it('passes on what kept it from asking', async () => {
  const { adapter, add } = await startDirectory({ roles: [] });
  const [application] = add(1);
  const { signal } = new AbortController();
  const read = await ownershipOf(adapter, [application?.appId ?? ''], 'me', signal);
  expect(read).toMatchObject({ ok: false, reason: 'forbidden' });
});

it('says of an application whose owners are not told that they are unseen, and not that it is gone', async () => {
  const { adapter, add } = await startDirectory();
  const [application] = add(1);
  const { signal } = new AbortController();
  const unseen = { ...adapter, ownersOf: async () => ({ ok: true as const, owners: new Map() }) };
  expect(await ownershipOf(unseen, [application?.appId ?? ''], 'me', signal)).toMatchObject({
    applications: [{ displayName: 'app 0', standing: 'unseen' }],
  });
});
