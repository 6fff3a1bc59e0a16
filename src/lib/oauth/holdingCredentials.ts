import type { SecretOrigin } from '../telemetry/redact.ts';
import type { ClientProof } from './clientAuthentication/clientCredential.ts';
import type { ClientCredentialStore } from './ports.ts';

/** Told of a value that must not leave. */
export type HoldSecret = (value: string, origin: SecretOrigin) => void;

/** An answer may hold any word; no token is as short as that. */
const SHORTEST_ANSWERED_TOKEN = 16;

/** Names a token that a server answered with. */
export const holdAnswered = (value: string | undefined, hold: HoldSecret): void => {
  if (value !== undefined && value.length >= SHORTEST_ANSWERED_TOKEN) hold(value, 'token');
};

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

const PUBLIC_PARAMETERS = new Set(['client_id', 'client_assertion_type']);

/** Names what a client proves itself with in one request: also a signed assertion, which no store handed over. */
export const holdProof = ({ headers = {}, parameters = {} }: ClientProof, hold: HoldSecret): void => {
  for (const value of Object.values(headers)) hold(value, 'secret');
  for (const [name, value] of Object.entries(parameters))
    if (!PUBLIC_PARAMETERS.has(name)) hold(value, 'secret');
};
