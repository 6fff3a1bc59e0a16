import { describe, expect, it } from 'vitest';
import { runCheck } from '../../../src/cli/check.ts';
import { EXIT } from '../../../src/cli/exit.ts';
import { runScan } from '../../../src/cli/scan.ts';
import { STATUSES_WORST_FIRST } from '../../../src/lib/credentials/statuses.ts';
import type { CredentialSource } from '../../../src/lib/scan/ports.ts';
import { readScanRequest } from '../../../src/lib/scan/rules/scanRequest.ts';
import { createScanner } from '../../../src/lib/scan/scanner.ts';
import { configOf } from '../../fakes/config.ts';
import { fakeConnections } from '../../fakes/fakeConnections.ts';
import { application, directoryFailure, listed } from '../../fakes/fakeDirectory.ts';
import { inDays, NOW_EPOCH_MS } from '../../fakes/metadata.ts';
import { recordingTerminal } from '../../fakes/recordingTerminal.ts';
import { scannerOfTenant } from '../../fakes/scanTenant.ts';

const FAILURE = directoryFailure();
const TENANT = { source: 'entra', target: 'entra:contoso' } as const;
const crm = application('CRM portal', [
  listed({ endEpochMs: inDays(5) }),
  listed({ type: 'certificate', endEpochMs: inDays(-1) }),
]);
const start = () => scannerOfTenant({ pages: [[crm]] });
const startRefused = () =>
  scannerOfTenant({}, { list: async () => ({ ok: false, pages: 0, failure: FAILURE }) });

describe('a source that is no vault', () => {
  it('is asked for by messages of its own, and reported under the job of its row', async () => {
    const { scanner, telemetry } = start();
    const requests = await scanner.startRun(undefined, 3_600);
    expect(requests.map(readScanRequest)).toMatchObject([{ ...TENANT, mode: 'full' }]);
    expect(telemetry.eventsNamed('keywatch.run.requested')).toMatchObject([
      { job: 'entra-scan', vault: 'contoso', periodSeconds: 3_600 },
    ]);
    const watched = [TENANT.target, 'entra:strange'].map((target) => scanner.watches({ ...TENANT, target }));
    expect(await Promise.all(watched)).toEqual([true, false]);
    expect(await createScanner(configOf(), fakeConnections()).watches(TENANT)).toBe(false);
    await scanner.run({ ...TENANT, runId: 'one', mode: 'full' });
    expect(telemetry.eventsNamed('keywatch.run.completed')).toMatchObject([
      { job: 'entra-scan', vault: 'contoso', outcome: 'complete', objects: 2, expired: 1, critical: 1 },
    ]);
    const counted = telemetry.metrics.filter(({ name }) => name === 'keywatch.credentials');
    expect(counted).toHaveLength(STATUSES_WORST_FIRST.length);
  });

  it('fails in its own words, also in the table of the command line', async () => {
    const { scanner, telemetry } = startRefused();
    const terminal = recordingTerminal();
    const exitCode = await runScan(scanner, terminal, { format: 'table', failOn: 'warning' }, NOW_EPOCH_MS);
    expect(exitCode).toBe(EXIT.failed);
    const text = terminal.printed.join('\n');
    expect(text).toMatch(/✗ contoso: scan failed.*\(forbidden\): The directory refused/);
    expect(text).toContain(FAILURE.action);
    await scanner.run({ ...TENANT, runId: 'two', mode: 'attention' });
    expect(telemetry.failures).toMatchObject([{ code: FAILURE.code, subject: { vault: 'contoso' } }]);
    expect(telemetry.eventsNamed('keywatch.run.completed')).toMatchObject([
      { job: 'entra-scan', outcome: 'failed', reason: 'forbidden' },
    ]);
  });

  it('has its own word for what holds its credentials, in the table as in JSON and CSV', async () => {
    const printedAs = async (format: 'table' | 'json' | 'csv') => {
      const terminal = recordingTerminal();
      await runScan(start().scanner, terminal, { format, failOn: 'never' }, NOW_EPOCH_MS);
      return terminal.printed.join('\n');
    };
    const { credentials, scans } = JSON.parse(await printedAs('json'));
    expect(credentials[0]).toMatchObject({ directory: 'contoso' });
    expect(scans.map((one: object) => Object.keys(one)[1])).toEqual(['directory']);
    expect(credentials[0]).not.toHaveProperty('vault');
    expect(await printedAs('csv')).toMatch(/^credentialId,directory,kind,/);
    expect(await printedAs('table')).toMatch(/^STATUS +CREDENTIAL +DIRECTORY +KIND/);
  });

  it('is asked for by the check of the configuration, as far as one page', async () => {
    const { scanner } = startRefused();
    const terminal = recordingTerminal();
    const { inventory } = fakeConnections();
    const valueAccess = { mayReadValues: async () => 'denied' as const };
    const ports = { inventory, valueAccess, scanner, roleProbes: [], neededRights: async () => [] };
    const { requests } = await scanner.plan('attention');
    expect(await runCheck(configOf(), requests, ports, terminal)).toBe(EXIT.attention);
    expect(terminal.printed.filter((line) => line !== '')).toEqual([
      '✓ The configuration is sound: 1 directory to scan, 0 grants, 0 clients to prove.',
      expect.stringContaining('Nobody may call the app'),
      'directory contoso',
      '  ✗ may not list its credentials (forbidden)',
      `    ${FAILURE.message}`,
      `    ${FAILURE.action}`,
    ]);
  });

  it('does not hide by its failed search that of another source', async () => {
    const failing = (message: string): CredentialSource => ({
      name: 'entra',
      targets: async () => ({ targets: [], discovery: { found: 0, failure: { ...FAILURE, message } } }),
      watches: async () => false,
      policyOf: () => ({ name: 'contoso', says: [] }),
      list: () => expect.unreachable(),
    });
    const furtherSources = [failing('One tenant is closed.'), failing('Another is, too.')];
    const scanner = createScanner(configOf(), { ...fakeConnections(), furtherSources });
    const terminal = recordingTerminal();
    await runScan(scanner, terminal, { format: 'table', failOn: 'never' }, NOW_EPOCH_MS);
    expect(terminal.notes.slice(0, 2)).toEqual([
      `One tenant is closed. ${FAILURE.action}`,
      `Another is, too. ${FAILURE.action}`,
    ]);
  });
});
