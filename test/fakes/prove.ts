import type { ConfiguredClient } from '../../src/lib/prove/configuredClient.ts';
import type {
  CallAnswer,
  IntrospectionAnswer,
  IssuedToken,
  ProofContext,
  ProofFailure,
} from '../../src/lib/prove/ports.ts';
import { failureOf } from '../../src/lib/prove/proofFailure.ts';
import type { ProverPorts } from '../../src/lib/prove/prover.ts';
import { clientCredential } from './clientCredential.ts';
import { type ManualClock, manualClock } from './manualClock.ts';
import { type RecordingTelemetry, recordingTelemetry } from './recordingTelemetry.ts';

const part = (text: string): string => Buffer.from(text).toString('base64url');

/** A JWT with these claims, signed by nobody. */
export const jwtOf = (claims: string, header = '{"alg":"RS256","typ":"JWT"}'): string =>
  `${part(header)}.${part(claims)}.c2lnbmF0dXJl`;

export const ACCESS_TOKEN = jwtOf('{"iat":1000000,"exp":1003600,"roles":["Orders.Read"]}');

/** A client at Entra ID whose secret is in a vault, with a call. */
export const provenClient = (other: Partial<ConfiguredClient> = {}): ConfiguredClient => ({
  id: 'orders',
  displayName: undefined,
  owner: 'team-orders',
  runbook: undefined,
  targets: undefined,
  subject: {
    kind: 'client',
    client: {
      id: 'orders',
      clientId: '22222222-2222-2222-2222-222222222222',
      issuer: { kind: 'entra', tenantId: 'contoso.example', authorityHost: 'login.example' },
      credential: clientCredential('client_secret_post', { clientSecret: { secretName: 'oauth-orders' } }),
      scopes: ['https://orders.example/.default'],
    },
    expects: { roles: ['Orders.Read'], scopes: undefined, maxTokenMinutes: 1440 },
  },
  call: { url: 'https://orders.example/me' },
  ...other,
});

/** A static key in a header of the call. */
export const provenKey = (): ConfiguredClient =>
  provenClient({
    id: 'weather',
    subject: {
      kind: 'api_key',
      key: {
        secret: {
          kind: 'secret',
          setting: 'apiKey',
          vaultUrl: 'https://kv-clients.vault.azure.net',
          name: 'oauth-weather',
        },
        header: 'x-api-key',
        prefix: '',
      },
    },
  });

export const issued = (accessToken = ACCESS_TOKEN): IssuedToken => ({
  ...{ ok: true, httpStatus: 200, accessToken, tokenType: 'Bearer' },
  ...{ expiresInSeconds: 3600, scope: undefined },
});

export const refusedToken = failureOf('credential_wrong', 'login.example does not know the secret.', {
  ...{ httpStatus: 401, oauthError: 'invalid_client', numbers: [7000215], requestId: 'r-1' },
});

type Requested = Parameters<NonNullable<ProverPorts['prove']>['resource']['call']>[0];

/** What a proof meets outside: each answer may be changed before it is asked for. */
export interface ProofWorld {
  readonly ports: ProverPorts & { readonly prove: NonNullable<ProverPorts['prove']> };
  readonly telemetry: RecordingTelemetry;
  readonly clock: ManualClock;
  /** What the token endpoint answers, once for each request. */
  token: (
    context: ProofContext,
    clientId: string,
  ) => IssuedToken | ProofFailure | Promise<IssuedToken | ProofFailure>;
  /** What the authorization server says of a token. */
  introspect: (token: string) => IntrospectionAnswer;
  /** What the resource answers. */
  answer: (request: Requested) => CallAnswer;
  secret: { value: string; createdEpochMs?: number } | { failure: 'forbidden' };
  readonly calls: Requested[];
  /** Values that are registered as secrets now. */
  readonly held: string[];
}

const answered = (httpStatus: number): CallAnswer => ({ kind: 'answered', httpStatus });

export const SECRET = 'a-client-secret-CANARY';

/** A world in which every proof succeeds: the resource answers 401 to whoever comes without a credential. */
export const proofWorld = (): ProofWorld => {
  const telemetry = recordingTelemetry();
  const clock = manualClock();
  const held: string[] = [];
  const calls: Requested[] = [];
  const flow = {
    request: async ({ clientId }: { clientId: string }, context: ProofContext) => {
      const token = await world.token(context, clientId);
      if (token.ok) context.hold(token.accessToken, 'token');
      return token;
    },
  };
  const world: ProofWorld = {
    ...{ telemetry, clock, held, calls },
    token: () => issued(),
    introspect: () => ({ kind: 'answered', httpStatus: 200, active: true }),
    answer: ({ token, headers }) =>
      answered(token === undefined && headers['x-api-key'] === undefined ? 401 : 200),
    secret: { value: SECRET },
    ports: {
      ...{ clock, telemetry },
      secrets: {
        registerSecret(value) {
          held.push(value);
          return () => void held.splice(held.indexOf(value), 1);
        },
      },
      prove: {
        clientCredentials: {
          async readSecret() {
            if ('value' in world.secret) return { ok: true, ...world.secret };
            const words = { message: 'kv-clients forbids reading.', action: 'Assign the role.' };
            return {
              ...{ ok: false, code: 'client_credential_forbidden', reason: world.secret.failure },
              ...{ retryable: false, mayHaveLanded: false, ...words },
            };
          },
          openSigner: async () => Promise.reject(new Error('no key in this world')),
          identityToken: async () => ({ ok: true, token: 'identity' }),
        },
        flow,
        introspection: { introspect: async ({ token }) => world.introspect(token) },
        resource: {
          async call(request) {
            calls.push(request);
            return world.answer(request);
          },
        },
      },
    },
  };
  return world;
};
