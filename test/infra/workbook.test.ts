import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from 'kql-on-duckdb';
import { afterAll, describe, expect, it } from 'vitest';
import { PANELS, workbookQuery } from '../../scripts/workbookPanels.ts';
import { FINDINGS, type FindingCode } from '../../src/lib/credentials/findings.ts';
import { GRANT_OUTCOMES } from '../../src/lib/credentials/grantOutcomes.ts';
import { PROOF_OUTCOMES } from '../../src/lib/credentials/proofOutcomes.ts';
import { telemetryStore } from '../../src/local/telemetry/telemetryStore.ts';
import { CAPTURED_DEPLOYMENT } from '../fakes/captureTelemetry.ts';
import { startEmitting } from './emitter.ts';
import { lintQuery } from './queryLint/lint.ts';
import { lintReadable, longLines } from './queryLint/lintReadable.ts';
import { NOW } from './scenario.ts';

const names = [...PANELS.map(({ name }) => name), 'vaults', 'owners', 'deployments'];
const { emit, take, close } = startEmitting();

const QUOTED = 'o"brien \\ sons';

/** A small company: two vaults, two grants, some refusals. */
const company = () => {
  emit.scan('kv-a', 300, {
    mode: 'full',
    sees: [
      { name: 'crm', status: 'warning', days: 20 },
      { name: 'renewed', status: 'critical', days: 2 },
      { name: 'ended', status: 'critical', days: -0.1 },
      { name: 'far', status: 'valid', days: 400 },
      {
        ...{ name: 'old', status: 'no_expiry', owner: undefined },
        ...{ finding: 'unowned', findings: 'no_expiry,unowned' },
      },
    ],
  });
  emit.scan('kv-b', 300, {
    mode: 'full',
    sees: [{ name: 'erp', status: 'valid', days: 100, owner: 'team-erp' }],
  });
  emit.inspect('kv-a', 60, { name: 'renewed', status: 'valid', days: 170 });
  emit.scan('kv-b', 30, { outcome: 'failed', reason: 'forbidden' });
  emit.run('token-refresh', 5);
  emit.refreshed('crm', 2880 - 60, 'refreshed');
  emit.state('crm', 10, { outcome: 'transient_failure', deadlineDays: 40 });
  emit.state('new', 10, { deadlineDays: 80, owner: QUOTED });
  emit.proved('orders', 30, 'proven');
  emit.proved('returns', 30, 'credential_wrong', { httpStatus: 401, action: 'Make a new secret.' });
  emit.findingOfGrant('partner', 600, 'stale_rotation');
  emit.calls('api.example.com', 90, { ok: 3, refused: 2 });
  emit.calls('kv-a.vault.azure.net', 90, { refused: 5 });
};

const OTHER_DEPLOYMENT = 'kw-other';

const store = await telemetryStore();
company();
const sent = await take();
await store.insertEnvelopes(sent);
const elsewhere = JSON.stringify(sent.filter(({ data }) => data.baseType === 'EventData'));
await store.insertEnvelopes(JSON.parse(elsewhere.replaceAll(CAPTURED_DEPLOYMENT, OTHER_DEPLOYMENT)));
afterAll(async () => {
  await store.close();
  await close();
});

/** What the format `escapejson` makes of a choice. */
const escapeJson = (choice: string): string => JSON.stringify(choice).slice(1, -1);

/** A query as the workbook sends it with these choices. */
const chosen = (name: string, vault = '*', owner = '*', deployment = CAPTURED_DEPLOYMENT): string =>
  workbookQuery(name)
    .replaceAll('{Deployment:escapejson}', escapeJson(deployment))
    .replaceAll('{Vault:escapejson}', escapeJson(vault))
    .replaceAll('{Owner:escapejson}', escapeJson(owner));
const run = async (...choices: Parameters<typeof chosen>): Promise<readonly Row[]> =>
  (await store.query(chosen(...choices), NOW)).rows;

const ids = (rows: readonly Row[]) => rows.map((row) => row['CredentialId']);

describe('the workbook', () => {
  it('shows every query of its folder', () => {
    const files = readdirSync(join(import.meta.dirname, '../../infra/workbook'));
    const queries = files.filter((file) => file.endsWith('.kql'));
    const shown = names.map((name) => PANELS.find((panel) => panel.name === name)?.query ?? name);
    expect(queries.sort()).toEqual([...new Set(shown.map((name) => `${name}.kql`))].sort());
  });

  it.each(names)('%s binds to the real tables and passes the lint', (name) => {
    const query = store.bind(chosen(name));
    expect(query.diagnostics).toEqual([]);
    expect(lintQuery(query)).toEqual([]);
  });

  it('says of every panel that can be empty what that means', () => {
    const silent = PANELS.filter(({ whenEmpty }) => whenEmpty === undefined).map(({ name }) => name);
    expect(silent).toEqual(['timeline']);
  });

  it.each(PANELS.flatMap(({ name, chart }) => (chart === undefined ? [] : [[name, chart] as const])))(
    'draws columns that %s has',
    (name, { xAxis, yAxis, group }) => {
      const columns = store.bind(chosen(name)).columns.map((column) => column.name);
      expect(columns).toEqual(expect.arrayContaining([...yAxis, group, ...(xAxis ? [xAxis] : [])]));
    },
  );

  it('shows one inventory in all its panels: their queries begin alike', () => {
    const heads = PANELS.filter(({ tab }) => tab === 'Inventory').map(({ heads: own }) => own);
    expect(heads).toHaveLength(3);
    expect(new Set(heads.map((own) => JSON.stringify(own))).size).toBe(1);
  });

  it.each(names)(
    'is written to be read: %s has short lines, one column in each, every number with a name',
    (name) => {
      expect(lintReadable(store.bind(chosen(name)))).toEqual([]);
      expect(longLines(workbookQuery(name))).toEqual([]);
    },
  );

  it('uses no parameter that it does not have', () => {
    const used = names.flatMap((name) => workbookQuery(name).match(/\{\w+[^}\s]*\}/g) ?? []);
    expect([...new Set(used)].sort()).toEqual(
      ['Deployment', 'Owner', 'Vault'].map((parameter) => `{${parameter}:escapejson}`),
    );
    // Text between double quotes is what that format is made for.
    for (const name of names) expect(workbookQuery(name)).not.toMatch(/[^"]\{(?:Deployment|Owner|Vault)/);
  });
});

describe('over the telemetry of a small company', () => {
  it('inventory lists everything worst first, with what was inspected since', async () => {
    const rows = await run('inventory');
    const [a, b] = ['kv-a/secret', 'kv-b/secret'];
    expect(ids(rows)).toEqual([`${a}/ended`, `${a}/crm`, `${a}/old`, `${b}/erp`, `${a}/renewed`, `${a}/far`]);
    const statuses = ['✗ expired', '▲ warning', '∞ no expiry', '✓ valid', '✓ valid', '✓ valid'];
    expect(rows.map((row) => row['Status'])).toEqual(statuses);
    expect(rows[1]).toMatchObject({ Days: 20, Owner: 'team-crm', Kind: 'secret', Findings: '' });
    const found = String(rows[2]?.['Findings']).split(', ').sort();
    expect(found).toEqual([FINDINGS.no_expiry.title, FINDINGS.unowned.title]);
  });

  it('inventory obeys the parameters Vault and Owner', async () => {
    expect(ids(await run('inventory', 'kv-b'))).toEqual(['kv-b/secret/erp']);
    expect(ids(await run('inventory', '*', 'unowned'))).toEqual(['kv-a/secret/old']);
    expect(ids(await run('inventory', 'kv-b', 'team-crm'))).toEqual([]);
  });

  it('shows what is of the chosen deployment, and nothing of another, unless all are chosen', async () => {
    const deployments = [OTHER_DEPLOYMENT, CAPTURED_DEPLOYMENT].sort();
    const shown = (rows: readonly Row[]) => [...new Set(rows.map((row) => row['Deployment']))].sort();
    for (const name of ['inventory', 'grants', 'proofs', 'findings', 'scan-health']) {
      const [own, all] = [await run(name), await run(name, '*', '*', '*')];
      expect([name, shown(own), shown(all)]).toEqual([name, [CAPTURED_DEPLOYMENT], deployments]);
      expect(all).toEqual(expect.arrayContaining([...own]));
      expect(all).toHaveLength(2 * own.length);
    }
    expect((await run('deployments')).map((row) => row['value'])).toEqual(['*', ...deployments]);
  });

  it('inventory-by-status counts each status', async () => {
    const rows = await run('inventory-by-status');
    expect(rows.map((row) => [row['Status'], row['Credentials']])).toEqual([
      ['✗ expired', 1],
      ['▲ warning', 1],
      ['∞ no expiry', 1],
      ['✓ valid', 3],
    ]);
  });

  it('timeline shows the ends of the next 180 days by week', async () => {
    const rows = await run('timeline');
    expect(rows.reduce((sum, row) => sum + Number(row['Credentials']), 0)).toBe(3);
    const weeks = rows.map((row) => String(row['WeekOf']));
    expect(weeks.length).toBeGreaterThanOrEqual(26);
    expect(weeks).toEqual(weeks.toSorted());
    expect(weeks.every((week) => new Date(week).getUTCDay() === 1)).toBe(true);
  });

  it('grants shows age, deadline and how the last attempt ended', async () => {
    expect(await run('grants')).toMatchObject([
      {
        ...{ CredentialId: 'grant/crm', LastOutcome: '▲ transient failure', AgeDays: 1, DaysLeft: 40 },
        Meaning: GRANT_OUTCOMES.transient_failure.meaning,
      },
      { CredentialId: 'grant/new', LastOutcome: 'never tried', AgeDays: null, DaysLeft: 80 },
    ]);
  });

  it('proofs shows who is refused first, what that means and what to do', async () => {
    expect(await run('proofs')).toMatchObject([
      {
        ...{
          CredentialId: 'client/returns',
          Outcome: '✗ credential wrong',
          HttpStatus: 401,
          WhoActs: 'owner',
        },
        ...{ Meaning: PROOF_OUTCOMES.credential_wrong.meaning, Action: 'Make a new secret.' },
      },
      { CredentialId: 'client/orders', Outcome: '✓ proven' },
    ]);
  });

  it('refused-calls counts 401s by host, without the challenges of Key Vault', async () => {
    expect(await run('refused-calls')).toMatchObject([{ Host: 'api.example.com', Refused: 2 }]);
  });

  it('grants obeys an owner with quotes in its name', async () => {
    expect(ids(await run('grants', '*', QUOTED))).toEqual(['grant/new']);
    expect(ids(await run('grants', '*', '" or true or "'))).toEqual([]);
  });

  it('findings names the fault as docs/findings.md does, its owner and the credential, grants too', async () => {
    const wordsOf = (code: FindingCode) => ({ Finding: FINDINGS[code].title, Fix: FINDINGS[code].fix });
    expect(await run('findings')).toMatchObject([
      { ...wordsOf('stale_rotation'), Owner: 'team-crm', CredentialId: 'grant/partner' },
      { ...wordsOf('unowned'), Owner: 'unowned', CredentialId: 'kv-a/secret/old' },
    ]);
    expect(await run('findings', 'kv-b')).toEqual([]);
  });

  it('scan-health shows the last run beside the last complete one', async () => {
    expect(await run('scan-health')).toMatchObject([
      { Job: 'keyvault-scan', Vault: 'kv-a', LastOutcome: 'complete', Failed: 0 },
      {
        Job: 'keyvault-scan',
        Vault: 'kv-b',
        LastOutcome: 'failed',
        Reason: 'forbidden',
        Runs: 2,
        Failed: 1,
      },
      { Job: 'token-refresh', Vault: '', LastOutcome: 'complete', MinutesAgo: 5 },
    ]);
  });

  it('the parameters offer what there is, and each owner that a tab shows', async () => {
    expect((await run('vaults')).map((row) => row['value'])).toEqual(['*', 'kv-a', 'kv-b']);
    const owners = (await run('owners')).map((row) => row['value']);
    expect(owners).toEqual(['*', QUOTED, 'team-crm', 'team-erp', 'team-orders', 'unowned']);
    for (const name of ['inventory', 'grants', 'proofs', 'findings']) {
      const shown = (await run(name)).map((row) => row['Owner']);
      expect([name, owners]).toEqual([name, expect.arrayContaining(shown)]);
    }
    expect((await run('vaults')).map((row) => row['label'])).toEqual(['All', 'kv-a', 'kv-b']);
  });
});
