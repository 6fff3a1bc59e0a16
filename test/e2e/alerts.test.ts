import { mkdirSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { alertRules } from '../../src/lib/alerts/alertRules.ts';
import { newFolder, runKeywatch } from './runStart.ts';

type Rule = { name: string; fires: boolean | null; alerts: Record<string, string>[] };

/** Certificates of this machine are among the seeded ones: which of them have just ended changes from day to day. */
const MACHINE_OWNER = 'trust-store@this-machine';

it('npm run alerts evaluates every rule on one local run, leaves nothing behind, and ends with 1 because some fire', async () => {
  const folder = newFolder();
  mkdirSync(folder);
  const { child, ended } = runKeywatch(['alerts', '--json'], { environment: { TMPDIR: folder } });
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk));
  expect(await ended).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
  const { source, rules } = JSON.parse(text) as { source: string; rules: Rule[] };
  expect(source).toBe('local');
  const enabled = alertRules.filter((rule) => rule.enabled);
  expect(rules.map(({ name }) => name)).toEqual(enabled.map(({ name }) => name));
  expect(rules.filter(({ fires }) => fires === null)).toEqual([]);
  const expired = rules.find(({ name }) => name === 'credential-expired')?.alerts ?? [];
  expect(expired.map(({ CredentialId }) => CredentialId)).toContain(
    'kv-contoso-integration/secret/dynamics-app-secret',
  );
  expect(rules.find(({ name }) => name === 'scan-missed')?.fires).toBe(false);
  expectQuietFirstDay(rules);
});

/**
 * The first day of a company that nobody has watched before: one notification for each credential that is critical or
 * has just ended, or has no end in the vault where it must have one, or is refused, one digest for each owner, and
 * nothing else.
 */
const expectQuietFirstDay = (rules: readonly Rule[]) => {
  const [pages, digest] = [['credential-critical', 'credential-expired'], 'digest'];
  const firing = rules.filter(({ fires }) => fires === true).map(({ name }) => name);
  expect(firing.sort()).toEqual([...pages, 'credential-refused', 'credential-without-end', digest].sort());
  const alertsOf = (name: string) => rules.find((rule) => rule.name === name)?.alerts ?? [];
  const paged = pages.flatMap(alertsOf).filter((alert) => alert['Owner'] !== MACHINE_OWNER);
  expect(paged.map(({ CredentialId }) => CredentialId).sort()).toEqual([
    expect.stringMatching(/^contoso-entra\/app_secret\/CRM portal(\/[0-9a-f]{8}){2}$/),
    expect.stringMatching(/^contoso-entra\/app_secret\/Invoice archive(\/[0-9a-f]{8}){2}$/),
    'kv-contoso-integration/secret/adyen-api-key',
    'kv-contoso-integration/secret/databricks-pat',
    'kv-contoso-integration/secret/dynamics-app-secret',
    'kv-contoso-integration/secret/github-deploy-pat',
    'kv-contoso-integration/secret/powerbi-embed-secret',
    'kv-contoso-integration/secret/salesforce-oauth-client-secret',
    'kv-contoso-legacy/secret/----',
    'kv-contoso-payments/certificate/mastercard-client-mtls',
    'kv-contoso-payments/certificate/sepa-signing',
    'kv-contoso-payments/secret/fraud-scoring-api-key',
  ]);
  const owners = alertsOf(digest).map(({ Owner }) => Owner);
  expect(new Set(owners).size).toBe(owners.length);
  expect(owners).toEqual(expect.arrayContaining([...new Set(paged.map(({ Owner }) => Owner))]));
  expect(owners.filter((owner) => owner !== MACHINE_OWNER)).toHaveLength(13);
};
