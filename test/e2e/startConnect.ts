import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { parseEnv, promisify } from 'node:util';
import { expect, onTestFinished } from 'vitest';
import { fetchWithGrant } from '../../samples/token.ts';
import { listen, stop } from '../../src/local/listen.ts';
import { type AtEnd, newFolder, runStart } from './runStart.ts';

const GRANT = 'salesforce-orders';

/** `npm start` with what a newcomer does to it, up when this resolves. */
export const startConnect = async ({
  atEnd = onTestFinished as AtEnd,
  folder = newFolder(atEnd),
  more = ['--port', '0'],
} = {}) => {
  const { output, seen, child, ended } = runStart(['--data', folder, ...more], {}, atEnd);
  await seen(/Functions host/);
  const url = /GET +(http:\/\/127\.0\.0\.1:\d+)\/api\/health/.exec(output())?.[1] ?? '';
  const linkOf = (grant: string) => `${url}/api/grants/${grant}/reconnect`;
  return {
    ...{ output, seen, url, folder, link: linkOf(GRANT) },
    /** @returns the link of its alert */
    async breakGrant(grant = GRANT) {
      const breaking = runStart(['--break', `grant/${grant}`, '--data', folder]);
      expect(await breaking.ended).toBe(0);
      await seen(new RegExp(`^alert fires: Grant dead.* grant/${grant} .*${linkOf(grant)}$`, 'm'));
      return linkOf(grant);
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
    /** As a power cut would. */
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
    },
  };
};

/** A partner that refuses the first access token that it is sent, and whatever comes after with it. */
export const startPartner = async () => {
  const seen: string[] = [];
  const server = createServer(({ headers }, response) => {
    seen.push(headers.authorization ?? '');
    response.writeHead(headers.authorization === seen[0] ? 401 : 200).end();
  });
  onTestFinished(() => stop(server));
  return { partner: await listen(server, 0), seen };
};
