import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { parseEnv, promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fetchWithGrant } from '../../samples/token.ts';
import { askProtected } from '../../scripts/askProtected.ts';
import { listen, stop } from '../../src/local/listen.ts';
import { people } from '../../src/local/seed/people.ts';
import { chromiumPath, startChromium } from './chromium.ts';
import { newFolder, runStart } from './runStart.ts';

const [onCall, auditor] = people;
if (!onCall || !auditor) throw new Error('nobody is seeded');

const start = async (...more: string[]) => {
  const folder = newFolder();
  const { output, child, ended } = runStart(['--port', '0', '--data', folder, ...more]);
  await expect.poll(output, { timeout: 60_000 }).toContain('Functions host');
  const url = /GET +(http:\/\/127\.0\.0\.1:\d+)\/api\/health/.exec(output())?.[1] ?? '';
  return {
    ...{ output, url },
    async breakGrant() {
      const breaking = runStart(['--break', 'grant/salesforce-orders', '--data', folder]);
      expect(await breaking.ended).toBe(0);
      await expect
        .poll(output, { timeout: 30_000 })
        .toMatch(/alert fires: Grant dead.*grant\/salesforce-orders/);
    },
    async runProgram(name: string) {
      const program = join(import.meta.dirname, '../../samples/program.mjs');
      const environment = `--env-file=${join(folder, 'programs', `${name}.env`)}`;
      return (await promisify(execFile)(process.execPath, [environment, program])).stdout;
    },
    /** The access token of the grant, as the sample in TypeScript uses it. */
    fetchAs(name: string) {
      const env = parseEnv(readFileSync(join(folder, 'programs', `${name}.env`), 'utf8'));
      const { CLIENT_ID, CLIENT_SECRET, TOKEN_ENDPOINT = '', SCOPE = '', KEYWATCH_GRANT = '' } = env;
      const form = { grant_type: 'client_credentials', client_id: CLIENT_ID, client_secret: CLIENT_SECRET };
      const getToken = async (scope: string) => {
        const body = new URLSearchParams({ ...form, scope } as Record<string, string>);
        const answer = await fetch(TOKEN_ENDPOINT, { method: 'POST', body });
        return { token: Object(await answer.json()).access_token, expiresOnTimestamp: 0 };
      };
      const clientId = SCOPE.replace('/.default', '');
      return fetchWithGrant({ keywatch: url, clientId, grant: KEYWATCH_GRANT, credential: { getToken } });
    },
    async stop() {
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
    },
  };
};

/** A partner that refuses the first access token that it is sent, and whatever comes after with it. */
const startPartner = async () => {
  const seen: string[] = [];
  const server = createServer(({ headers }, response) => {
    seen.push(headers.authorization ?? '');
    response.writeHead(headers.authorization === seen[0] ? 401 : 200).end();
  });
  onTestFinished(() => stop(server));
  return { partner: await listen(server, 0), seen };
};

it('refuses whoever proves nothing, as a deployment demands, and replaces a token that a sample reports', async () => {
  const { url, fetchAs, stop } = await start();
  const asking = { url, attempts: 1, waitMs: 0, timeoutMs: 20_000 };
  expect(await askProtected({ ...asking, wait: async () => {}, tell: () => {} })).toEqual({ closed: true });
  const { partner, seen } = await startPartner();
  const call = fetchAs('order-sync');
  expect([(await call(partner)).status, (await call(partner)).status]).toEqual([200, 200]);
  expect([seen.length, new Set(seen).size]).toEqual([3, 2]);
  await expect(fetchAs('newsletter')(partner)).rejects.toThrow('Keywatch answered 404');
  await stop();
});

it('gives the access token of a grant to one program and not to another, and says at once that it is dead', async () => {
  const { breakGrant, runProgram, stop } = await start();
  expect(await runProgram('order-sync')).toMatch(/^200 a Bearer token for \d+ seconds\n$/);
  expect(await runProgram('newsletter')).toContain('404');
  await breakGrant();
  await stop();
});

describe.skipIf(chromiumPath === undefined)(
  'in a browser (skipped where there is no chromium on the PATH)',
  () => {
    it('mends a dead grant by the link of its alert, for whoever may', async () => {
      // Ahead, because a browser reckons by the machine's time and by what servers call theirs.
      const { url, output, breakGrant, runProgram, stop } = await start('--days', '60');
      await breakGrant();
      const link = `${url}/api/grants/salesforce-orders/reconnect`;

      const { newPage, said } = await startChromium();
      const page = await newPage();
      await page.open(link);
      await page.click(onCall.name);
      expect(await page.url()).toBe(link);
      expect(await page.text()).toContain('Dead: the provider refuses its refresh token for good.');
      await page.click('Go to strict');
      await page.click('Approve');
      expect(await page.text()).toContain('salesforce-orders is connected');
      await expect.poll(output, { timeout: 30_000 }).toMatch(/alert is over: Grant dead.*salesforce-orders/);
      expect(await runProgram('order-sync')).toContain('200');
      await page.click('The board');
      expect([page.status(), await page.url()]).toEqual([200, `${url}/api/board`]);
      // Of the refusal that follows Chromium itself says so.
      expect(said).toEqual([]);

      const other = await newPage();
      await other.open(link);
      await other.click(auditor.name);
      expect([other.status(), await other.url()]).toEqual([403, link]);
      await stop();
    });
  },
);
