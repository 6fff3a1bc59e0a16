import { UsageError } from '../lib/kernel/usageError.ts';
import type { Company } from './company.ts';

/** What `az keyvault secret set` and `set-attributes` are told. */
export interface SecretWrite {
  readonly vault: string;
  readonly name: string;
  /** Absent: the newest version keeps its own, and only what else is given here changes. */
  readonly value?: string | undefined;
  readonly expiresOnEpochMs?: number | undefined;
  /** All of them: a new version takes over none. Absent: none, or those of the version that is changed. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly enabled?: boolean | undefined;
}

const API_VERSION = '7.6';

/**
 * Writes a new version of a secret, or changes the newest one, as who owns the vaults of the company.
 * @throws UsageError where there is no such vault or secret, or the vault takes it not
 */
export const writeSecret = async (
  { vaults, tokens }: Pick<Company, 'vaults' | 'tokens'>,
  { vault, name, value, expiresOnEpochMs, tags, enabled }: SecretWrite,
): Promise<void> => {
  const found = vaults.find((one) => one.name === vault);
  if (found === undefined)
    throw new UsageError(`--vault: there are ${vaults.map((one) => one.name).join(', ')}`);
  const call = async (method: string, path: string, body?: object): Promise<{ id?: string }> => {
    const response = await fetch(`${found.url}/secrets/${path}?api-version=${API_VERSION}`, {
      method,
      headers: { authorization: `Bearer ${tokens.owner}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as { id?: string; error?: { message?: string } };
    if (response.ok) return answer;
    throw new UsageError(`The vault answers ${response.status}: ${answer.error?.message ?? 'nothing'}`);
  };
  const attributes = {
    ...(expiresOnEpochMs !== undefined && { exp: Math.floor(expiresOnEpochMs / 1000) }),
    ...(enabled !== undefined && { enabled }),
  };
  const told = { attributes, ...(tags && { tags }) };
  const path = encodeURIComponent(name);
  if (value !== undefined) return void (await call('PUT', path, { value, ...told }));
  const { id = '' } = await call('GET', path);
  await call('PATCH', `${path}/${id.split('/').at(-1)}`, told);
};
