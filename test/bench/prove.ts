import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../../src/lib/kernel/clock.ts';
import { systemClock } from '../../src/lib/kernel/systemClock.ts';
import { entraFlow } from '../../src/lib/prove/entra/entraFlow.ts';
import type { ClientCredentialsFlow, TokenIssuer } from '../../src/lib/prove/ports.ts';
import { createProver, type ProverPorts } from '../../src/lib/prove/prover.ts';
import type { SecretRegister } from '../../src/lib/telemetry/secretRegister.ts';
import type { Telemetry } from '../../src/lib/telemetry/telemetry.ts';
import { startCapturedTelemetry } from '../fakes/captureTelemetry.ts';
import { clientCredential } from '../fakes/clientCredential.ts';
import { issued, provenClient } from '../fakes/prove.ts';
import { recordingTelemetry } from '../fakes/recordingTelemetry.ts';
import { START_EPOCH_MS } from '../fakes/refresh/refreshWorld.ts';
import { costOf } from './cost.ts';
import type { EntraThread } from './entraThread.ts';
import { type Report, ratioFigure } from './figures.ts';
import { virtualTime } from './virtualTime.ts';

const CLIENTS = 1_000;
/** As `prover.ts` has it; what latency allows is reckoned with it. */
const AT_A_TIME = 16;
const VAULT_MS = 20;
const TOKEN_MS = 150;
const CALL_MS = 50;
/** What it takes until telemetry has left, before what was registered is forgotten. */
const FLUSH_MS = 100;

const secretOf = (index: number): string => `bench-secret-of-client-${index}-8Q~zVb7rPq1mXw9sKdTfGh`;

type ProofPorts = NonNullable<ProverPorts['prove']>;

interface Fleet {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly secrets: SecretRegister;
  readonly issuer: Extract<TokenIssuer, { kind: 'entra' }>;
  readonly clientIds: readonly string[];
  /** Asked after the wait for the token endpoint. */
  readonly flow: (store: ProofPorts['clientCredentials']) => ClientCredentialsFlow;
}

/** One run of the proof timer, with the waiting for vault, token endpoint and resource put in. */
const proveFleet = async ({ clock, telemetry, secrets, issuer, clientIds, flow }: Fleet): Promise<void> => {
  const clients = clientIds.map((clientId, index) => {
    const id = `client-${index}`;
    const credential = clientCredential('client_secret_post', { clientSecret: { secretName: `${index}` } });
    const client = { id, clientId, issuer, credential, scopes: ['https://api.example/.default'] };
    const expects = { roles: ['Orders.Read'], scopes: undefined, maxTokenMinutes: 1440 };
    return provenClient({ id, subject: { kind: 'client', client, expects } });
  });
  const clientCredentials: ProofPorts['clientCredentials'] = {
    async readSecret({ name }) {
      await clock.sleep(VAULT_MS);
      return { ok: true, value: secretOf(Number(name)) };
    },
    openSigner: async () => Promise.reject(new Error('no client signs')),
    identityToken: async () => Promise.reject(new Error('no client is federated')),
  };
  const asked = flow(clientCredentials);
  const prove: ProofPorts = {
    clientCredentials,
    flow: {
      async request(...given) {
        await clock.sleep(TOKEN_MS);
        return asked.request(...given);
      },
    },
    introspection: { introspect: async () => Promise.reject(new Error('there is no grant')) },
    resource: {
      async call() {
        await clock.sleep(CALL_MS);
        return { kind: 'answered', httpStatus: 200 };
      },
    },
  };
  const settings = { dailyReportHourUtc: 0, vaultName: () => 'kv-bench', isConfiguredName: () => false };
  const prover = createProver({ clients, ...settings }, { clock, telemetry, secrets, prove });
  // Not the daily run: that makes one call more for each.
  const { proven } = await prover.proveAll(clock.nowEpochMs());
  if (proven !== clients.length) throw new Error(`${clients.length - proven} clients were not proven`);
};

const NO_REGISTER: SecretRegister = { registerSecret: () => () => undefined };

/** In a time in which only the waiting takes any: what the order of the work costs, on any machine. */
const waitedMs = async (): Promise<number> => {
  const time = virtualTime();
  const recording = recordingTelemetry();
  const telemetry: Telemetry = {
    ...recording,
    async flush() {
      await time.sleep(FLUSH_MS);
      return { finished: true, undeliveredBatches: 0 };
    },
  };
  return time.take(() =>
    proveFleet({
      clock: { ...time, nowEpochMs: () => START_EPOCH_MS },
      ...{ telemetry, secrets: NO_REGISTER },
      issuer: { kind: 'entra', tenantId: 'contoso.example', authorityHost: 'login.example' },
      clientIds: Array.from({ length: CLIENTS }, (_, index) => `${index}`),
      flow: () => ({ request: async () => issued() }),
    }),
  );
};

/**
 * A run of the proof timer over clients of one tenant: in virtual time, and with real MSAL over TLS, a connection
 * each, and the real telemetry SDK and redactor; the token endpoint has a thread of its own.
 */
export const measureProofs = async (note: (line: string) => void): Promise<Report> => {
  const boundMs = Math.ceil(CLIENTS / AT_A_TIME) * (VAULT_MS + TOKEN_MS + CALL_MS);
  const waited = await waitedMs();
  const secrets = Array.from({ length: CLIENTS }, (_, index) => secretOf(index));
  const thread = new Worker(new URL('./entraThread.ts', import.meta.url), { workerData: secrets });
  const [{ tenantId, authorityHost, ca, appIds }] = (await once(thread, 'message')) as [EntraThread];
  const { telemetry, redactor } = startCapturedTelemetry();
  const { wallMs, cpuMs } = await costOf(() =>
    proveFleet({
      ...{ clock: systemClock, telemetry, secrets: redactor, clientIds: appIds },
      issuer: { kind: 'entra', tenantId, authorityHost },
      flow: (store) => entraFlow({ store, clock: systemClock, telemetry, ca }),
    }),
  );
  await telemetry.close(5_000);
  await thread.terminate();
  note(`${Math.round(wallMs)} ms, in virtual time ${waited} ms, bound ${boundMs} ms`);
  const eachMs = VAULT_MS + TOKEN_MS + CALL_MS;
  return {
    title: `Proof of ${CLIENTS.toLocaleString('en')} clients, ${AT_A_TIME} at a time`,
    figures: [
      ratioFigure(
        `time with waiting alone / latency bound (${eachMs} ms a proof in sequence)`,
        waited / boundMs,
        1.2,
      ),
      ratioFigure('wall, with real MSAL over TLS / latency bound', wallMs / boundMs),
      {
        what: 'CPU a proof, both ends of its TLS connection and the signing of its token among it',
        value: `${(cpuMs / CLIENTS).toFixed(2)} ms`,
      },
    ],
  };
};
