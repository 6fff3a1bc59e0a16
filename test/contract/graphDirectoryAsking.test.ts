import { describe, expect, it } from 'vitest';
import { startDirectory, TENANT_ID } from '../fakes/startDirectory.ts';
import { START_EPOCH_MS } from '../fakes/startKeyVault.ts';

const NEVER = new AbortController().signal;

describe('what else is asked of the directory', () => {
  it('lists service principals that have credentials, those of SAML with the certificate that signs', async () => {
    const { directory, add, list } = await startDirectory();
    add(3);
    const thumbprint = 'DA20FCA696C4F83E8A9AED59BE33368ED421F3C1';
    directory.samlPrincipals.push({
      ...{
        objectId: TENANT_ID,
        appId: TENANT_ID,
        displayName: 'Workday',
        activeThumbprint: thumbprint,
        owners: [],
      },
      certificates: [
        { keyId: TENANT_ID, thumbprint, startEpochMs: START_EPOCH_MS, endEpochMs: START_EPOCH_MS + 1 },
      ],
    });
    const { pages } = await list('servicePrincipals');
    expect(pages.flat()).toMatchObject([{ displayName: 'Workday', saml: { activeThumbprint: thumbprint } }]);
    expect(pages.flat()[0]?.credentials.map(({ identifier }) => identifier)).toEqual(
      Array(3).fill(thumbprint),
    );
  });

  it('reads owners 20 at a time; what was deleted meanwhile is absent', async () => {
    const { standIn, tenant, adapter, add } = await startDirectory();
    const applications = add(41);
    for (const one of applications)
      one.owners = [
        { id: `${one.objectId}-o`, type: 'user', displayName: 'Ana', mail: 'ana@contoso.example' },
      ];
    tenant.applications.pop();
    const objects = applications.map(({ objectId: id }) => ({ type: 'applications' as const, id }));
    const read = await adapter.ownersOf(objects, NEVER);
    const owners = read.ok ? read.owners : undefined;
    expect(owners?.size).toBe(40);
    expect(owners?.get(applications[0]?.objectId ?? '')).toMatchObject([
      { type: 'user', name: 'ana@contoso.example' },
    ]);
    expect(standIn.wireLog.map(({ path }) => path)).toEqual(Array(3).fill('/v1.0/$batch'));
  });

  it('knows the id alone of an owner that it may not read', async () => {
    const { adapter, add } = await startDirectory({ roles: ['Application.Read.All'] });
    const [one] = add(1);
    if (one === undefined) throw new Error('none was added');
    one.owners = [{ id: 'owner-id', type: 'user', displayName: 'Ana' }];
    const read = await adapter.ownersOf([{ type: 'applications', id: one.objectId }], NEVER);
    expect(read).toMatchObject({ ok: true });
    expect(read.ok && read.owners.get(one.objectId)).toEqual([
      { id: 'owner-id', type: 'user', name: undefined },
    ]);
  });

  it.each([
    ['is throttled', 429],
    ['is not found for want of the tenant itself', 404],
  ])('asks again for what %s within a good batch, and only for that', async (_what, status) => {
    const { standIn, adapter, add, sleptMs } = await startDirectory();
    const applications = add(3);
    const path = `/applications/${applications[1]?.objectId}/federatedIdentityCredentials`;
    const inject = standIn.faults.inject({
      match: { path },
      action: { kind: 'answer', status, headers: { 'Retry-After': '9' } },
    });
    const ids = applications.map(({ objectId }) => objectId);
    expect(await adapter.federatedOf(ids, NEVER)).toEqual({ ok: true, federated: new Set() });
    expect([inject.hits(), sleptMs]).toEqual([1, [9_000]]);
  });

  it.each([
    [403, 'refused', 'forbidden'],
    [500, 'never answered', 'server_error'],
  ])(
    'has the owners of all others where those of one have a %i, are %s, and none where all are',
    async (status, _, reason) => {
      const { standIn, adapter, add } = await startDirectory();
      const objects = add(3).map(({ objectId: id }) => ({ type: 'applications' as const, id }));
      const refuse = (path: RegExp) =>
        standIn.faults.inject({ match: { path }, times: 99, action: { kind: 'answer', status } });
      refuse(new RegExp(objects[1]?.id ?? ''));
      const read = await adapter.ownersOf(objects, NEVER);
      expect(read.ok && [...read.owners.keys()].toSorted()).toEqual(
        [objects[0]?.id, objects[2]?.id].toSorted(),
      );
      refuse(/owners/);
      expect(await adapter.ownersOf(objects, NEVER)).toMatchObject({ ok: false, reason });
    },
  );

  it('gives up on what stays throttled within batches', async () => {
    const { standIn, adapter, add } = await startDirectory();
    const ids = add(2).map(({ objectId }) => objectId);
    standIn.faults.inject({
      match: { path: /federatedIdentityCredentials/ },
      times: 99,
      action: { kind: 'answer', status: 429 },
    });
    expect(await adapter.federatedOf(ids, NEVER)).toMatchObject({
      ok: false,
      reason: 'throttled',
      retryable: true,
    });
  });

  it('reads applications by their client ids, those that are there', async () => {
    const { adapter, add } = await startDirectory();
    const [one] = add(1);
    const read = await adapter.applicationsOf([one?.appId ?? '', TENANT_ID], NEVER);
    expect(read).toMatchObject({ ok: true, applications: [{ appId: one?.appId, displayName: 'app 0' }] });
  });

  it("reads the tenant's policy and those of single applications", async () => {
    const { directory, adapter, add } = await startDirectory();
    const [one] = add(1);
    const restrictions = (maxLifetime: string) => ({
      passwordCredentials: [{ restrictionType: 'passwordLifetime', state: 'enabled', maxLifetime }],
    });
    directory.defaultPolicy = { isEnabled: true, applicationRestrictions: restrictions('P180D') };
    directory.attachedPolicies.push({
      ...{ id: TENANT_ID, displayName: 'Legacy', isEnabled: true, restrictions: restrictions('P365D') },
      appliesTo: [one?.objectId ?? ''],
    });
    const read = await adapter.managementPolicies(NEVER);
    expect(read).toMatchObject({
      ok: true,
      policies: { tenant: { applications: { secret: { mostMs: 180 * 86_400_000 } } } },
    });
    expect(read.ok && [...read.policies.own.values()]).toMatchObject([{ name: 'Legacy' }]);
  });

  it('says of policies which role they take', async () => {
    const { adapter } = await startDirectory({ roles: ['Application.Read.All'] });
    const read = await adapter.managementPolicies(NEVER);
    expect(read).toMatchObject({
      ok: false,
      reason: 'forbidden',
      action: expect.stringContaining('Policy.Read.All'),
    });
  });
});
