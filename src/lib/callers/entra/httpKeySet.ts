import { codeBehind } from '../../kernel/errorCode.ts';
import type { Failure } from '../../kernel/failure.ts';
import { isRecord } from '../../kernel/isRecord.ts';
import { jsonObjectOf } from '../../kernel/json.ts';
import { isLoopback } from '../../kernel/vaultUrl.ts';
import type { KeySet, SigningKey } from '../ports.ts';

const TIMEOUT_MS = 5_000;
/** Entra ID publishes about ten keys with their certificates, in 20 kB. */
const MOST_BYTES = 256 * 1024;

export interface HttpKeySetOptions {
  /** Of the config's tenant, or of local mode: never of a token. */
  readonly url: string;
  /** Whether a server of this machine will do, over http. */
  readonly allowLoopback: boolean;
}

/** The key set at an address of the identity provider, by one GET that follows no redirect. */
export const httpKeySet = ({ url, allowLoopback }: HttpKeySetOptions): KeySet => ({
  async load() {
    const isAllowed = new URL(url).protocol === 'https:' || (allowLoopback && isLoopback(url));
    if (!isAllowed) return unavailable(url, 'that is not https');
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const response = await fetch(url, {
        redirect: 'error',
        headers: { accept: 'application/json' },
        signal,
      });
      if (response.status !== 200) {
        await response.body?.cancel();
        return unavailable(url, `it answers ${response.status}`);
      }
      const text = await boundedText(response);
      if (text === undefined) return unavailable(url, 'its answer is larger than 256 kB');
      const keys = keysIn(text);
      return keys.size === 0 ? unavailable(url, 'its answer has no RSA key') : { ok: true, keys };
    } catch (error) {
      return unavailable(url, whyNoAnswer(error), error);
    }
  },
});

/** What fetch throws names the trouble in its cause. */
const whyNoAnswer = (error: unknown): string => {
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'no answer in time';
  return `no answer${codeBehind(error instanceof Error ? error.cause : undefined)}`;
};

const boundedText = async ({ body }: Response): Promise<string | undefined> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    // Leaving the loop ends the transfer.
    if (size > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

/** What signs; a key for encryption, of another kind or without a name is passed over. */
const keysIn = (text: string): ReadonlyMap<string, SigningKey> => {
  const members = jsonObjectOf(text)?.['keys'];
  const keys = (Array.isArray(members) ? members : []).filter(isRecord).flatMap(({ kty, use, kid, n, e }) => {
    if (kty !== 'RSA' || (use !== undefined && use !== 'sig')) return [];
    if (typeof kid !== 'string' || typeof n !== 'string' || typeof e !== 'string') return [];
    return [[kid, Object.freeze({ kty, n, e })] as const];
  });
  return new Map(keys);
};

const unavailable = (url: string, why: string, cause?: unknown): Failure => ({
  ok: false,
  code: 'signing_keys_unavailable',
  retryable: true,
  message: `the signing keys at ${url} could not be read: ${why}.`,
  action:
    'Wait: the keys that are held go on. Where it lasts nobody is let in with a newer one: see whether the app reaches that host.',
  cause,
});
