import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../src/lib/kernel/systemClock.ts';
import { startEntraTokenServer } from '../../src/local/entra/entraTokenServer.ts';
import { addApplication, addSecret, entraTenant } from '../../src/local/entra/tenant.ts';

/** What the thread says once its token endpoint listens. */
export interface EntraThread {
  readonly tenantId: string;
  readonly authorityHost: string;
  readonly ca: string;
  /** Client ids, one for each secret. */
  readonly appIds: readonly string[];
}

// A token endpoint with an application for each secret: its half of the cryptography is not the prover's.
const tenant = entraTenant(systemClock.nowEpochMs);
const endEpochMs = systemClock.nowEpochMs() + 86_400_000;
const appIds = (workerData as readonly string[]).map((value, index) => {
  const application = addApplication(tenant, { displayName: `app ${index}`, roles: ['Orders.Read'] });
  addSecret(tenant, application, { value, endEpochMs });
  return application.appId;
});
const { authorityHost, ca } = await startEntraTokenServer(tenant);
const started: EntraThread = { tenantId: tenant.tenantId, authorityHost, ca, appIds };
parentPort?.postMessage(started);
