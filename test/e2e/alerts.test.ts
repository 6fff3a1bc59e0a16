import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { alertRules } from '../../src/local/kql/alertRules.ts';

const CLI = join(import.meta.dirname, '../../src/cli.ts');

it('npm run alerts evaluates every rule on one local round, and ends with 1 because some fire', async () => {
  const child = spawn(process.execPath, [CLI, 'alerts', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk));
  const [code] = await once(child, 'close');
  expect(code).toBe(1);
  const { source, rules } = JSON.parse(text) as {
    source: string;
    rules: { name: string; fires: boolean | null; alerts: Record<string, string>[] }[];
  };
  expect(source).toBe('local');
  expect(rules.map(({ name }) => name)).toEqual(alertRules.map(({ name }) => name));
  expect(rules.filter(({ fires }) => fires === null)).toEqual([]);
  const expired = rules.find(({ name }) => name === 'credential-expired')?.alerts ?? [];
  expect(expired.map(({ CredentialId }) => CredentialId)).toContain(
    'kv-contoso-integration/secret/dynamics-app-secret',
  );
  expect(rules.find(({ name }) => name === 'scan-missed')?.fires).toBe(false);
});
