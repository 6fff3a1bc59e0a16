import { describe, expect, it } from 'vitest';
import type { Directory } from '../../../src/lib/directory/ports.ts';
import { application, directoryFailure, listed } from '../../fakes/fakeDirectory.ts';
import { inDays, NOW_EPOCH_MS, vaultSays } from '../../fakes/metadata.ts';
import { codesOf, scanTenant } from '../../fakes/scanTenant.ts';

const FORBIDDEN = directoryFailure();

describe('the applications of a tenant', () => {
  it('are judged as every credential, under the name of the application and the beginnings of its client id and of the key id', async () => {
    const secret = listed({ keyId: '3f2b1c44-0000-4000-8000-000000000003', endEpochMs: inDays(5) });
    const appId = '8c1d22f0-0000-4000-8000-000000000000';
    const portal = application('CRM portal', [secret], { appId });
    const { seen, listing } = await scanTenant({ pages: [[portal], []] });
    expect(listing).toEqual({ ok: true, pages: 4 });
    expect(seen).toMatchObject([
      {
        credentialId: 'contoso/app_secret/CRM portal/8c1d22f0/3f2b1c44',
        kind: 'app_secret',
        vault: 'contoso',
        version: secret.keyId,
        appId,
        status: 'critical',
        suppressed: undefined,
      },
    ]);
  });

  it('may have no credential, and 200', async () => {
    const many = Array.from({ length: 200 }, () => listed());
    const { seen } = await scanTenant({ pages: [[application('none', []), application('many', many)]] });
    expect(new Set(seen.map(({ credentialId }) => credentialId)).size).toBe(200);
  });

  it('have one credential where a certificate is listed to sign, to verify, and with the password of its key', async () => {
    const identifier = 'AB12';
    const entry = { identifier, type: 'certificate', endEpochMs: inDays(40) } as const;
    const signing = listed(entry);
    const entries = [signing, listed(entry), listed({ identifier, keyId: signing.keyId })];
    const signer = application('signer', entries);
    const one = await scanTenant({ pages: [[signer]] });
    const other = await scanTenant({ pages: [[{ ...signer, credentials: entries.toReversed() }]] });
    expect(one.seen).toMatchObject([{ kind: 'app_certificate', expiresOnEpochMs: inDays(40) }]);
    expect(other.seen).toEqual(one.seen);
  });

  it('keep apart what has one identifier and is not one: a description, written by a tool', async () => {
    const identifier = 'rbac';
    const certificate = { identifier, type: 'certificate' } as const;
    const entries = [
      listed({ ...certificate, endEpochMs: inDays(40) }),
      listed({ ...certificate, endEpochMs: inDays(5) }),
      listed({ identifier, endEpochMs: inDays(6) }),
    ];
    const { seen } = await scanTenant({ pages: [[application('old', entries)]] });
    expect(seen.map(({ kind, status }) => [kind, status])).toEqual([
      ['app_certificate', 'valid'],
      ['app_certificate', 'critical'],
      ['app_secret', 'critical'],
    ]);
  });

  it('are told apart though somebody names one as another, and gives a certificate the id of its own', async () => {
    const certificate = listed({ type: 'certificate', endEpochMs: inDays(5) });
    const disguise = listed({ type: 'certificate', keyId: certificate.keyId });
    const pages = [[application('payments', [certificate]), application('payments', [disguise])]];
    const { seen } = await scanTenant({ pages });
    expect(new Set(seen.map(({ credentialId }) => credentialId)).size).toBe(2);
  });

  it('have the whole key id in their names where the beginnings are alike', async () => {
    const keyIds = ['ffffff78-8428-41fa-9d9c-145e86025cd5', 'ffffff78-0000-41fa-9d9c-145e86025cd5'];
    const pages = [
      [
        application(
          'vault',
          keyIds.map((keyId) => listed({ keyId })),
        ),
      ],
    ];
    const { seen } = await scanTenant({ pages });
    expect(seen.map(({ name }) => name.split('/').at(-1))).toEqual(keyIds);
  });

  it('steer their alerts by tags of their own', async () => {
    const labels = ['HideApp', 'keywatch-owner=crm', 'keywatch-critical-days=4'];
    const { seen } = await scanTenant({
      pages: [[application('crm', [listed({ endEpochMs: inDays(5) })], { labels })]],
    });
    expect(seen).toMatchObject([{ owner: 'crm', status: 'warning', findings: [] }]);
  });
});

it('finds no more wrong in the tags of an application than a vault could have', async () => {
  const labels = Array.from({ length: 1_000 }, (_, index) => `keywatch-x${'y'.repeat(index)}=1`);
  const { seen } = await scanTenant({ pages: [[application('crm', [listed()], { labels })]] });
  expect(seen[0]?.findings).toHaveLength(15);
});

describe('what the directory is asked for the sake of those that need attention', () => {
  const ending = application('ending', [listed({ endEpochMs: inDays(5) })]);
  const quiet = application('quiet', [listed()]);
  const ana = { id: 'a', type: 'user', name: 'ana@contoso.example' } as const;
  const zoe = { id: 'z', type: 'user', name: 'zoe@contoso.example' } as const;
  const robot = { id: 'r', type: 'servicePrincipal', name: 'deployer' } as const;

  it('is their owners alone: of a quiet one nobody says that nobody owns it', async () => {
    const { seen, asked } = await scanTenant({
      pages: [[ending, quiet]],
      owners: { [ending.id]: [robot, zoe, ana] },
    });
    expect(asked).toEqual([`owners ${ending.id}`, `federated ${ending.id}`]);
    expect(seen.map(({ name, owner, findings }) => [name.split('/')[0], owner, findings])).toEqual([
      ['quiet', undefined, []],
      ['ending', 'ana@contoso.example', []],
    ]);
  });

  it('has nobody say unowned where the owner may not be read, and says it where there is none', async () => {
    const hidden = [{ id: 'x', type: 'user', name: undefined } as const];
    const read = await scanTenant({ pages: [[ending]], owners: { [ending.id]: hidden } });
    expect(read.seen.map(codesOf)).toEqual([[]]);
    expect((await scanTenant({ pages: [[ending]] })).seen.map(codesOf)).toEqual([['unowned']]);
  });

  it('comes behind what the config says of all, and before what it says by default', async () => {
    const owners = { [ending.id]: [ana] };
    const policy = { name: 'contoso', says: [vaultSays({ owner: 'identity-team' })] };
    const { seen } = await scanTenant({ pages: [[ending]], owners }, { scope: { policy } });
    expect(seen[0]).toMatchObject({ owner: 'ana@contoso.example', isOwnerUnread: false });
  });

  it('is also whether they have federated credentials: then the secret may not be needed', async () => {
    const { seen } = await scanTenant({
      pages: [[ending]],
      owners: { [ending.id]: [ana] },
      federated: [ending.id],
    });
    expect(seen.map(codesOf)).toEqual([['secret_beside_federation']]);
  });

  it('leaves the list whole where it is refused, and says so once', async () => {
    const refused = async () => FORBIDDEN;
    const other = { ownersOf: refused, managementPolicies: refused };
    const { seen, listing, failures } = await scanTenant({ pages: [[ending]] }, { other });
    expect([listing.ok, seen.map(codesOf)]).toEqual([true, [[]]]);
    expect(seen.map(({ isOwnerUnread }) => isOwnerUnread)).toEqual([true]);
    expect(failures).toMatchObject([{ reason: 'forbidden', subject: { vault: 'contoso' } }]);
  });

  it('is asked for many at once, also where all of a large tenant needs attention', async () => {
    const pages = Array.from({ length: 3 }, (_, page) =>
      Array.from({ length: 50 }, (_, index) =>
        application(`${page}-${index}`, [listed({ endEpochMs: inDays(5) })]),
      ),
    );
    const { seen, asked } = await scanTenant({ pages }, { scope: { saml: false } });
    expect(seen).toHaveLength(150);
    expect(asked.filter((one) => one.startsWith('owners')).map((one) => one.split(' ').length - 1)).toEqual([
      100, 50,
    ]);
  });
});

describe('a policy of the tenant', () => {
  const limit = { mostMs: inDays(180) - NOW_EPOCH_MS, fromCreatedEpochMs: undefined };
  const tenant = { applications: { secret: limit }, servicePrincipals: {} };

  it('is what a lifetime is judged by', async () => {
    const pages = [
      [
        application('crm', [
          listed(),
          listed({ startEpochMs: inDays(-10), endEpochMs: inDays(169) }),
          listed({ startEpochMs: inDays(-900), endEpochMs: inDays(-2) }),
        ]),
      ],
    ];
    const owners = { [pages[0]?.[0]?.id ?? '']: [{ id: 'a', type: 'user', name: 'ana' } as const] };
    const { seen } = await scanTenant({ pages, owners, policies: { tenant, own: new Map() } });
    expect(seen.map(({ findings }) => findings)).toMatchObject([
      [
        {
          code: 'lifetime_over_policy',
          detail: "It lives 365 days, from 2026-06-10 to 2027-06-10; the tenant's default policy allows 180.",
        },
      ],
      [],
      [],
    ]);
  });

  it('concerns an owner, who is asked for as long as there are not too many', async () => {
    const over = Array.from({ length: 500 }, (_, index) => application(`over ${index}`, [listed()]));
    const owners = Object.fromEntries(
      over.map(({ id }) => [id, [{ id: 'a', type: 'user', name: 'ana' } as const]]),
    );
    const { seen } = await scanTenant({ pages: [over], owners, policies: { tenant, own: new Map() } });
    expect(seen.filter(({ owner }) => owner === 'ana')).toHaveLength(400);
    expect(seen.flatMap(codesOf).filter((code) => code !== 'lifetime_over_policy')).toEqual([]);
  });
});

it('has told of those that need attention also where the list breaks off behind them', async () => {
  const ending = application('ending', [listed({ endEpochMs: inDays(5) })]);
  const list: Directory['list'] = async (type, onPage) => {
    if (type === 'servicePrincipals') return { ok: false, pages: 0, failure: FORBIDDEN };
    await onPage([ending], NOW_EPOCH_MS);
    return { ok: true, pages: 1 };
  };
  const { seen, listing } = await scanTenant({}, { other: { list } });
  expect(seen).toMatchObject([{ status: 'critical' }]);
  expect(listing).toMatchObject({
    ...{ ok: false, pages: 1 },
    failure: { reason: 'forbidden', subject: { vault: 'contoso' } },
  });
});
