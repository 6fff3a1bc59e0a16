import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { DAY_MS } from '../../src/lib/kernel/time.ts';
import { entraFlow } from '../../src/lib/prove/entra/entraFlow.ts';
import type { FlowOptions } from '../../src/lib/prove/http/tokenPost.ts';
import type { ProvedClient } from '../../src/lib/prove/ports.ts';
import { type EntraTokenServer, startEntraTokenServer } from '../../src/local/entra/entraTokenServer.ts';
import {
  addApplication,
  addSecret,
  entraTenant,
  type TenantApplication,
} from '../../src/local/entra/tenant.ts';
import { manualClock } from './manualClock.ts';
import { CANARY, flowWorld, provedClient, shownOf } from './provedClient.ts';

/** A token endpoint of Entra ID for the tests of a file, and before each of them a fresh application whose secret is the canary. */
export const startedEntra = () => {
  const clock = manualClock();
  const world = { clock, tenant: entraTenant(clock.nowEpochMs) } as {
    readonly clock: typeof clock;
    readonly tenant: ReturnType<typeof entraTenant>;
    server: EntraTokenServer;
    application: TenantApplication;
    /** Of its secret. */
    keyId: string;
  };
  beforeAll(async () => {
    world.server = await startEntraTokenServer(world.tenant);
  });
  afterAll(() => world.server.close());
  beforeEach(() => {
    world.application = addApplication(world.tenant, { displayName: 'CRM', roles: ['Orders.Read'] });
    const endEpochMs = clock.nowEpochMs() + DAY_MS;
    world.keyId = addSecret(world.tenant, world.application, { value: CANARY, endEpochMs }).keyId;
  });

  const prove = async (
    change: Partial<ProvedClient> = {},
    options: Partial<FlowOptions> = {},
    claims?: string,
  ) => {
    const { server, tenant, application } = world;
    const flow = flowWorld({ clock, ca: server.ca, ...options });
    const client = provedClient({
      clientId: application.appId,
      issuer: { kind: 'entra', tenantId: tenant.tenantId, authorityHost: server.authorityHost },
      ...change,
    });
    const result = await entraFlow(flow.options).request(client, { ...flow.context(), claims });
    return { result, ...flow };
  };

  /** The failure, in which nothing of the secret is. */
  const refusedWith = async (change: Partial<ProvedClient> = {}, options: Partial<FlowOptions> = {}) => {
    const { result } = await prove(change, options);
    if (result.ok) throw new Error('a token was issued');
    expect(shownOf(result)).not.toContain(CANARY);
    return result;
  };
  return { world, prove, refusedWith };
};
