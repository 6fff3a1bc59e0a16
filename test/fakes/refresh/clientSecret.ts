import { storeFailure } from '../../../src/lib/kernel/storeFailure.ts';
import { type RefreshWorld, worldNow } from './refreshWorld.ts';
import { refusal } from './worldEvents.ts';

const RIGHT = 'the-right-secret';

/** The client's secret in the vault of a world, whose provider knows one value of it. */
export interface ClientSecret {
  /** Somebody writes a new version. */
  write(value: 'right' | 'wrong'): void;
  /** The vault has none. */
  remove(): void;
  /** Requests that were refused for the client. */
  refused: number;
}

/** @param isDated whether the vault says when a version was made */
export const clientSecretOf = (world: RefreshWorld, isDated = true): ClientSecret => {
  let version: { value: string; createdEpochMs: number | undefined } | undefined;
  const before = world.sabotage;
  const client: ClientSecret = {
    write(value) {
      const createdEpochMs = isDated ? Math.floor(worldNow(world) / 1000) * 1000 : undefined;
      version = { value: value === 'right' ? RIGHT : `wrong-${createdEpochMs}`, createdEpochMs };
    },
    remove() {
      version = undefined;
    },
    refused: 0,
  };
  client.write('right');
  world.sabotage = (given) => {
    const ports = before(given);
    return {
      ...ports,
      clientCredentials: {
        ...ports.clientCredentials,
        async readSecret(secret) {
          await ports.clientCredentials.readSecret(secret);
          return version === undefined
            ? storeFailure('client_credential', 'not_found', { message: 'There is no such secret.' })
            : { ok: true, ...version };
        },
      },
      server: {
        async refresh(call) {
          if (version?.value === RIGHT) return ports.server.refresh(call);
          client.refused++;
          return refusal({ oauthError: 'invalid_client', httpStatus: 401, class: 'client' });
        },
      },
    };
  };
  return client;
};
