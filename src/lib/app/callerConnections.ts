import type { CallersPorts } from '../callers/callers.ts';
import type { CodeRedeemer, IdentityProvider, KeySet, TokenSignature } from '../callers/ports.ts';
import { createSessions } from '../callers/sessions.ts';
import type { SignInPorts } from '../callers/signIn.ts';
import { createSigningKeys } from '../callers/signingKeys.ts';
import type { Config } from '../config/config.ts';
import { SIGN_IN_CONTAINER } from './containers.ts';
import { identityProviderOf } from './identityProvider.ts';
import { openedOnUse } from './openedOnUse.ts';
import type { Platform } from './platform.ts';
import { ticketStore } from './recordStores.ts';

type CallersPlatform = Pick<Platform, 'clock' | 'telemetry' | 'identityProvider' | 'refresher' | 'storage'>;

/** What it takes to know callers; absent where nobody may call. */
export const connectCallers = (config: Config, platform: CallersPlatform): CallersPorts | undefined => {
  const provider = identityProviderOf(config, platform);
  if (provider === undefined) return undefined;
  const { clock, telemetry } = platform;
  const { allowLoopback } = config;
  const keySet = openedOnUse<KeySet>({ load: true }, async () => {
    const { httpKeySet } = await import('../callers/entra/httpKeySet.ts');
    return httpKeySet({ url: provider.jwksUri, allowLoopback });
  });
  const signature = openedOnUse<TokenSignature>({ verify: true }, async () => {
    const { joseSignature } = await import('../callers/entra/joseSignature.ts');
    return joseSignature;
  });
  const keys = createSigningKeys({ keySet, clock, telemetry });
  const signIn = connectSignIn(config, platform, provider);
  return { bearer: { provider, keys, signature, clock }, sessions: signIn?.sessions, signIn };
};

/** What it takes to sign in with a browser; absent where there is no store for it. */
const connectSignIn = (
  { blobServiceUrl, callers, allowLoopback }: Config,
  { clock, telemetry, storage }: CallersPlatform,
  provider: IdentityProvider,
): SignInPorts | undefined => {
  if (blobServiceUrl === undefined || callers === undefined) return undefined;
  const tickets = ticketStore(blobServiceUrl, SIGN_IN_CONTAINER, { storage, clock });
  const codes = openedOnUse<CodeRedeemer>({ redeem: true }, async () => {
    const { openIdCodes } = await import('../callers/openId/openIdCodes.ts');
    return openIdCodes({ provider, clientId: callers.clientId, clock, telemetry, allowLoopback });
  });
  return { provider, tickets, codes, clock, telemetry, sessions: createSessions({ tickets, clock }) };
};
