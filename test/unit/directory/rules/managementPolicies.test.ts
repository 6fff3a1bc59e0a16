import { describe, expect, it } from 'vitest';
import type { DirectoryApplication } from '../../../../src/lib/directory/rules/directoryApplication.ts';
import {
  durationMs,
  lifetimeLimitOf,
  type ManagementPolicies,
  readOwnPolicy,
  readTenantPolicy,
} from '../../../../src/lib/directory/rules/managementPolicies.ts';
import { DAY_MS } from '../../../../src/lib/kernel/time.ts';

const lifetime = (maxLifetime: unknown, changes: object = {}) => ({
  restrictionType: 'passwordLifetime',
  maxLifetime,
  state: 'enabled',
  ...changes,
});
const tenantOf = (...passwordCredentials: readonly unknown[]) =>
  readTenantPolicy({
    isEnabled: true,
    applicationRestrictions: { passwordCredentials },
    servicePrincipalRestrictions: {},
  });

const APPLICATION: DirectoryApplication = {
  type: 'applications',
  id: '11111111-aaaa-4000-8000-000000000001',
  appId: '22222222-bbbb-4000-8000-000000000002',
  displayName: 'CRM portal',
  createdEpochMs: Date.UTC(2025, 0, 1),
  labels: [],
  credentials: [],
};

const limitOf = (tenant: ManagementPolicies['tenant'], own: ManagementPolicies['own'] = new Map()) =>
  lifetimeLimitOf({ tenant, own }, APPLICATION, 'secret');

describe('the lifetime that a tenant allows', () => {
  it('is that of its default policy', () => {
    expect(limitOf(tenantOf(lifetime('P90D')))).toEqual({
      mostMs: 90 * DAY_MS,
      by: "the tenant's default policy",
    });
  });

  it.each([
    [
      'a policy that is not enabled',
      readTenantPolicy({
        isEnabled: false,
        applicationRestrictions: { passwordCredentials: [lifetime('P90D')] },
      }),
    ],
    ['a restriction that is disabled', tenantOf(lifetime('P90D', { state: 'disabled' }))],
    ['a restriction of something else', tenantOf(lifetime('P90D', { restrictionType: 'passwordAddition' }))],
    ['a duration that is none', tenantOf(lifetime('three months'))],
    [
      'applications made later alone',
      tenantOf(lifetime('P90D', { restrictForAppsCreatedAfterDateTime: '2025-06-01T00:00:00Z' })),
    ],
    ['no answer at all', readTenantPolicy(undefined)],
  ])('has no limit by %s', (_, tenant) => {
    expect(limitOf(tenant)).toBe(undefined);
  });

  it("is that of the application's own policy before the tenant's", () => {
    const own = readOwnPolicy({
      isEnabled: true,
      displayName: 'Legacy',
      restrictions: { passwordCredentials: [lifetime('P1Y')] },
    });
    const policies = new Map(own === undefined ? [] : [[APPLICATION.id, own]]);
    expect(limitOf(tenantOf(lifetime('P90D')), policies)).toEqual({
      mostMs: 365 * DAY_MS,
      by: 'the policy "Legacy" of the application',
    });
  });

  it('is none where the own policy takes the limit away, and that of the tenant where it says nothing', () => {
    const exempt = {
      name: 'Exempt',
      limits: { secret: { mostMs: undefined, fromCreatedEpochMs: undefined } },
    };
    const tenant = tenantOf(lifetime('P90D'));
    expect(limitOf(tenant, new Map([[APPLICATION.id, exempt]]))).toBe(undefined);
    expect(limitOf(tenant, new Map([[APPLICATION.id, { name: 'Other', limits: {} }]]))?.mostMs).toBe(
      90 * DAY_MS,
    );
  });

  it.each([
    ['P4DT12H30M5S', 4 * DAY_MS + 45_005_000],
    ['P6M', 180 * DAY_MS],
    ['PT0S', undefined],
    ['P', undefined],
    ['-P1D', undefined],
    [90, undefined],
  ])('reads the duration %s', (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });
});
