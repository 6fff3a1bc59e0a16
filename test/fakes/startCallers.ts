import type { HttpHandler } from '@azure/functions';
import type { Connections } from '../../src/lib/app/connections.ts';
import type { Sessions } from '../../src/lib/callers/ports.ts';
import { createSessions } from '../../src/lib/callers/sessions.ts';
import { askFunction } from './askFunction.ts';
import { CALLERS, composeCallers, PUBLIC_URL } from './composeCallers.ts';
import { fakeTicketStore } from './fakeTicketStore.ts';
import { manualClock } from './manualClock.ts';
import { NOW_EPOCH_MS } from './metadata.ts';
import { recordingTelemetry } from './recordingTelemetry.ts';
import { PERSON, TENANT_ID } from './startIdentityProvider.ts';

export interface CallersScene {
  /** Further members of `callers` in the config; null: it has no such section. */
  readonly callers?: object | null;
  readonly sessions?: Sessions;
  /** Further sections of the config file, and settings beside it. */
  readonly file?: object;
  readonly settings?: Readonly<Record<string, string>>;
  readonly connections?: Partial<Omit<Connections, 'callers'>>;
}

/** The application of this process with callers of a tenant on this machine, until the test ends. */
export const startCallers = async ({
  callers = {},
  sessions,
  file = {},
  settings = {},
  connections = {},
}: CallersScene = {}) => {
  const clock = manualClock(NOW_EPOCH_MS);
  const telemetry = recordingTelemetry();
  const { idp, compose } = await composeCallers({ clock, telemetry }, settings);
  const tickets = fakeTicketStore();
  const keeper = createSessions({ tickets, clock });
  const codes = {
    redeem: async () => ({ ok: true, tenantId: TENANT_ID, objectId: PERSON.oid, roles: [] }) as const,
  };
  const signIn = { ...{ provider: idp.provider, tickets, clock, telemetry, codes }, sessions: keeper };
  const section = callers === null ? {} : { callers: { ...CALLERS, ...callers } };
  compose({
    file: { ...file, ...section },
    callers: { sessions: sessions ?? keeper, signIn },
    ...connections,
  });
  /** Calls a function with these headers. */
  const call = (
    handler: HttpHandler,
    headers: Readonly<Record<string, string>> = {},
    method = 'GET',
    path = '/api/x',
    form: Readonly<Record<string, string>> = {},
  ) =>
    askFunction(handler, `${PUBLIC_URL}${path}`, {
      ...{ method, headers, body: new URLSearchParams(form).toString() },
    });
  /** Reasons of the refusals so far. */
  const refusals = () => telemetry.eventsNamed('keywatch.caller.refused').map(({ reason }) => reason);
  return { idp, clock, telemetry, tickets, sessions: keeper, call, refusals };
};

export const bearer = (token: string): { readonly authorization: string } => ({
  authorization: `Bearer ${token}`,
});
