import { describe, expect, it } from 'vitest';
import type { AzureFailure } from '../../../src/lib/azure/azureErrorReason.ts';
import type { Directory } from '../../../src/lib/directory/ports.ts';
import { entraSource } from '../../../src/lib/scan/entraSource.ts';
import { assessObject } from '../../../src/lib/scan/rules/assess.ts';
import type { Assessment } from '../../../src/lib/scan/rules/credential.ts';
import type { DirectoryScope } from '../../../src/lib/scan/rules/directoryScope.ts';
import { application, type FakeDirectoryOptions, fakeDirectory, listed } from '../../fakes/fakeDirectory.ts';
import { manualClock } from '../../fakes/manualClock.ts';
import { inDays, NOW_EPOCH_MS, vaultSays } from '../../fakes/metadata.ts';
import { recordingTelemetry } from '../../fakes/recordingTelemetry.ts';

const NEVER = new AbortController().signal;
const SCOPE: DirectoryScope = {
  target: 'entra:contoso',
  servicePrincipals: false,
  saml: true,
  policy: { name: 'contoso', says: [] },
};
const FORBIDDEN: AzureFailure = {
  ok: false,
  code: 'directory_forbidden',
  reason: 'forbidden',
  retryable: false,
  message: 'The list could not be read of the directory.',
  action: 'Give the role.',
};

const scan = async (
  options: FakeDirectoryOptions,
  { scope = {}, other = {} }: { scope?: Partial<DirectoryScope>; other?: Partial<Directory> } = {},
) => {
  const { directory, asked } = fakeDirectory(options, other);
  const telemetry = recordingTelemetry();
  const source = entraSource(
    { directory, telemetry, clock: manualClock(NOW_EPOCH_MS) },
    { ...SCOPE, ...scope },
  );
  const seen: Assessment[] = [];
  const listing = await source.list(
    SCOPE.target,
    (objects) =>
      void seen.push(...objects.map((one) => assessObject(one, source.policyOf(''), NOW_EPOCH_MS))),
    NEVER,
  );
  return { seen, listing, asked, failures: telemetry.failures };
};
const codesOf = ({ findings }: Assessment) => findings.map(({ code }) => code);

describe('the applications of a tenant', () => {
  it('are judged as every credential, under the name of the application and the beginning of the key id', async () => {
    const secret = listed({ keyId: '3f2b1c44-0000-4000-8000-000000000003', endEpochMs: inDays(5) });
    const { seen, listing } = await scan({ pages: [[application('CRM portal', [secret])], []] });
    expect(listing).toEqual({ ok: true, pages: 4 });
    expect(seen).toMatchObject([
      {
        credentialId: 'contoso/app_secret/CRM portal/3f2b1c44',
        kind: 'app_secret',
        vault: 'contoso',
        version: secret.keyId,
        status: 'critical',
        suppressed: undefined,
      },
    ]);
  });

  it('may have no credential, and 200', async () => {
    const many = Array.from({ length: 200 }, () => listed());
    const { seen } = await scan({ pages: [[application('none', []), application('many', many)]] });
    expect(new Set(seen.map(({ credentialId }) => credentialId)).size).toBe(200);
  });

  it('have one credential where a certificate is listed to sign, to verify, and with the password of its key', async () => {
    const identifier = 'AB12';
    const entry = { identifier, type: 'certificate', endEpochMs: inDays(40) } as const;
    const entries = [listed(entry), listed(entry), listed({ identifier })];
    const one = await scan({ pages: [[application('signer', entries)]] });
    const other = await scan({ pages: [[application('signer', entries.toReversed())]] });
    expect(one.seen).toMatchObject([{ kind: 'app_certificate', expiresOnEpochMs: inDays(40) }]);
    expect(other.seen).toEqual(one.seen);
  });

  it('steer their alerts by tags of their own', async () => {
    const labels = ['HideApp', 'keywatch-owner=crm', 'keywatch-critical-days=4'];
    const { seen } = await scan({
      pages: [[application('crm', [listed({ endEpochMs: inDays(5) })], { labels })]],
    });
    expect(seen).toMatchObject([{ owner: 'crm', status: 'warning', findings: [] }]);
  });
});

describe('a newer credential', () => {
  const older = listed({ startEpochMs: inDays(-700), endEpochMs: inDays(5) });
  const dates = { startEpochMs: inDays(-10), endEpochMs: inDays(300) };

  it.each([
    ['takes over from an older one', listed(dates), 'superseded'],
    ['does not while it has not begun', listed({ ...dates, startEpochMs: inDays(1) }), undefined],
    ['does not once it has ended itself', listed({ ...dates, endEpochMs: inDays(-1) }), undefined],
    ['does not where it ends earlier', listed({ ...dates, endEpochMs: inDays(4) }), undefined],
    ['does not where it was made before', listed({ ...dates, startEpochMs: inDays(-800) }), undefined],
    ['does not where it is of another kind', listed({ ...dates, type: 'certificate' }), undefined],
  ])('%s', async (_, newer, suppressed) => {
    const { seen } = await scan({ pages: [[application('crm', [newer, older])]] });
    const found = seen.find(({ version }) => version === older.keyId);
    expect([found?.status, found?.suppressed]).toEqual(['critical', suppressed]);
  });

  it('hides also that the older one has ended, which a snooze does not', async () => {
    const ended = listed({ ...older, endEpochMs: inDays(-1) });
    const { seen, asked } = await scan({ pages: [[application('crm', [ended, listed(dates)])]] });
    expect(seen).toMatchObject([{ status: 'expired', suppressed: 'superseded' }, { suppressed: undefined }]);
    expect(asked).toEqual([]);
  });
});

describe('a certificate of SAML', () => {
  const certificate = (identifier: string, startDays: number, endDays: number) => {
    const dates = { startEpochMs: inDays(startDays), endEpochMs: inDays(endDays) };
    return listed({ type: 'certificate', identifier, ...dates });
  };
  const workday = (activeThumbprint: string | undefined, ...credentials: ReturnType<typeof listed>[]) =>
    application('Workday', credentials, { type: 'servicePrincipals', saml: { activeThumbprint } });
  const old = certificate('AA', -1_000, 5);
  const young = certificate('BB', -10, 1_000);

  it('is told although a newer one is there: the other side does not know one that is not active', async () => {
    const { seen } = await scan({ pages: [[workday('AA', old, young)]] });
    expect(seen).toMatchObject([
      { kind: 'saml_certificate', status: 'critical', suppressed: undefined },
      { status: 'valid', suppressed: undefined },
    ]);
    expect(seen.map(codesOf)).toEqual([['unowned', 'saml_successor_not_active'], ['unowned']]);
  });

  it('is not told once the newer one is active', async () => {
    const { seen } = await scan({ pages: [[workday('BB', old, young)]] });
    expect(seen.map(({ suppressed }) => suppressed)).toEqual(['superseded', undefined]);
  });

  it('is told where nobody knows which one is active', async () => {
    const { seen } = await scan({ pages: [[workday(undefined, old, young)]] });
    expect(seen.map(({ suppressed }) => suppressed)).toEqual([undefined, undefined]);
  });

  it('is listed where the scope says so, and secrets of enterprise applications where it says that', async () => {
    const other = application('other', [listed()], { type: 'servicePrincipals' });
    const pages = [[workday('AA', old), other]];
    const kindsOf = async (scope: Partial<DirectoryScope>) =>
      (await scan({ pages }, { scope })).seen.map(({ kind }) => kind);
    expect(await kindsOf({ saml: false })).toEqual([]);
    expect(await kindsOf({})).toEqual(['saml_certificate']);
    expect(await kindsOf({ saml: false, servicePrincipals: true })).toEqual(['app_secret']);
  });
});

describe('what the directory is asked for the sake of those that need attention', () => {
  const ending = application('ending', [listed({ endEpochMs: inDays(5) })]);
  const quiet = application('quiet', [listed()]);
  const ana = { id: 'a', type: 'user', name: 'ana@contoso.example' } as const;
  const zoe = { id: 'z', type: 'user', name: 'zoe@contoso.example' } as const;
  const robot = { id: 'r', type: 'servicePrincipal', name: 'deployer' } as const;

  it('is their owners alone: of a quiet one nobody says that nobody owns it', async () => {
    const { seen, asked } = await scan({
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
    const read = await scan({ pages: [[ending]], owners: { [ending.id]: hidden } });
    expect(read.seen.map(codesOf)).toEqual([[]]);
    expect((await scan({ pages: [[ending]] })).seen.map(codesOf)).toEqual([['unowned']]);
  });

  it('comes behind what the config says of all, and before what it says by default', async () => {
    const owners = { [ending.id]: [ana] };
    const policy = { name: 'contoso', says: [vaultSays({ owner: 'identity-team' })] };
    const { seen } = await scan({ pages: [[ending]], owners }, { scope: { policy } });
    expect(seen[0]?.owner).toBe('ana@contoso.example');
  });

  it('is also whether they have federated credentials: then the secret may not be needed', async () => {
    const { seen } = await scan({
      pages: [[ending]],
      owners: { [ending.id]: [ana] },
      federated: [ending.id],
    });
    expect(seen.map(codesOf)).toEqual([['secret_beside_federation']]);
  });

  it('leaves the list whole where it is refused, and says so once', async () => {
    const refused = async () => FORBIDDEN;
    const other = { ownersOf: refused, managementPolicies: refused };
    const { seen, listing, failures } = await scan({ pages: [[ending]] }, { other });
    expect([listing.ok, seen.map(codesOf)]).toEqual([true, [[]]]);
    expect(failures).toMatchObject([{ reason: 'forbidden', subject: { vault: 'contoso' } }]);
  });

  it('is asked for many at once, also where all of a large tenant needs attention', async () => {
    const pages = Array.from({ length: 9 }, (_, page) =>
      Array.from({ length: 100 }, (_, index) =>
        application(`${page}-${index}`, [listed({ endEpochMs: inDays(5) })]),
      ),
    );
    const { seen, asked } = await scan({ pages }, { scope: { saml: false } });
    expect(seen).toHaveLength(900);
    expect(asked.filter((one) => one.startsWith('owners')).map((one) => one.split(' ').length - 1)).toEqual([
      400, 400, 100,
    ]);
  });
});

describe('a policy of the tenant', () => {
  const limit = { mostMs: inDays(180) - NOW_EPOCH_MS, fromCreatedEpochMs: undefined };
  const tenant = { applications: { secret: limit }, servicePrincipals: {} };

  it('is what a lifetime is judged by', async () => {
    const pages = [
      [application('crm', [listed(), listed({ startEpochMs: inDays(-10), endEpochMs: inDays(169) })])],
    ];
    const { seen } = await scan({ pages, policies: { tenant, own: new Map() } });
    expect(seen.map(({ findings }) => findings)).toMatchObject([
      [
        {
          code: 'lifetime_over_policy',
          detail: "It lives 365 days, from 2026-06-10 to 2027-06-10; the tenant's default policy allows 180.",
        },
      ],
      [],
    ]);
  });
});

it('fails as the directory does, half-way too', async () => {
  const other: Partial<Directory> = { list: async () => ({ ok: false, pages: 3, failure: FORBIDDEN }) };
  const { listing } = await scan({}, { other });
  expect(listing).toMatchObject({
    ok: false,
    pages: 3,
    failure: { reason: 'forbidden', subject: { vault: 'contoso' } },
  });
});
