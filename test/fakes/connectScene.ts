import { type ConnectRequest, connectWithBrowser } from '../../src/lib/connect/connector.ts';
import { loopbackBrowser } from '../../src/lib/connect/loopback/loopbackBrowser.ts';
import { systemClock } from '../../src/lib/kernel/systemClock.ts';
import type { CodeCall, CodeExchange } from '../../src/lib/oauth/ports.ts';
import type { ProviderProfile } from '../../src/lib/oauth/rules/providerProfile.ts';
import { tokenEndpoint } from '../../src/lib/oauth/tokenEndpoint/tokenEndpoint.ts';
import { createRefresher } from '../../src/lib/refresh/refresher.ts';
import { credentialStore } from './clientCredential.ts';
import { consentingBrowser } from './consentingBrowser.ts';
import { fakeSecretRegister } from './fakeSecretRegister.ts';
import { manualClock } from './manualClock.ts';
import { refreshWorld, START_EPOCH_MS } from './refresh/refreshWorld.ts';
import { portsAtOnce } from './refresh/worldEvents.ts';

/**
 * A strict grant that has no token yet, at a real authorization server, with a real browser attempt on loopback and
 * fake stores. The client is called `client`, its secret `secret-of-the-client`.
 */
export const connectScene = (
  facts: Pick<ProviderProfile, 'tokenEndpoint' | 'authorization'>,
  client: { readonly provider?: string; readonly clientId?: string; readonly clientSecret?: string } = {},
) => {
  const world = refreshWorld({ kind: 'strict' });
  world.vault.versions.length = 0;
  const clock = manualClock(START_EPOCH_MS);
  const { secrets, held, everHeld } = fakeSecretRegister();
  const server = tokenEndpoint({ clock, allowLoopback: true });
  const refresh = { ...portsAtOnce(world, clock), server };
  const profile = { ...world.profile, ...facts };
  const { clientSecret, ...named } = client;
  const grant = { ...world.grant, ...named, scopes: ['api.read'] };
  if (clientSecret !== undefined)
    refresh.clientCredentials = {
      ...credentialStore(),
      readSecret: async () => ({ ok: true, value: clientSecret }),
    };
  const { telemetry } = world;
  const refresher = createRefresher(
    { grants: [{ grant, profile }], isConfiguredName: () => false },
    { clock, telemetry, secrets, refresh },
  );
  const exchanged: CodeCall[] = [];
  const exchange: CodeExchange = {
    async exchangeCode(call) {
      exchanged.push(call);
      return server.exchangeCode(call);
    },
  };
  const ports = {
    telemetry,
    secrets,
    browser: loopbackBrowser({ clock: systemClock, lingerMs: 60_000 }),
    server: exchange,
    refresher,
  };
  const stop = new AbortController();
  const connect = (asked: Partial<ConnectRequest> = {}, other: Partial<typeof ports> = {}) => {
    const link = Promise.withResolvers<string>();
    const done = connectWithBrowser(
      { ...ports, ...other },
      {
        grant,
        profile,
        port: 0,
        replace: false,
        isOtherAccountMeant: false,
        stop: stop.signal,
        show: (given) => link.resolve(given),
        ...asked,
      },
    );
    return { done, link: link.promise };
  };
  const connectAs = async (login: string, asked: Partial<ConnectRequest> = {}) => {
    const { done, link } = connect(asked);
    const page = await consentingBrowser({ login, password: 'any', answer: 'approve' }).open(await link);
    return { page, ...(await done) };
  };
  return { world, grant, profile, refresher, exchange, exchanged, held, everHeld, stop, connect, connectAs };
};
