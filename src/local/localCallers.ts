import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { IdentityProvider } from '../lib/callers/ports.ts';
import { type IdentityServer, startIdentityServer } from './identityProvider/identityServer.ts';
import { KEYWATCH_CLIENT_ID, programs, SHARED_GRANT } from './seed/people.ts';
import { replaceFile } from './stateFile.ts';

/** Who signs in the people and programs of the company, and what the config file says of them. */
export interface LocalCallers {
  readonly identityProvider: IdentityProvider;
  readonly config: { readonly callers: object };
  /**
   * Writes what each program needs to ask for a token, its secret too, into `programs/NAME.env` for
   * `node --env-file`, readable by the user of this machine alone.
   */
  writePrograms(folder: string, publicUrl: string): void;
  close(): Promise<void>;
}

export const startLocalCallers = async (
  tenantId: string,
  nowEpochMs: () => number,
): Promise<LocalCallers> => {
  const server = await startIdentityServer({ tenantId, nowEpochMs });
  return {
    identityProvider: server,
    config: { callers: { tenantId, clientId: KEYWATCH_CLIENT_ID } },
    writePrograms(folder, publicUrl) {
      const parent = join(folder, 'programs');
      mkdirSync(parent, { recursive: true, mode: 0o700 });
      for (const { name, clientId } of programs)
        replaceFile(join(parent, `${name}.env`), environmentOf(server, clientId, publicUrl));
    },
    close: server.close,
  };
};

const environmentOf = (
  { tokenEndpoint, clientSecrets }: IdentityServer,
  clientId: string,
  publicUrl: string,
): string =>
  Object.entries({
    KEYWATCH_URL: publicUrl,
    KEYWATCH_GRANT: SHARED_GRANT,
    TOKEN_ENDPOINT: tokenEndpoint,
    CLIENT_ID: clientId,
    CLIENT_SECRET: clientSecrets.get(clientId),
    SCOPE: `api://${KEYWATCH_CLIENT_ID}/.default`,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
