import { expect, it } from 'vitest';
import { entraSource } from '../../../../src/lib/scan/entraSource.ts';
import { assessObject } from '../../../../src/lib/scan/rules/assess.ts';
import type { Assessment } from '../../../../src/lib/scan/rules/credential.ts';
import { companyDirectory } from '../../../../src/local/localDirectory.ts';
import { manualClock } from '../../../fakes/manualClock.ts';
import { recordingTelemetry } from '../../../fakes/recordingTelemetry.ts';
import { startDirectory } from '../../../fakes/startDirectory.ts';

const clock = manualClock();
const { nowEpochMs } = clock;
const policy = { name: 'contoso-entra', says: [] };

const assessTenant = async (seededAtEpochMs: number): Promise<Assessment[]> => {
  const { adapter: directory } = await startDirectory({
    directoryOf: (nowEpochMs) => companyDirectory(nowEpochMs, seededAtEpochMs),
  });
  const scope = { target: 'entra', servicePrincipals: true, saml: true, policy };
  const source = entraSource({ directory, clock, telemetry: recordingTelemetry() }, scope);
  const seen: Assessment[] = [];
  await source.list(
    scope.target,
    (objects) => void seen.push(...objects.map((one) => assessObject(one, policy, nowEpochMs()))),
    new AbortController().signal,
  );
  return seen;
};

it('shows every kind of credential that a tenant has, what took over, and every finding of a tenant', async () => {
  const seen = await assessTenant(nowEpochMs());
  const all = <T>(of: (one: Assessment) => T) => new Set(seen.map(of));
  expect(all(({ kind }) => kind)).toEqual(new Set(['app_secret', 'app_certificate', 'saml_certificate']));
  expect(all(({ status }) => status)).toEqual(new Set(['expired', 'critical', 'warning', 'valid']));
  expect(all(({ suppressed }) => suppressed)).toEqual(new Set([undefined, 'superseded']));
  expect(new Set(seen.flatMap(({ findings }) => findings.map(({ code }) => code)))).toEqual(
    new Set(['unowned', 'lifetime_over_policy', 'saml_successor_not_active', 'secret_beside_federation']),
  );
});

it('keeps names and dates from start to start', async () => {
  const facts = async () =>
    (await assessTenant(0)).map(({ credentialId, expiresOnEpochMs }) => [credentialId, expiresOnEpochMs]);
  expect(await facts()).toEqual(await facts());
});
