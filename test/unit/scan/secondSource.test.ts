import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCheck } from '../../../src/cli/check.ts';
import { EXIT } from '../../../src/cli/exit.ts';
import { runScan } from '../../../src/cli/scan.ts';
import { CREDENTIAL_SOURCES, type SourceName } from '../../../src/lib/credentials/sources.ts';
import { STATUSES_WORST_FIRST } from '../../../src/lib/credentials/statuses.ts';
import type { CredentialSource, SourceFailure } from '../../../src/lib/scan/ports.ts';
import type { CredentialMetadata } from '../../../src/lib/scan/rules/credential.ts';
import { readScanRequest } from '../../../src/lib/scan/rules/scanRequest.ts';
import { createScanner } from '../../../src/lib/scan/scanner.ts';
import { configOf } from '../../fakes/config.ts';
import { fakeConnections } from '../../fakes/fakeConnections.ts';
import { fakeJobRunStore } from '../../fakes/fakeJobRunStore.ts';
import { manualClock } from '../../fakes/manualClock.ts';
import { inDays, NOW_EPOCH_MS, secretMetadata, vaultSays } from '../../fakes/metadata.ts';
import { recordingTelemetry } from '../../fakes/recordingTelemetry.ts';
import { recordingTerminal } from '../../fakes/recordingTerminal.ts';

/** The row that a second source adds; no type of the product needs to know it here. */
const NAME = 'registry' as SourceName;
const ROW = {
  ...{ meaning: 'applications of a register', job: 'registry-scan' },
  target: { one: 'application', many: 'applications' },
};
beforeAll(() => void Object.assign(CREDENTIAL_SOURCES, { [NAME]: ROW }));
afterAll(() => void Reflect.deleteProperty(CREDENTIAL_SOURCES, NAME));

const FAILURE: SourceFailure = {
  ok: false,
  code: 'scan_forbidden',
  reason: 'forbidden',
  retryable: false,
  message: 'The register refused to list application billing.',
  action: 'Give the scanner identity the role Application Reader.',
  subject: { vault: 'billing' },
  httpStatus: 403,
};

/** Applications by their id, in memory: no vault, no address, and no clock of its own. */
const registry = (
  applications: Readonly<Record<string, readonly CredentialMetadata[] | SourceFailure>>,
): CredentialSource => ({
  name: NAME,
  targets: async () => ({ targets: Object.keys(applications) }),
  watches: async (target) => Object.hasOwn(applications, target),
  policyOf: (target) => ({
    name: target.replace('app:', ''),
    says: [vaultSays({ owner: 'identity@contoso.example', warning: { days: 60 }, critical: { days: 20 } })],
  }),
  async list(target, onPage) {
    const entries = applications[target] ?? FAILURE;
    if ('ok' in entries) return { ok: false, pages: 0, failure: entries };
    await onPage(entries, undefined);
    return { ok: true, pages: 1 };
  },
});

const start = () => {
  const telemetry = recordingTelemetry();
  const jobRuns = fakeJobRunStore();
  const connections = fakeConnections({ clock: manualClock(NOW_EPOCH_MS), telemetry, jobRuns });
  const source = registry({
    'app:crm': [
      secretMetadata({ name: 'client', expiresOnEpochMs: inDays(15) }),
      secretMetadata({ name: 'portal', kind: 'certificate', expiresOnEpochMs: inDays(50), tags: {} }),
      secretMetadata({ name: 'old', expiresOnEpochMs: inDays(-1), tags: { 'keywatch-owner': 'crm-team' } }),
    ],
    'app:billing': FAILURE,
  });
  return { telemetry, scanner: createScanner(configOf(), { ...connections, furtherSources: [source] }) };
};

describe('a source that is no vault', () => {
  it('is asked for by messages of its own, and reported under the job of its row', async () => {
    const { scanner, telemetry } = start();
    const requests = await scanner.startRun(undefined, 3_600);
    expect(requests.map(readScanRequest)).toMatchObject([
      { source: NAME, target: 'app:crm', mode: 'full' },
      { source: NAME, target: 'app:billing', mode: 'full' },
    ]);
    expect(telemetry.eventsNamed('keywatch.run.requested')).toMatchObject([
      { job: 'registry-scan', vault: 'crm', periodSeconds: 3_600 },
      { job: 'registry-scan', vault: 'billing' },
    ]);
    expect(await scanner.watches({ source: NAME, target: 'app:strange' })).toBe(false);
    expect(await scanner.watches({ source: 'entra', target: 'tenant' })).toBe(false);
  });

  it('is judged, counted and reported by the same engine, with its thresholds and owners', async () => {
    const { scanner, telemetry } = start();
    await scanner.run({ source: NAME, target: 'app:crm', runId: 'one', mode: 'full' });
    expect(telemetry.eventsNamed('keywatch.credential.observed')).toMatchObject([
      {
        credentialId: 'crm/secret/client',
        vault: 'crm',
        status: 'critical',
        owner: 'identity@contoso.example',
      },
      { credentialId: 'crm/certificate/portal', status: 'warning' },
      { credentialId: 'crm/secret/old', status: 'expired', owner: 'crm-team' },
    ]);
    expect(telemetry.eventsNamed('keywatch.run.completed')).toMatchObject([
      {
        job: 'registry-scan',
        vault: 'crm',
        outcome: 'complete',
        objects: 3,
        expired: 1,
        critical: 1,
        valid: 0,
      },
    ]);
    const counted = telemetry.metrics.filter(({ name }) => name === 'keywatch.credentials');
    expect(counted).toHaveLength(STATUSES_WORST_FIRST.length);
  });

  it('fails in its own words', async () => {
    const { scanner, telemetry } = start();
    await scanner.run({ source: NAME, target: 'app:billing', runId: 'two', mode: 'attention' });
    expect(telemetry.failures).toEqual([FAILURE]);
    expect(telemetry.eventsNamed('keywatch.run.completed')).toMatchObject([
      { job: 'registry-scan', vault: 'billing', outcome: 'failed', reason: 'forbidden', httpStatus: 403 },
    ]);
    expect(telemetry.metrics.some(({ name }) => name === 'keywatch.credentials')).toBe(false);
  });

  it('is in the table of the command line, with what could not be listed', async () => {
    const { scanner } = start();
    const terminal = recordingTerminal();
    const exitCode = await runScan(scanner, terminal, { format: 'table', failOn: 'warning' }, NOW_EPOCH_MS);
    const text = terminal.printed.join('\n');
    expect(exitCode).toBe(2);
    expect(text).toMatch(/^STATUS +CREDENTIAL +APPLICATION +KIND/);
    expect(text).toMatch(/✗ expired +old +crm +secret/);
    expect(text).toMatch(/✗ billing: scan failed.*\(forbidden\): The register refused/);
    expect(text).toContain('Application Reader');
  });

  it('has its own word for what holds its credentials in JSON and CSV too', async () => {
    const printedAs = async (format: 'json' | 'csv') => {
      const terminal = recordingTerminal();
      await runScan(start().scanner, terminal, { format, failOn: 'never' }, NOW_EPOCH_MS);
      return terminal.printed.join('\n');
    };
    const { credentials, scans } = JSON.parse(await printedAs('json'));
    expect(credentials[0]).toMatchObject({ application: 'crm' });
    expect(scans.map((one: object) => Object.keys(one)[1])).toEqual(['application', 'application']);
    expect(credentials[0]).not.toHaveProperty('vault');
    expect(await printedAs('csv')).toMatch(/^credentialId,application,kind,/);
  });

  it('is asked for by the check of the configuration, as far as one page', async () => {
    const { scanner } = start();
    const terminal = recordingTerminal();
    const { inventory } = fakeConnections();
    const valueAccess = { mayReadValues: async () => 'denied' as const };
    const neededRights = async () => [];
    const ports = { inventory, valueAccess, scanner, roleProbes: [], neededRights };
    const { requests } = await scanner.plan('attention');
    expect(await runCheck(configOf(), requests, ports, terminal)).toBe(EXIT.attention);
    expect(terminal.printed.filter((line) => line !== '')).toEqual([
      '✓ The configuration is sound: 2 applications to scan, 0 grants, 0 clients to prove.',
      expect.stringContaining('Nobody may call the app'),
      'application crm',
      '  ✓ may list its credentials',
      'application billing',
      '  ✗ may not list its credentials (forbidden)',
      `    ${FAILURE.message}`,
      `    ${FAILURE.action}`,
    ]);
  });

  it('does not hide by its failed search that of another source', async () => {
    const failing = (message: string): CredentialSource => ({
      ...registry({}),
      targets: async () => ({ targets: [], discovery: { found: 0, failure: { ...FAILURE, message } } }),
    });
    const furtherSources = [failing('One register is closed.'), failing('Another is, too.')];
    const scanner = createScanner(configOf(), { ...fakeConnections(), furtherSources });
    const terminal = recordingTerminal();
    await runScan(scanner, terminal, { format: 'table', failOn: 'never' }, NOW_EPOCH_MS);
    expect(terminal.notes.slice(0, 2)).toEqual([
      `One register is closed. ${FAILURE.action}`,
      `Another is, too. ${FAILURE.action}`,
    ]);
  });
});
