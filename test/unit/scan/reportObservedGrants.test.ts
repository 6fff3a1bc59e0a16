import { describe, expect, it } from 'vitest';
import type { Grant } from '../../../src/lib/oauth/rules/grant.ts';
import { reportObservedGrants } from '../../../src/lib/scan/reportObservedGrants.ts';
import { createScanner } from '../../../src/lib/scan/scanner.ts';
import { configOf } from '../../fakes/config.ts';
import { fakeConnections } from '../../fakes/fakeConnections.ts';
import { type FakeVault, fakeInventory, inventoryFailure } from '../../fakes/fakeInventory.ts';
import { fakeJobRunStore } from '../../fakes/fakeJobRunStore.ts';
import { manualClock } from '../../fakes/manualClock.ts';
import { inDays, NOW_EPOCH_MS, secretMetadata, VAULT_URL } from '../../fakes/metadata.ts';
import { recordingTelemetry } from '../../fakes/recordingTelemetry.ts';
import { refreshWorld } from '../../fakes/refresh/refreshWorld.ts';

const version = (name: string, createdDaysAgo: number, enabled = true) =>
  secretMetadata({
    version: name,
    enabled,
    createdEpochMs: inDays(-createdDaysAgo),
    expiresOnEpochMs: undefined,
  });

const findings = async (vault: FakeVault, changes: Partial<Grant> = {}) => {
  const { grant, profile } = refreshWorld({ kind: 'strict' });
  const secret = { vaultUrl: VAULT_URL, name: 'door-lock-api' };
  const observed: Grant = { ...grant, mode: 'observed', secret, rotationCycleDays: 30, ...changes };
  const telemetry = recordingTelemetry();
  const inventory = fakeInventory({ [VAULT_URL]: vault });
  const ports = { inventory, telemetry, clock: manualClock(NOW_EPOCH_MS) };
  await reportObservedGrants(ports, [{ grant: observed, profile }], 'scan-1');
  expect(telemetry.failures).toEqual([]);
  return telemetry.eventsNamed('keywatch.finding.observed');
};

describe('a grant that another system refreshes', () => {
  it('is reported when its stored copy is older than its cycle', async () => {
    const versions = { ok: true, versions: [version('v2', 31), version('v1', 90)] } as const;
    expect(await findings({ versions })).toMatchObject([
      {
        credentialId: 'grant/crm',
        vault: 'kv-front-desk',
        finding: 'stale_rotation',
        owner: 'crm-team',
        runId: 'scan-1',
      },
    ]);
  });

  it('is judged by its newest version', async () => {
    const versions = { ok: true, versions: [version('v1', 90), version('v2', 29)] } as const;
    expect(await findings({ versions })).toEqual([]);
  });

  it.each([
    ['not there', []],
    ['disabled', [version('v2', 1, false), version('v1', 9, false)]],
  ])('is reported when its copy is %s: no scan speaks of that', async (standing, versions) => {
    expect(await findings({ versions: { ok: true, versions } })).toMatchObject([
      {
        finding: 'stale_rotation',
        detail: `Secret door-lock-api of kv-front-desk, which should hold the token of grant crm, is ${standing}.`,
      },
    ]);
  });

  it('is not reported when the vault cannot be listed', async () => {
    expect(await findings({ versions: inventoryFailure() })).toEqual([]);
  });

  it('is left to the refresh when Keywatch refreshes it', async () => {
    const versions = { ok: true, versions: [version('v1', 90)] } as const;
    expect(await findings({ versions }, { mode: 'refreshed' })).toEqual([]);
  });
});

describe('the report of observed grants', () => {
  const observing = (retryable: boolean | undefined) => {
    const { grant, profile } = refreshWorld({ kind: 'strict' });
    const grants = [{ grant: { ...grant, mode: 'observed' as const }, profile }];
    const versions = retryable === undefined ? undefined : inventoryFailure({ retryable });
    const inventory = fakeInventory({ [grant.secret.vaultUrl]: versions ? { versions } : {} });
    const jobRuns = fakeJobRunStore();
    let listed = 0;
    const counting: typeof inventory = {
      ...inventory,
      listVersions: (...asked) => {
        listed += 1;
        return inventory.listVersions(...asked);
      },
    };
    const connections = fakeConnections({ jobRuns, inventory: counting });
    const { reportDaily: report } = createScanner({ ...configOf(), grants }, connections);
    const run = async () => {
      await report(undefined);
      return listed;
    };
    return { run, jobRuns };
  };

  it.each([
    ['answers', undefined],
    ['refuses for good', false],
  ] as const)('is made once a day when their vault %s', async (_what, retryable) => {
    const { run, jobRuns } = observing(retryable);
    expect([await run(), await run()]).toEqual([1, 1]);
    expect([...jobRuns.done]).toEqual([['observed-grants', NOW_EPOCH_MS]]);
  });

  it('counts as made in part, and comes again the same day, when their vault refuses for the moment', async () => {
    const { run, jobRuns } = observing(true);
    await run();
    expect([...jobRuns.done.keys()]).toEqual(['observed-grants#broken-off']);
  });
});
