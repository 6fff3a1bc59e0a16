import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { app } from '@azure/functions';
import { SignJWT } from 'jose';
import { connectWith } from '../../src/lib/app/app.ts';
import type { SigningKey } from '../../src/lib/callers/ports.ts';
import { tokenRole } from '../../src/lib/callers/rules/roles.ts';
import { createSigningKeys } from '../../src/lib/callers/signingKeys.ts';
import { systemClock } from '../../src/lib/kernel/systemClock.ts';
import { loadFunctionApp } from '../../src/local/functionsHost/functionApp.ts';
import { createFunctionsHost } from '../../src/local/functionsHost/functionsHost.ts';
import { startCapturedTelemetry } from '../fakes/captureTelemetry.ts';
import { fakeConnections } from '../fakes/fakeConnections.ts';
import { realPorts } from '../integration/refresh/realPorts.ts';
import { buildStage } from '../integration/refresh/stage.ts';
import { answer, inputOf } from './childProcess.ts';

/** The token endpoint of one strict grant, and a bare function beside it, in one host. */
export interface TokenHost {
  readonly tokenUrl: string;
  readonly bareUrl: string;
  /** Tokens of callers with the role, each of somebody else: one caller alone is slowed down. */
  readonly callers: readonly string[];
}

const GRANT = 'handed-out';
const ISSUER = 'https://login.example/v2.0';
const { callers: howMany } = inputOf<{ readonly callers: number }>();

const [tenantId, clientId] = [randomUUID(), randomUUID()];
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const signingKey = publicKey.export({ format: 'jwk' }) as SigningKey;
const nowSeconds = Math.floor(systemClock.nowEpochMs() / 1000);
const tokenOf = (): Promise<string> =>
  new SignJWT({
    ...{ iss: ISSUER, aud: clientId, tid: tenantId, ver: '2.0', oid: randomUUID(), azp: randomUUID() },
    ...{ iat: nowSeconds, nbf: nowSeconds, exp: nowSeconds + 3_600, idtyp: 'app', roles: [tokenRole(GRANT)] },
  })
    .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: 'key' })
    .sign(privateKey);

const stage = await buildStage();
const staged = await stage.addGrant(stage.servers.strict, GRANT);
const { vaultUrl, ...setup } = stage.setupOf(staged);
const { telemetry, redactor } = startCapturedTelemetry();
const folder = mkdtempSync(join(tmpdir(), 'keywatch-bench-'));
const configFile = join(folder, 'keywatch.config.json');
const { server } = staged;
writeFileSync(
  configFile,
  JSON.stringify({
    providers: [{ id: server.name, ...server.provider }],
    grants: [
      {
        ...{ id: GRANT, provider: server.name, vault: vaultUrl, secretName: `oauth-${GRANT}` },
        ...{ clientId: server.clientId, clientSecret: { secretName: `oauth-client-${server.name}` } },
        accessTokens: {},
      },
    ],
    callers: { tenantId, clientId },
  }),
);
Object.assign(process.env, {
  KEYWATCH_LOCAL: 'true',
  KEYWATCH_CONFIG_FILE: configFile,
  KEYWATCH_BLOB_SERVICE_URL: 'http://127.0.0.1:1/blobs',
  KEYWATCH_QUEUE_SERVICE_URL: 'http://127.0.0.1:1/queues',
  KEYWATCH_SEALING_KEY_ID: `${vaultUrl}/keys/keywatch-seal`,
});
connectWith(async () => {
  const keySet = { load: async () => ({ ok: true, keys: new Map([['key', signingKey]]) }) as const };
  const { joseSignature } = await import('../../src/lib/callers/entra/joseSignature.ts');
  const provider = {
    ...{ issuer: ISSUER, tenantId, jwksUri: '', authorizationEndpoint: '', tokenEndpoint: '' },
    clientAssertion: async () => '',
  };
  const clock = systemClock;
  const keys = createSigningKeys({ keySet, clock, telemetry });
  const dispatch = { send: async () => ({ ok: true }) as const };
  return fakeConnections({
    ...{ clock, telemetry, secrets: redactor },
    callers: {
      bearer: { provider, keys, signature: joseSignature, clock },
      sessions: undefined,
      signIn: undefined,
    },
    refresh: { ...realPorts({ ...setup, vaultUrl }, telemetry), dispatch },
  });
});

const host = await createFunctionsHost({
  app: await loadFunctionApp(async () => {
    await Promise.all([
      import('../../src/functions/flushTelemetry.ts'),
      import('../../src/functions/grantToken.ts'),
      import('../../src/functions/joinOperation.ts'),
    ]);
    const handler = async () => ({ jsonBody: { access_token: 'a'.repeat(40), expires_in: 3_600 } });
    app.http('bare', { methods: ['POST'], authLevel: 'anonymous', handler });
  }),
  settings: {},
  clock: systemClock,
  log: ({ level, message }) => void (level === 'error' && console.error(message)),
});
const url = await host.listen(0);
process.once('SIGTERM', async () => {
  await host.stop();
  await stage.close();
  rmSync(folder, { recursive: true });
  process.exit();
});
await answer({
  tokenUrl: `${url}/api/grants/${GRANT}/token`,
  bareUrl: `${url}/api/bare`,
  callers: await Promise.all(Array.from({ length: howMany }, tokenOf)),
} satisfies TokenHost);
