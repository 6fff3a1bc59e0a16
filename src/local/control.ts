import { createHmac } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { newHandle } from '../lib/kernel/handle.ts';
import { jsonOf } from '../lib/kernel/json.ts';
import { printable } from '../lib/kernel/printable.ts';
import { isSameText } from '../lib/kernel/sameText.ts';
import { UsageError } from '../lib/kernel/usageError.ts';
import { isLoopback } from '../lib/kernel/vaultUrl.ts';
import { listen, stop } from './listen.ts';
import { requestBody } from './requestBody.ts';
import { replaceFile } from './stateFile.ts';

/** Where the process that runs with a data folder can be asked, and by what both know each other: for this folder's user. */
interface ControlFile {
  readonly url: string;
  readonly token: string;
}

const FILE = 'control.json';
const NONCE = 'keywatch-nonce';
const PROOF = 'keywatch-proof';
const TIMEOUT_MS = 60_000;
const MOST_BODY_BYTES = 16 * 1024 * 1024;

/**
 * What other processes of the same user may ask of the one that runs, by name. Each gets the text that comes with it
 * and gives an answer that JSON can hold. Rejects with UsageError where whoever asks is at fault.
 */
export type Orders = Readonly<Record<string, (argument: string) => unknown>>;

/** What only those can say who read the token: a process that was killed leaves its port to whoever comes next. */
const proofOf = ({ token = '' }: Partial<ControlFile>, ...said: readonly string[]): string =>
  createHmac('sha256', token).update(JSON.stringify(said)).digest('base64url');

/** Takes orders from other processes of the same user, on loopback, until it is closed. */
export const startControl = async (folder: string, orders: Orders): Promise<() => Promise<void>> => {
  const token = newHandle();
  const server = createServer((request, response) => {
    const nonce = String(request.headers[NONCE]);
    const isAsked = isSameText(String(request.headers[PROOF]), proofOf({ token }, nonce, request.url ?? ''));
    if (!isAsked) return void response.writeHead(401).end();
    answer(request, orders).then(
      ({ status, text }) =>
        response.writeHead(status, { [PROOF]: proofOf({ token }, nonce, text) }).end(text),
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
  request: IncomingMessage,
  orders: Orders,
): Promise<{ readonly status: number; readonly text: string }> => {
  const name = request.url?.slice(1) ?? '';
  const order = Object.hasOwn(orders, name) ? orders[name] : undefined;
  if (request.method !== 'POST' || order === undefined) return { status: 404, text: name };
  try {
    const body = await requestBody(request, MOST_BODY_BYTES);
    return { status: 200, text: JSON.stringify(await order(String(body ?? ''))) };
  } catch (error) {
    return { status: error instanceof UsageError ? 422 : 500, text: String((error as Error).message) };
  }
};

/**
 * Asks the process that runs with the data of a folder.
 * @returns what it answers
 * @throws UsageError where none runs, or whoever asks is at fault
 */
export const ask = async (folder: string, order: string, argument = ''): Promise<unknown> => {
  const control = readControlFile(folder);
  const { url } = control;
  const nobody = () =>
    new UsageError(
      `No Keywatch runs with the data in ${printable(folder)}; start it in another terminal first (npm start)`,
    );
  if (url === undefined || !URL.canParse(url) || !isLoopback(url)) throw nobody();
  const nonce = newHandle();
  const headers = { [NONCE]: nonce, [PROOF]: proofOf(control, nonce, `/${order}`) };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const asked = { method: 'POST', headers, body: argument, signal };
  const response = await fetch(`${url}/${order}`, asked).catch(() => {
    throw nobody();
  });
  const text = await response.text();
  if (!isSameText(response.headers.get(PROOF) ?? '', proofOf(control, nonce, text))) throw nobody();
  if (response.ok) return JSON.parse(text);
  if (response.status === 404)
    throw new UsageError(`What runs with the data in ${printable(folder)} takes no order "${order}"`);
  throw response.status === 422 ? new UsageError(text) : new Error(`it could not be done: ${text}`);
};

const readControlFile = (folder: string): Partial<ControlFile> => {
  try {
    return Object(jsonOf(readFileSync(join(folder, FILE), 'utf8')));
  } catch {
    return {};
  }
};
