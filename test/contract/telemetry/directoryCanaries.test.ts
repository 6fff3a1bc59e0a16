import { X509Certificate } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { runScan } from '../../../src/cli/scan.ts';
import { DAY_MS } from '../../../src/lib/kernel/time.ts';
import { entraSource } from '../../../src/lib/scan/entraSource.ts';
import { createScanner } from '../../../src/lib/scan/scanner.ts';
import { addApplication, addSecret } from '../../../src/local/entra/tenant.ts';
import { selfSignedCertificate } from '../../../src/local/keyVault/selfSigned.ts';
import { startCapturedTelemetry } from '../../fakes/captureTelemetry.ts';
import { configOf } from '../../fakes/config.ts';
import { fakeConnections } from '../../fakes/fakeConnections.ts';
import { recordingTerminal } from '../../fakes/recordingTerminal.ts';
import { startDirectory } from '../../fakes/startDirectory.ts';
import { START_EPOCH_MS } from '../../fakes/startKeyVault.ts';

const { telemetry, capture, settle } = startCapturedTelemetry();
afterAll(() => telemetry.close(5_000));

const dates = { notBeforeEpochMs: START_EPOCH_MS, notAfterEpochMs: START_EPOCH_MS + 5 * DAY_MS };

it('nothing of a secret or a certificate leaves with the scan of a tenant, its hint and a broken answer included', async () => {
  const { tenant, standIn, adapter } = await startDirectory();
  const { certificate } = selfSignedCertificate({ commonName: 'crm', ...dates });
  const application = addApplication(tenant, {
    displayName: 'crm',
    certificates: [{ keyId: '3f2b1c44-0000-4000-8000-000000000003', displayName: 'CN=crm', certificate }],
  });
  addSecret(tenant, application, { value: 'ZQJ-canary-of-a-secret', endEpochMs: dates.notAfterEpochMs });
  const connections = fakeConnections({ telemetry });
  const scope = {
    target: 'entra:t',
    servicePrincipals: true,
    saml: true,
    policy: { name: 'contoso', says: [] },
  };
  const furtherSources = [entraSource({ ...connections, directory: adapter }, scope)];
  const scanner = createScanner(configOf(), { ...connections, furtherSources });
  const run = () => scanner.run({ source: 'entra', target: scope.target, runId: 'canary', mode: 'full' });

  expect((await run()).counts.objects).toBe(2);
  const terminals = (['table', 'json', 'csv'] as const).map((format) => ({
    format,
    terminal: recordingTerminal(),
  }));
  for (const { format, terminal } of terminals)
    await runScan(scanner, terminal, { format, failOn: 'never' }, START_EPOCH_MS);
  const body = '{"error":{"code":"x","message":"ZQJ-canary-of-a-secret"}}';
  standIn.faults.inject({ times: 9, action: { kind: 'answer', status: 400, body } });
  expect((await run()).outcome).toBe('failed');

  await settle();
  const told = JSON.stringify([capture.envelopes, terminals.map(({ terminal }) => terminal.printed)]);
  expect(told).toContain('crm/');
  expect(told).toContain('directory_rejected');
  expect(told).not.toMatch(/ZQJ|canary-of/);
  const bytes = new X509Certificate(certificate).raw.toString('base64');
  for (let start = 0; start + 20 <= bytes.length; start += 20)
    expect(told).not.toContain(bytes.slice(start, start + 20));
});
