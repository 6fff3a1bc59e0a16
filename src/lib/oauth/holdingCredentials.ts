import type { SecretOrigin } from '../telemetry/redact.ts';
import type { ClientCredentialStore } from './ports.ts';

/** Told of a value that must not leave. */
export type HoldSecret = (value: string, origin: SecretOrigin) => void;

/** A store that names every secret value that it hands over. */
export const holdingCredentials = (
  store: ClientCredentialStore,
  hold: HoldSecret,
): ClientCredentialStore => ({
  ...store,
  async readSecret(secret) {
    const read = await store.readSecret(secret);
    if (read.ok) hold(read.value, 'secret');
    return read;
  },
  async identityToken(audience) {
    const given = await store.identityToken(audience);
    if (given.ok) hold(given.token, 'token');
    return given;
  },
});
