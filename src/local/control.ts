import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { jsonOf } from '../lib/kernel/json.ts';
import { printable } from '../lib/kernel/printable.ts';
import { UsageError } from '../lib/kernel/usageError.ts';
import { replaceFile } from './keyVault/vaultFile.ts';
import { listen, stop } from './listen.ts';

/** Where the process that runs with a data folder can be asked, and by what it knows who may: for this folder's user. */
interface ControlFile {
  readonly url: string;
  readonly token: string;
}

const FILE = 'control.json';
const TIMEOUT_MS = 10_000;

/** @returns what it did, in a sentence. Rejects with UsageError where it cannot. */
export type BreakGrant = (grantId: string) => Promise<string>;

/** Takes orders from other processes of the same user, on loopback, until it is closed. */
export const startControl = async (folder: string, breakGrant: BreakGrant): Promise<() => Promise<void>> => {
  const token = randomBytes(32).toString('base64url');
  const server = createServer((request, response) => {
    answer(request, token, breakGrant).then(
      ({ status, text }) => response.writeHead(status).end(text),
      () => response.destroy(),
    );
  });
  const url = await listen(server, 0);
  const path = join(folder, FILE);
  replaceFile(path, JSON.stringify({ url, token } satisfies ControlFile));
  return async () => {
    rmSync(path, { force: true });
    await stop(server);
  };
};

const answer = async (
  { method, url, headers }: IncomingMessage,
  token: string,
  breakGrant: BreakGrant,
): Promise<{ readonly status: number; readonly text: string }> => {
  if (!isSame(headers.authorization ?? '', `Bearer ${token}`)) return { status: 401, text: '' };
  const [, grantId] = /^\/break\/([^/]+)$/.exec(url ?? '') ?? [];
  if (method !== 'POST' || grantId === undefined) return { status: 404, text: '' };
  try {
    return { status: 200, text: await breakGrant(decodeURIComponent(grantId)) };
  } catch (error) {
    return { status: error instanceof UsageError ? 422 : 500, text: String((error as Error).message) };
  }
};

const isSame = (one: string, other: string): boolean => {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
};

/**
 * Asks the process that runs with the data of a folder to end a grant at its provider.
 * @returns what it did
 * @throws UsageError where none runs, or it cannot
 */
export const askToBreak = async (folder: string, grantId: string): Promise<string> => {
  const { url, token } = readControlFile(folder);
  const nobody = () =>
    new UsageError(
      `--break: no Keywatch runs with the data in ${printable(folder)}; start it in another terminal first (npm start)`,
    );
  if (url === undefined) throw nobody();
  const init = { method: 'POST', headers: { authorization: `Bearer ${token}` } };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(`${url}/break/${encodeURIComponent(grantId)}`, { ...init, signal }).catch(
    () => {
      throw nobody();
    },
  );
  const text = await response.text();
  if (response.ok) return text;
  throw response.status === 422 ? new UsageError(text) : new Error(`it could not be done: ${text}`);
};

const readControlFile = (folder: string): Partial<ControlFile> => {
  try {
    return Object(jsonOf(readFileSync(join(folder, FILE), 'utf8')));
  } catch {
    return {};
  }
};
