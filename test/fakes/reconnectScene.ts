import type { HttpHandler } from '@azure/functions';
import {
  reconnectCallback,
  reconnectConfirm,
  reconnectPage,
  reconnectStart,
} from '../../src/functions/reconnect.ts';
import { createSessions, SESSION_COOKIE } from '../../src/lib/callers/sessions.ts';
import type { CodeCall } from '../../src/lib/oauth/ports.ts';
import type { ProviderSettings } from '../../src/lib/oauth/presets/providerSettings.ts';
import { tokenEndpoint } from '../../src/lib/oauth/tokenEndpoint/tokenEndpoint.ts';
import { ROUTES } from '../../src/lib/web/rules/routes.ts';
import { askFunction } from './askFunction.ts';
import { CALLERS, composeCallers, PUBLIC_URL } from './composeCallers.ts';
import { REFRESH_SETTINGS } from './config.ts';
import { consentingBrowser } from './consentingBrowser.ts';
import { fakeSecretRegister } from './fakeSecretRegister.ts';
import { fakeTicketStore } from './fakeTicketStore.ts';
import { manualClock } from './manualClock.ts';
import type { PortCall } from './refresh/fakeControlStore.ts';
import { refreshWorld, START_EPOCH_MS, worldPorts } from './refresh/refreshWorld.ts';
import { TENANT_ID } from './startIdentityProvider.ts';

export const PAGE = `${PUBLIC_URL}/api/grants/crm/reconnect`;
const ANA = '44444444-4444-4444-8444-444444444444';

/** The path of a route as the host matches it. */
const pathsOf = (route: keyof typeof ROUTES): RegExp =>
  new RegExp(`^/api/${ROUTES[route].path.replace(/\{(\w+)\}/, '(?<$1>[^/]+)')}$`);

const FUNCTIONS: readonly (readonly [method: string, path: RegExp, handler: HttpHandler])[] = [
  ['GET', pathsOf('reconnect'), reconnectPage],
  ['POST', pathsOf('reconnect'), reconnectStart],
  ['GET', pathsOf('reconnectCallback'), reconnectCallback],
  ['POST', pathsOf('reconnectConfirm'), reconnectConfirm],
];

/**
 * The application of this process, until the test ends, with one strict grant `crm` that has no token yet, at a real
 * authorization server, and browsers that call its functions. Ports but the server are in memory and go through `call`.
 */
export const reconnectScene = async (
  provider: ProviderSettings,
  call: PortCall = async (_name, effect) => effect(),
) => {
  const world = refreshWorld({ kind: 'strict' });
  world.vault.versions.length = 0;
  const clock = manualClock(START_EPOCH_MS);
  const { telemetry } = world;
  const tickets = fakeTicketStore();
  const sessions = createSessions({ tickets: fakeTicketStore(), clock });
  const { secrets, held, everHeld } = fakeSecretRegister();
  const endpoint = tokenEndpoint({ clock, allowLoopback: true });
  const exchanged: CodeCall[] = [];
  /** What the token endpoint is to be, until it is changed. */
  const server = {
    async exchangeCode(given: CodeCall) {
      exchanged.push(given);
      return endpoint.exchangeCode(given);
    },
  };
  const consents = {
    server: {
      exchangeCode: async (given: CodeCall) => await await call('exchange', () => server.exchangeCode(given)),
    },
    tickets: {
      ...tickets,
      put: async (...given: Parameters<typeof tickets.put>) =>
        await await call('tickets.put', () => tickets.put(...given)),
      take: async (...given: Parameters<typeof tickets.take>) =>
        await await call('tickets.take', () => tickets.take(...given)),
    },
  };
  const refresh = { ...worldPorts(world, call, clock), server: endpoint };
  const { compose: composeWith } = await composeCallers({ clock, telemetry }, REFRESH_SETTINGS);
  const configOf = (more: object = {}) => ({
    callers: CALLERS,
    providers: [{ id: 'strict', ...provider }],
    grants: [
      {
        id: 'crm',
        provider: 'strict',
        vault: 'https://kv-a.vault.azure.net',
        secretName: 'crm-token',
        clientId: 'client',
        clientSecret: { secretName: 'crm-client' },
        scopes: ['api.read'],
        owner: 'crm-team',
        ...more,
      },
    ],
  });
  /** Begins the process anew, with members of the grant changed in its config. */
  const compose = (more: object = {}): void =>
    composeWith({ file: configOf(more), callers: { sessions }, secrets, refresh, consents });
  compose();

  /** One request as the host hands it on. */
  const request = async (
    url: string,
    { method = 'GET', headers = {}, body }: RequestInit,
  ): Promise<Response> => {
    const { pathname, href } = new URL(url);
    for (const [verb, path, handler] of FUNCTIONS) {
      const params = path.exec(pathname)?.groups;
      if (verb !== method || !path.test(pathname)) continue;
      const text = body === undefined || body === null ? undefined : String(body);
      const answer = await askFunction(handler, href, {
        ...{ method, params: { ...params }, body: text },
        headers: {
          ...(headers as Record<string, string>),
          ...(text && { 'content-length': String(text.length) }),
        },
      });
      const answered = new Headers(answer.headers as Record<string, string>);
      for (const { name, value, maxAge } of answer.cookies ?? [])
        answered.append('set-cookie', `${name}=${value}${maxAge === undefined ? '' : `; Max-Age=${maxAge}`}`);
      return new Response(String(answer.body ?? JSON.stringify(answer.jsonBody)), {
        status: answer.status ?? 200,
        headers: answered,
      });
    }
    return new Response('no such function', { status: 404 });
  };

  /** A browser in which somebody is signed in to Keywatch, and as `login` at the provider; they mean what they do. */
  const browserOf = async (login: string, { objectId = ANA, roles = ['Keywatch.Reconnect'] } = {}) => {
    const session = await sessions.begin({ tenantId: TENANT_ID, objectId, roles });
    if (!session.ok) throw new Error('no session');
    const browser = consentingBrowser(
      { login, password: 'any', answer: 'approve', meant: 'yes' },
      (url, init) => (url.startsWith(PUBLIC_URL) ? request(url, init) : fetch(url, init)),
      clock.nowEpochMs,
    );
    browser.setCookie(PUBLIC_URL, SESSION_COOKIE, session.handle);
    return browser;
  };

  return {
    ...{ world, clock, tickets, telemetry, server, exchanged, held, everHeld, compose, request, browserOf },
    latest: () => world.vault.versions.at(-1),
    connected: () => telemetry.eventsNamed('keywatch.grant.connected'),
  };
};
