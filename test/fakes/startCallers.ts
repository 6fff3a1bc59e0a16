import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type HttpHandler, HttpRequest, type HttpResponseInit } from '@azure/functions';
import { onTestFinished, vi } from 'vitest';
import { connectToAzure, connectWith } from '../../src/lib/app/app.ts';
import { connectCallers } from '../../src/lib/app/callerConnections.ts';
import type { Connections } from '../../src/lib/app/connections.ts';
import type { Sessions } from '../../src/lib/callers/ports.ts';
import { createSessions } from '../../src/lib/callers/sessions.ts';
import { fakeConnections } from './fakeConnections.ts';
import { fakeTicketStore } from './fakeTicketStore.ts';
import { invocation } from './invocation.ts';
import { manualClock } from './manualClock.ts';
import { NOW_EPOCH_MS } from './metadata.ts';
import { recordingTelemetry } from './recordingTelemetry.ts';
import { CLIENT_ID, PERSON, startIdentityProvider, TENANT_ID } from './startIdentityProvider.ts';
import { temporaryFolder } from './temporaryFolder.ts';

export const PUBLIC_URL = 'http://127.0.0.1:7071';

export interface CallersScene {
  /** Further members of `callers` in the config; null: it has no such section. */
  readonly callers?: object | null;
  readonly sessions?: Sessions;
  /** Further sections of the config file, and settings beside it. */
  readonly file?: object;
  readonly settings?: Readonly<Record<string, string>>;
  readonly connections?: Partial<Connections>;
}

/** The application of this process with callers of a tenant on this machine, until the test ends. */
export const startCallers = async ({
  callers = {},
  sessions,
  file: more = {},
  settings = {},
  connections = {},
}: CallersScene = {}) => {
  const clock = manualClock(NOW_EPOCH_MS);
  const telemetry = recordingTelemetry();
  const idp = await startIdentityProvider(clock.nowEpochMs);
  const file = join(temporaryFolder(), 'keywatch.config.json');
  const section =
    callers === null ? {} : { callers: { tenantId: TENANT_ID, clientId: CLIENT_ID, ...callers } };
  writeFileSync(file, JSON.stringify({ ...more, ...section }));
  for (const [name, text] of Object.entries(settings)) vi.stubEnv(name, text);
  vi.stubEnv('KEYWATCH_CONFIG_FILE', file);
  vi.stubEnv('KEYWATCH_LOCAL', 'true');
  vi.stubEnv('KEYWATCH_PUBLIC_URL', PUBLIC_URL);
  const tickets = fakeTicketStore();
  const keeper = createSessions({ tickets, clock });
  const codes = {
    redeem: async () => ({ ok: true, tenantId: TENANT_ID, objectId: PERSON.oid, roles: [] }) as const,
  };
  const signIn = { ...{ provider: idp.provider, tickets, clock, telemetry, codes }, sessions: keeper };
  connectWith(async (config) => {
    const refresher = { getToken: async () => null };
    const platform = { clock, telemetry, refresher, storage: refresher, identityProvider: idp.provider };
    const ports = connectCallers(config, platform);
    return fakeConnections({
      clock,
      telemetry,
      callers: ports && { ...ports, sessions: sessions ?? keeper, signIn },
      ...connections,
    });
  });
  onTestFinished(() => {
    vi.unstubAllEnvs();
    connectWith(connectToAzure);
  });
  /** Calls a function with these headers. */
  const call = async (
    handler: HttpHandler,
    headers: Readonly<Record<string, string>> = {},
    method = 'GET',
    path = '/api/x',
    form: Readonly<Record<string, string>> = {},
  ): Promise<HttpResponseInit> => {
    const body = method === 'GET' ? {} : { body: { string: new URLSearchParams(form).toString() } };
    const request = new HttpRequest({ url: `${PUBLIC_URL}${path}`, method, headers, ...body });
    return (await handler(request, invocation().context)) as HttpResponseInit;
  };
  /** Reasons of the refusals so far. */
  const refusals = () => telemetry.eventsNamed('keywatch.caller.refused').map(({ reason }) => reason);
  return { idp, clock, telemetry, tickets, sessions: keeper, call, refusals };
};

export const bearer = (token: string): { readonly authorization: string } => ({
  authorization: `Bearer ${token}`,
});
